// The strategy game: its step at 1 000 and 10 000 units, rollbacks of 15 000, verification of 1 000, and deltas of its states.
import { readFile } from "node:fs/promises";
import { parseReplay } from "../src/replay/format.js";
import { ReplayRecorder } from "../src/replay/recorder.js";
import { verifyReplay } from "../src/replay/verify.js";
import { FinalInputs } from "../src/session/final-inputs.js";
import { HashChain } from "../src/session/hash-chain.js";
import { Timeline } from "../src/session/timeline.js";
import { type Game, loadGame, type WasmSimulation } from "../src/simulation/game.js";
import { configWriter } from "../src/simulation/view.js";
import { Histogram } from "./histogram.js";
import { type Figure, gigabytesPerSecond, median, playRounds, rounds, us } from "./measure.js";
import { type Claim, ifInstalled } from "./peers/installed.js";
import { Battle } from "./strategy-battle.js";

const PLAYERS = 2;
const FRAMES_PER_SECOND = 20;
/** The armies have met, and most of them fight or wait behind the front. */
const IN_THE_THICK = 160;
/** Frames of one play. */
const FRAMES = 12;
const ROUNDS = 15;
const EQUAL_FRAMES = 300;

const DEPTH = 8;
const FRAME_MS = 1000 / 60;
const ROLLED_BACK = 240;
const WARM_UP = 60;

export async function strategy(): Promise<Figure[]> {
  const game = await loadGame(await readFile("build/games/skirmish.wasm"));
  return [...(await steps(game)), await rollbacks(game), await verification(game), ...(await deltas(game))];
}

/** The game's step and the twin's, over the same frames of the same battles. */
async function steps(game: Game): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const units of [1000, 10_000]) {
    const battle = await Battle.create(game, units);
    battle.insistOnEqualTwin(EQUAL_FRAMES);
    battle.rewind();
    for (let frame = 0; frame < IN_THE_THICK; frame++) battle.step();
    battle.keep();
    const many = units === 1000 ? 4 * FRAMES : FRAMES;
    const play = <const N extends string>(name: N, step: () => void) => ({
      ...{ name, operations: many },
      start: () => {
        battle.rewind();
        return () => {
          for (let frame = 0; frame < many; frame++) step();
        };
      },
    });
    const time = playRounds([play("game", () => battle.step()), play("twin", () => battle.stepTwin())], ROUNDS);
    const value = `${us(time.us("game"))}, ${battle.alive} alive`;
    const what = `strategy step, ${units} units in a battle`;
    const against = `plain TypeScript over typed arrays, ${us(time.us("twin"))}, the same state after ${EQUAL_FRAMES} frames`;
    figures.push({
      ...{ what, value, ratio: time.ratio("twin", "game"), budget: units === 1000 ? 1 : 3, sense: "least" },
      against: `as fast as ${against}`,
    });
    if (units === 1000) {
      const limit = { ratio: time.us("game"), budget: 100, sense: "most", unit: "µs" } as const;
      figures.push({ what, value, ...limit, against: "for one step" });
    }
  }
  return figures;
}

function rulesOf(game: Game, army: number): Uint8Array {
  const bytes = new Uint8Array(game.schema.classes[game.schema.config!]!.size);
  configWriter(game.schema)({ battle: 1, army }, bytes);
  return bytes;
}

const NOTHING = new Uint8Array(0);
/** A command for nobody, as nobody is selected: it changes the input and not the battle. */
const WRONG = Uint8Array.of(9);

/** A timeline whose other player is always `late` frames behind, and whose inputs nobody can predict. */
class LateMatch {
  readonly timeline: Timeline;
  readonly #inputs: FinalInputs;
  readonly #late: number;
  #frame = 0;

  constructor(simulation: WasmSimulation, rules: Uint8Array, late: number) {
    simulation.reset({ players: PLAYERS, seedLow: 1, seedHigh: 0, rules });
    this.#late = late;
    const inputs = new FinalInputs({
      ...{ seats: PLAYERS, cellBytes: simulation.cellBytes, inputDelay: 0 },
    });
    this.#inputs = inputs;
    const chain = new HashChain(simulation, inputs);
    this.timeline = new Timeline({
      ...{ simulation, inputs, predictionWindow: late + 1, own: 0 },
      onSettled: (frame) => chain.link(frame),
    });
  }

  frame(): void {
    this.#command(0, this.#frame);
    if (this.#frame >= this.#late) this.#command(1, this.#frame - this.#late);
    this.timeline.advance();
    this.#frame++;
  }

  #command(seat: number, frame: number): void {
    // Toggled, so that repeating the last input is as wrong as expecting none.
    const bytes = seat === 1 && frame % 2 === 0 ? WRONG : seat === 1 ? Uint8Array.of(9, 9) : NOTHING;
    this.#inputs.push(seat, bytes, 0, bytes.length);
    this.timeline.confirm(seat, frame, frame + 1);
  }
}

