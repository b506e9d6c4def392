// The first second of a match in a fresh process, in real time: answers how long each frame kept the thread, in ms.
import { setTimeout as sleep } from "node:timers/promises";
import { PERFECT } from "../../src/netsim/conditions.js";
import { VirtualMatch } from "../../src/netsim/virtual-match.js";
import { CELL_HEADER_BYTES } from "../../src/simulation/simulation.js";
import { MATCH_DEFAULTS } from "../../src/wire/match-config.js";
import { fighter } from "../bench-games.js";
import { answer } from "../child.js";
import { buttons } from "../peers/workload.js";

/** One way. Three frames under way, so that inputs that change in every frame are rolled back in every frame. */
const PATH = { ...PERFECT, delayMs: 25 };

const game = await fighter();
const { framesPerSecond, regions } = game.schema;
const players = await Promise.all(
  [0, 1].map(async (seat) => {
    let asked = 0;
    const input = () => {
      const value = buttons(seat, asked++);
      return Uint8Array.of(value & 255, value >> 8);
    };
    return { simulation: await game.simulation(), input, up: PATH, down: PATH };
  }),
);
const match = new VirtualMatch({
  config: {
    ...{ players: 2, framesPerSecond, predictionWindow: 8, inputDelay: 0, ...MATCH_DEFAULTS, dropAfterMs: 5000 },
    ...{ inputBytes: regions.inputs.stride - CELL_HEADER_BYTES, seedLow: 1, seedHigh: 1, rules: new Uint8Array(0) },
  },
  ...{ players, mode: "datagram", seed: 1 },
});
const [first] = match.players;
const { stats } = first!.player;

/** Milliseconds that the first player's machine worked since the last frame: the others' work is not his. */
let worked = 0;
const turn = first!.turn.bind(first);
first!.turn = (now) => {
  const before = performance.now();
  const happened = turn(now);
  worked += performance.now() - before;
  return happened;
};

const begin = performance.now();
const times: number[] = [];
let turned = 0;
for (let due = 0; times.length < framesPerSecond; due += 1000 / framesPerSecond) {
  await sleep(Math.max(0, begin + due - performance.now()));
  worked = 0;
  for (; turned <= due; turned++) match.turn(turned);
  if (stats.frame > 0) times.push(worked);
}
if (stats.rollbacks < framesPerSecond / 4)
  throw new Error(`only ${stats.rollbacks} rollbacks: the path was to make more`);
answer(times);
