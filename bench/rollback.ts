// The eight-frame rollback of the fighter, with all that a session does around it, against the time a frame has.
import { readFile } from "node:fs/promises";
import { FinalInputs } from "../src/session/final-inputs.js";
import { HashChain } from "../src/session/hash-chain.js";
import { Timeline } from "../src/session/timeline.js";
import { loadGame, type WasmSimulation } from "../src/simulation/game.js";
import { type Figure, median, us } from "./measure.js";

const DEPTH = 8;

const FRAME_US = 1e6 / 60;

/** Frames of one round: long enough for the optimising tiers, short enough to interleave. */
const FRAMES = 600;
const ROUNDS = 15;

/** Buttons of both players that keep them busy: they walk, jump, crouch and strike. */
function buttons(seat: number, frame: number): number {
  return (Math.imul(frame + 977 * seat, 2654435761) >>> (20 + (frame % 3))) & 0xff;
}

interface Rig {
  timeline: Timeline;
  inputs: FinalInputs;
  chain: HashChain;
}

function start(simulation: WasmSimulation): Rig {
  simulation.reset({ players: 2, seedLow: 1, seedHigh: 2, rules: new Uint8Array(0) });
  const inputs = new FinalInputs({ seats: 2, cellBytes: simulation.cellBytes, inputDelay: 0 });
  const timeline = new Timeline({ simulation, inputs, predictionWindow: DEPTH, own: 0 });
  return { timeline, inputs, chain: new HashChain(simulation, timeline) };
}

const input = new Uint8Array(2);

function press({ timeline, inputs }: Rig, seat: number, frame: number): void {
  // A toggled bit makes every prediction wrong, so that every frame is rolled back to its full depth.
  const value = buttons(seat, frame) ^ (frame & 1 ? 0x40 : 0);
  input[0] = value & 255;
  input[1] = value >> 8;
  inputs.push(seat, input, 0, 2);
  timeline.confirm(seat, frame, frame + 1);
}

/** Plays with the other's inputs eight frames late. Answers microseconds a frame. */
function playLate(simulation: WasmSimulation): number {
  const rig = start(simulation);
  const begin = performance.now();
  for (let frame = 0; frame < FRAMES; frame++) {
    press(rig, 0, frame);
    if (frame >= DEPTH) press(rig, 1, frame - DEPTH);
    rig.timeline.advance();
    rig.chain.extend();
  }
  const time = performance.now() - begin;
  if (rig.timeline.lastDepth !== DEPTH) throw new Error(`rolled back ${rig.timeline.lastDepth} frames, not ${DEPTH}`);
  return (1000 * time) / FRAMES;
}

/** The same match straight through, the game's step alone. Answers microseconds a step. */
function playBare(simulation: WasmSimulation, records: Uint8Array[]): number {
  simulation.reset({ players: 2, seedLow: 1, seedHigh: 2, rules: new Uint8Array(0) });
  const begin = performance.now();
  for (const record of records) simulation.step(record);
  return (1000 * (performance.now() - begin)) / records.length;
}

export async function rollback(): Promise<Figure[]> {
  const game = await loadGame(await readFile("build/games/fighter.wasm"));
  const simulation = await game.simulation();
  const straight = start(simulation);
  const records: Uint8Array[] = [];
  for (let frame = 0; frame < FRAMES; frame++) {
    press(straight, 0, frame);
    press(straight, 1, frame);
    records.push(straight.inputs.record(frame).slice());
  }
  const late: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    bare.push(playBare(simulation, records));
    late.push(playLate(simulation));
  }
  const step = median(bare);
  const frame = median(late);
  return [
    {
      what: `${DEPTH}-frame rollback of the fighter (${simulation.stateBytes} B), a new frame and its hash`,
      value: `${us(frame)}; the ${DEPTH + 1} bare steps in it take ${us((DEPTH + 1) * step)}`,
      ratio: frame / FRAME_US,
      budget: 0.001,
      sense: "most",
      against: "a frame at 60 per second",
    },
  ];
}
