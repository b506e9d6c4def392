// What a simulation testifies to: states that were asked about outlive the ring, and a new question the room of the old.
import { expect, it } from "vitest";
import { HashChain } from "../../src/session/evidence/hash-chain.js";
import { LASTING_SLOTS, Witness } from "../../src/session/evidence/witness.js";
import { FinalInputs } from "../../src/session/inputs/final-inputs.js";
import { Timeline } from "../../src/session/timeline/timeline.js";
import { blank } from "../../src/wire/messages.js";
import { testGame } from "../games.js";
import { configOf } from "./party.js";

it("keeps the states it was asked about last, whatever it was asked about before", async () => {
  const game = await testGame("scramble");
  const simulation = await game.simulation({ slots: 64 });
  const config = configOf(game);
  simulation.reset(config);
  const inputs = new FinalInputs({ seats: 2, cellBytes: simulation.cellBytes, inputDelay: 0 });
  const chain = new HashChain(simulation, inputs);
  const onSettled = (frame: number): void => chain.link(frame);
  const timeline = new Timeline({ simulation, inputs, predictionWindow: 0, onSettled });
  const witness = new Witness({ simulation, config, timeline, chain, agreedEnd: () => 0 });
  const playTo = (end: number): void => {
    for (; timeline.frame < end; timeline.advance()) {
      for (const seat of [0, 1]) inputs.push(seat, Uint8Array.of(timeline.frame & 31), 0, 1);
    }
  };
  const hashes = blank("hashes");
  playTo(60);
  witness.hashes(0, 60, hashes);
  expect([hashes.begin, hashes.states.count]).toEqual([0, 60]);
  playTo(120);
  const state = simulation.copy(100 % simulation.slots);
  witness.hashes(70, 110, hashes);
  expect([hashes.begin, hashes.states.count]).toEqual([70, 40]);
  playTo(300);
  expect(witness.pin(100)).toEqual(state);
  expect(witness.pin(10)).toBeUndefined();
});

it.each(["scramble", "bulk", "vast"] as const)(
  "%s's ring outlasts the way to a desync at 300 ms that loses one in twenty",
  async (name) => {
    expect((await (await testGame(name)).simulation()).slots).toBeGreaterThanOrEqual(LASTING_SLOTS);
  },
);
