// The strategy game: its step at 1 000 and 10 000 units, rollbacks of 15 000, and verification of 1 000.
import { readFile } from "node:fs/promises";
import { Command } from "../src/games/skirmish/rules.js";
import type { World } from "../src/games/skirmish/types.js";
import { parseReplay } from "../src/replay/format.js";
import { ReplayRecorder } from "../src/replay/recorder.js";
import { verifyReplay } from "../src/replay/verify.js";
import { HashChain } from "../src/session/evidence/hash-chain.js";
import { FinalInputs } from "../src/session/inputs/final-inputs.js";
import { Timeline } from "../src/session/timeline/timeline.js";
import { type Game, loadGame, type WasmSimulation } from "../src/simulation/game.js";
import { configWriter, stateView } from "../src/simulation/view.js";
import { MATCH_DEFAULTS } from "../src/wire/match-config.js";
import { Histogram } from "./histogram.js";
import { type Figure, median, playRounds, us } from "./measure.js";
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
const WARM_UP = 20;
/** Places for units, all of them taken at the beginning; frames count as long as so many are left. */
const UNITS = 16_384;
const LEFT = 15_000;

export async function strategy(): Promise<Figure[]> {
  const game = await loadGame(await readFile("build/games/skirmish.wasm"));
  return [...(await steps(game)), await rollbacks(game), await verification(game)];
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
/** Commands for nobody, as nobody is selected: they change the input and not the battle. Told in turn. */
const UNEXPECTED = [Uint8Array.of(Command.Stop), Uint8Array.of(Command.Stop, Command.Stop)] as const;

/** A timeline whose other player is always `late` frames behind, and whose inputs nobody can predict. */
class LateMatch {
  readonly timeline: Timeline;
  readonly #inputs: FinalInputs;
  readonly #late: number;
  #frame = 0;

  constructor(simulation: WasmSimulation, rules: Uint8Array, late: number) {
    simulation.reset({ players: PLAYERS, seedLow: 1, seedHigh: 0, rules });
    this.#late = late;
    const inputs = new FinalInputs({ seats: PLAYERS, cellBytes: simulation.cellBytes, inputDelay: 0 });
    const chain = new HashChain(simulation, inputs);
    const onSettled = (frame: number) => chain.link(frame);
    this.#inputs = inputs;
    this.timeline = new Timeline({ simulation, inputs, predictionWindow: late + 1, own: 0, onSettled });
  }

  frame(): void {
    this.#command(0, this.#frame);
    if (this.#frame >= this.#late) this.#command(1, this.#frame - this.#late);
    this.timeline.advance();
    this.#frame++;
  }

  #command(seat: number, frame: number): void {
    const bytes = seat === 0 ? NOTHING : UNEXPECTED[frame % 2]!;
    this.#inputs.push(seat, bytes, 0, bytes.length);
    this.timeline.confirm(seat, frame, frame + 1);
  }
}

/** Every frame goes back eight, and comes forward nine: a page at 60 pictures has 16.7 ms for that. */
async function rollbacks(game: Game): Promise<Figure> {
  const simulation = await game.simulation();
  const { schema, memory } = simulation;
  const world = stateView(schema, schema.root, memory, schema.regions.state.address) as World;
  const match = new LateMatch(simulation, rulesOf(game, UNITS / PLAYERS), DEPTH);
  for (let frame = 0; frame < WARM_UP; frame++) match.frame();
  const histogram = new Histogram();
  while (world.seats[0]!.units + world.seats[1]!.units >= LEFT) {
    const begin = performance.now();
    match.frame();
    histogram.add(performance.now() - begin);
    const { lastDepth } = match.timeline;
    if (lastDepth !== DEPTH) throw new Error(`rolled back ${lastDepth} frames, not ${DEPTH}`);
  }
  return {
    what: `${DEPTH}-frame rollback and a new frame of the strategy game, ${LEFT} units and more, 99 of 100 frames`,
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
    ...{ players: PLAYERS, framesPerSecond: FRAMES_PER_SECOND, predictionWindow: 0, inputDelay: 0, ...MATCH_DEFAULTS },
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