/** Every frame goes back eight, and comes forward nine: a page at 60 pictures has 16.7 ms for that. */
async function rollbacks(game: Game): Promise<Figure> {
  const units = 15_000;
  const simulation = await game.simulation();
  const match = new LateMatch(simulation, rulesOf(game, units / PLAYERS), DEPTH);
  for (let frame = 0; frame < WARM_UP; frame++) match.frame();
  const histogram = new Histogram();
  for (let frame = 0; frame < ROLLED_BACK; frame++) {
    const begin = performance.now();
    match.frame();
    histogram.add(performance.now() - begin);
    const { lastDepth } = match.timeline;
    if (lastDepth !== DEPTH) throw new Error(`rolled back ${lastDepth} frames, not ${DEPTH}`);
  }
  return {
    what: `${DEPTH}-frame rollback and a new frame of the strategy game, ${units} units, 99 of 100 frames`,
    value: `${histogram}`,
    ...{ ratio: histogram.quantile(0.99) / FRAME_MS, budget: 1, sense: "most" },
    against: `a picture at 60 a second, ${FRAME_MS.toFixed(1)} ms`,
  };
}

async function verification(game: Game): Promise<Figure> {
  const frames = 30 * FRAMES_PER_SECOND;
  const simulation = await game.simulation();
  const { gameHash, schemaHash, cellBytes } = simulation;
  const config = {
    ...{ players: PLAYERS, framesPerSecond: FRAMES_PER_SECOND, predictionWindow: 0, inputDelay: 0, policy: 0 },
    ...{ inputBytes: game.schema.regions.inputs.bytesMax, dropAfterMs: 5000, seedLow: 1, seedHigh: 0 },
    rules: rulesOf(game, 500),
  };
  simulation.reset(config);
  const inputs = new FinalInputs({ seats: PLAYERS, cellBytes, inputDelay: 0 });
  const recorder = new ReplayRecorder({ gameHash, schemaHash, cellBytes, config });
  const chain = new HashChain(simulation, inputs, (end) => recorder.check(end, chain.value));
  const onSettled = (frame: number) => chain.link(frame);
  const timeline = new Timeline({ simulation, inputs, predictionWindow: 0, onSettled });
  for (let frame = 0; frame < frames; frame++) {
    for (let seat = 0; seat < PLAYERS; seat++) inputs.push(seat, NOTHING, 0, 0);
    recorder.confirmed(frame, inputs.record(frame));
    timeline.advance();
  }
  const bytes = recorder.finish();
  const times = Array.from({ length: 7 }, () => {
    const begin = performance.now();
    const parsed = parseReplay(bytes);
    const verdict = parsed.kind === "replay" ? verifyReplay(parsed.replay, simulation) : undefined;
    if (verdict?.kind !== "equal") throw new Error("the replay does not verify");
    return performance.now() - begin;
  });
  const played = (1000 * frames) / FRAMES_PER_SECOND;
  return {
    what: "verification of a replay of the strategy game, 1 000 units, a hash of every frame, one core",
    value: `${median(times).toFixed(1)} ms for ${played / 1000} s`,
    ...{ ratio: played / median(times), budget: 50, sense: "least" },
    against: "real time",
  };
}

/** The game's own state, one frame apart, in a battle of 10 000. */
async function deltas(game: Game): Promise<Figure[]> {
  const simulation = await game.simulation();
  const match = new LateMatch(simulation, rulesOf(game, 5000), 0);
  for (let frame = 0; frame < IN_THE_THICK; frame++) match.frame();
  const slot = (back: number) => (IN_THE_THICK - back) % simulation.slots;
  const [before, after] = [simulation.copy(slot(1)), simulation.copy(slot(0))];
  const { core } = simulation;
  const delta = core.deltaEncode(before, after);
  if (!core.deltaDecode(before, delta)?.every((byte, at) => byte === after[at])) throw new Error("the delta is wrong");
  const time = rounds([
    { name: "encode", run: () => core.deltaEncode(before, after) },
    { name: "decode", run: () => core.deltaDecode(before, delta) },
  ]);
  const what = "delta of two states of the strategy game through the port, 10 000 units";
  const speed = (name: "encode" | "decode", budget: number): Figure => ({
    ...{ what: `${what}: ${name}`, value: us(time.us(name)), budget, sense: "least", unit: "GB/s" },
    ...{ ratio: gigabytesPerSecond(before.length, time.us(name)), against: "of state, its copies in and out included" },
  });
  const claim: Claim = { what: `${what}: size`, budget: 0.95, sense: "least", against: "fflate level 6's compression" };
  const size = await ifInstalled(claim, async () => {
    const { deflateSync } = await import("fflate");
    const theirs = deflateSync(
      before.map((byte, at) => byte ^ after[at]!),
      { level: 6 },
    ).length;
    const value = `${delta.length} of ${before.length} bytes`;
    return { ...claim, value, ratio: theirs / delta.length, against: `${claim.against}, ${theirs} bytes` };
  });
  return [speed("encode", 5), speed("decode", 4), size];
}
