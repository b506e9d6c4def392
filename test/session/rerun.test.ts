// Playing a frame again: what it comes to, whatever is in memory, and what it tells about a machine that forgets.
import { beforeAll, expect, it } from "vitest";
import { classify } from "../../src/session/evidence/classify.js";
import type { DesyncSide } from "../../src/session/evidence/report.js";
import { digestOf, PLAYED, rerun, restart, UNRESTORED } from "../../src/session/evidence/rerun.js";
import { FinalInputs } from "../../src/session/inputs/final-inputs.js";
import type { WasmSimulation } from "../../src/simulation/game.js";
import { FaultySimulation } from "../faults/faulty-simulation.js";
import { testGame } from "../games.js";
import { configOf } from "./party.js";

const FRAMES = 30;

let simulation: WasmSimulation;
let inputs: FinalInputs;
let config: ReturnType<typeof configOf>;
beforeAll(async () => {
  const game = await testGame("scramble");
  config = configOf(game);
  simulation = await game.simulation();
  inputs = new FinalInputs({ seats: 2, cellBytes: simulation.cellBytes, inputDelay: 0 });
  for (let frame = 0; frame < FRAMES; frame++)
    for (const seat of [0, 1]) inputs.push(seat, Uint8Array.of((frame * 7 + seat) & 15), 0, 1);
});

function played(frames: number): Uint8Array {
  simulation.reset(config);
  for (let frame = 0; frame < frames; frame++) simulation.step(inputs.record(frame));
  return simulation.present();
}

it("comes to the same as play did, and leaves no trace", () => {
  const state = played(10);
  const after = digestOf(simulation, played(11));
  const present = played(20);
  const { clean, again } = rerun({ simulation, config, inputs }, 10, state);
  for (const { end, low, high } of [clean, ...again]) expect([end, low, high]).toEqual([PLAYED, ...after]);
  expect(simulation.present()).toEqual(present);
});

it("makes state 0 by starting the game again, and leaves no trace", () => {
  const [low, high] = digestOf(simulation, played(0));
  const present = played(20);
  const start = { end: PLAYED, low, high };
  expect(restart({ simulation, config, inputs })).toEqual({ clean: start, again: [start] });
  expect(simulation.present()).toEqual(present);
});

it("tells when a snapshot does not come back whole: restore, also where all of it repeats itself", () => {
  const state = played(10);
  played(10); // the part that does not come back is what it should be, by chance
  const view = new Uint8Array(simulation.memory.buffer, simulation.schema.regions.state.address);
  let kept = 0;
  const forgetful = new FaultySimulation(simulation, {
    replacing: () => {
      kept = view[0]!;
    },
    replaced: () => {
      view[0] = kept;
    },
  });
  const { clean, again } = rerun({ simulation: forgetful, config, inputs }, 10, state);
  expect([clean, ...again].map(({ end }) => end)).toEqual([UNRESTORED, UNRESTORED, UNRESTORED]);
  const told = { inputsHash: "", rollbacks: [], record: undefined, identity: undefined };
  const sides: [DesyncSide, DesyncSide] = [
    { ...told, party: 0, hash: "a", rerun: { clean: "a", again: ["a", "a"] } },
    { ...told, party: 1, hash: "b", rerun: { clean: "unrestored", again: ["unrestored", "unrestored"] } },
  ];
  const identity = { samestep: "", engine: "", platform: "", game: "", schema: "", core: "", config: "" };
  for (const side of sides) side.identity = identity;
  expect(classify("state", sides)).toEqual({
    verdict: "restore",
    why: expect.stringContaining("on seat 1 a snapshot"),
  });
});
