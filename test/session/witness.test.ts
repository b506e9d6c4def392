// What a simulation testifies to: states that were asked about outlive the ring, and a new question the room of the old.
import { expect, it } from "vitest";
import { HashChain } from "../../src/session/evidence/hash-chain.js";
import { LASTING_SLOTS, Witness } from "../../src/session/evidence/witness.js";
import { FinalInputs } from "../../src/session/inputs/final-inputs.js";
import { type Fault, Timeline } from "../../src/session/timeline/timeline.js";
import type { Simulation } from "../../src/simulation/simulation.js";
import { blank } from "../../src/wire/messages.js";
import { testGame } from "../games.js";
import { configOf } from "./party.js";

/** A witness of a match of two, and how the match goes on. */
async function witnessOf(
  fault?: Fault,
): Promise<{ witness: Witness; simulation: Simulation; playTo: (end: number) => void }> {
  const game = await testGame("scramble");
  const simulation = await game.simulation({ slots: 64 });
  const config = configOf(game);
  simulation.reset(config);
  const inputs = new FinalInputs({ seats: 2, cellBytes: simulation.cellBytes, inputDelay: 0 });
  const chain = new HashChain(simulation, inputs);
  const onSettled = (frame: number): void => chain.link(frame);
  const timeline = new Timeline({ simulation, inputs, predictionWindow: 0, onSettled });
  if (fault !== undefined) timeline.plant(fault);
  const witness = new Witness({ simulation, config, timeline, chain, agreedEnd: () => 0 });
  const playTo = (end: number): void => {
    for (; timeline.frame < end; timeline.advance()) {
      for (const seat of [0, 1]) inputs.push(seat, Uint8Array.of(timeline.frame & 31), 0, 1);
    }
  };
  return { witness, simulation, playTo };
}

it("keeps the states it was asked about last, whatever it was asked about before", async () => {
  const { witness, simulation, playTo } = await witnessOf();
  const hashes = blank("hashes");
  playTo(60);
  witness.hashes(0, 60, hashes);
  expect([hashes.begin, hashes.states.count]).toEqual([0, 60]);
  playTo(120);
  const state = simulation.copy(100 % simulation.slots);
  witness.hashes(70, 110, hashes);
  expect([hashes.begin, hashes.states.count]).toEqual([70, 40]);
  playTo(180);
  witness.hashes(100, 140, hashes);
  playTo(300);
  expect(witness.pin(100)).toEqual(state);
  expect(witness.pin(10)).toBeUndefined();
});

it("keeps the rest of a long question, too, until it is asked about that", async () => {
  // Such a state cannot be played again: it is kept, or lost.
  const { witness, simulation, playTo } = await witnessOf({ frame: 69, offset: 0, mask: 1 });
  const hashes = blank("hashes");
  playTo(110);
  const states = [70, 107].map((frame) => simulation.copy(frame % simulation.slots));
  witness.hashes(0, 108, hashes);
  expect([hashes.begin, hashes.states.count]).toEqual([0, 64]);
  playTo(400);
  witness.hashes(64, 108, hashes);
  expect([hashes.begin, hashes.states.count]).toEqual([64, 44]);
  playTo(600);
  expect([70, 107].map((frame) => witness.pin(frame))).toEqual(states);
});

it.each(["scramble", "bulk", "vast"] as const)(
  "%s's ring outlasts the way to a desync at 300 ms that loses one in twenty",
  async (name) => {
    expect((await (await testGame(name)).simulation()).slots).toBeGreaterThanOrEqual(LASTING_SLOTS);
  },
);
