// Replay verification: how many times faster than it was played a match of the fighter is proved, on one core.
import { readFile } from "node:fs/promises";
import { parseReplay } from "../src/replay/format.js";
import { ReplayRecorder } from "../src/replay/recorder.js";
import { verifyReplay } from "../src/replay/verify.js";
import { HashChain } from "../src/session/evidence/hash-chain.js";
import { FinalInputs } from "../src/session/inputs/final-inputs.js";
import { Timeline } from "../src/session/timeline/timeline.js";
import { loadGame } from "../src/simulation/game.js";
import { CELL_HEADER_BYTES } from "../src/simulation/simulation.js";
import { MATCH_DEFAULTS } from "../src/wire/match-config.js";
import { type Figure, median } from "./measure.js";

const FRAMES = 3600;
const ROUNDS = 7;

export async function verification(): Promise<Figure[]> {
  const game = await loadGame(await readFile("build/games/fighter.wasm"));
  const simulation = await game.simulation();
  const { gameHash, schemaHash, cellBytes } = simulation;
  const config = {
    players: 2,
    framesPerSecond: 60,
    predictionWindow: 0,
    inputDelay: 0,
    ...MATCH_DEFAULTS,
    inputBytes: cellBytes - CELL_HEADER_BYTES,
    dropAfterMs: 5000,
    seedLow: 1,
    seedHigh: 1,
    rules: new Uint8Array(0),
  };
  simulation.reset(config);
  const inputs = new FinalInputs({ seats: 2, cellBytes, inputDelay: 0 });
  const recorder = new ReplayRecorder({ gameHash, schemaHash, cellBytes, config });
  const chain = new HashChain(simulation, inputs, (end) => recorder.check(end, chain.value));
  const onSettled = (frame: number) => chain.link(frame);
  const timeline = new Timeline({ simulation, inputs, predictionWindow: 0, onSettled });
  for (let frame = 0; frame < FRAMES; frame++) {
    for (const seat of [0, 1]) {
      const buttons = (Math.imul((frame >> 3) + 977 * seat, 2654435761) >>> 22) & 0xff;
      inputs.push(seat, Uint8Array.of(buttons, 0), 0, 2);
    }
    recorder.confirmed(frame, inputs.record(frame));
    timeline.advance();
  }
  const bytes = recorder.finish();
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const begin = performance.now();
    const parsed = parseReplay(bytes);
    const verdict = parsed.kind === "replay" ? verifyReplay(parsed.replay, simulation) : undefined;
    if (verdict?.kind !== "equal") throw new Error("the replay does not verify");
    times.push(performance.now() - begin);
  }
  const played = (1000 * FRAMES) / 60;
  return [
    {
      what: "verification of a replay of the fighter, a hash of every frame, one core",
      value: `${median(times).toFixed(1)} ms for ${played / 1000} s`,
      ratio: played / median(times),
      budget: 1000,
      sense: "least",
      against: "real time",
    },
  ];
}
