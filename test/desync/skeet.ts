// A small shooting game in many builds, each with one thing changed, and matches of it written down as replays.
import { parseReplay, type Replay } from "../../src/replay/format.js";
import { ReplayRecorder } from "../../src/replay/recorder.js";
import { ChainLink } from "../../src/session/evidence/chain-link.js";
import { type Game, loadGame } from "../../src/simulation/game.js";
import { CELL_HEADER_BYTES, PRESENCE_HERE } from "../../src/simulation/simulation.js";
import { MATCH_DEFAULTS } from "../../src/wire/match-config.js";
import { buildSource } from "../toolchain/project.js";

/** For hooks that build: the compiler is slow on a machine that does other things beside. */
export const HOOK_MS = 60_000;

/** Buttons of the pad. */
export const FIRE = 1;
export const LEFT = 2;
export const JAM = 4;

/** What a build may have otherwise. */
export interface Change {
  /** Points for a hit. */
  points?: number;
  /** Fields in front of the others, and what each frame does with them. */
  fields?: string;
  /** Of the player's x. */
  place?: string;
  pad?: string;
  players?: string;
  step?: string;
  init?: string;
}

export function source(change: Change = {}): string {
  const place = change.place ?? "fixed";
  return `
import { arena, fixed, fx, inputOf, phase, playerCount, Random, seedHigh, seedLow, Slots, slots } from "samestep/assembly/sdk";
export const playersMin = ${change.players ?? 1};
export const playersMax = 4;
@input export class Pad { ${change.pad ?? "buttons: u8; aim: u8;"} }
@state export class Shooter { ${change.fields ?? ""} x: ${place}; score: u32; jams: u8; }
@state export class World { frame: u32; random: Random; shooters: Slots<Shooter> = slots<Shooter>(4); }
export const world = arena<World>();
export function init(): void { world.random.seed(seedLow(), seedHigh()); ${change.init ?? ""} }
export function step(): void {
  world.frame++;
  phase(1);
  for (let i = 0; i < playerCount(); i++) {
    if (inputOf<Pad>(i).buttons & ${LEFT}) world.shooters.at(i).x -= ${place === "fixed" ? "fx(0.5)" : "1"};
  }
  phase(2);
  for (let i = 0; i < playerCount(); i++) {
    const me = world.shooters.at(i);
    const pad = inputOf<Pad>(i);
    if (pad.buttons & ${FIRE}) me.score += ${change.points ?? 1};
    ${change.step ?? ""}
  }
}
`;
}

const builds = new Map<string, Promise<Game>>();

/** Compiled once for each test file. */
export function skeet(change: Change = {}): Promise<Game> {
  const text = source(change);
  const build = builds.get(text) ?? buildSource(text).then(({ wasm }) => loadGame(wasm));
  builds.set(text, build);
  return build;
}

/** Buttons of a seat in a frame. */
export type Hands = (frame: number, seat: number) => number;

export interface Recording {
  frames?: number;
  players?: number;
  seed?: number;
  /** The build that the file names, where it is to be another: as from a machine that computes otherwise. */
  as?: Game;
}

/** The match as `game` plays it, every frame with its hash, and a keyframe every ten frames. */
export async function recorded(game: Game, hands: Hands, options: Recording = {}): Promise<Uint8Array> {
  const { frames = 100, players = 2, seed = 7 } = options;
  const { gameHash, schemaHash, schema } = options.as ?? game;
  const simulation = await game.simulation({ slots: 1 });
  const cellBytes = schema.regions.inputs.stride;
  const rest = { framesPerSecond: 60, predictionWindow: 8, inputDelay: 1, ...MATCH_DEFAULTS, dropAfterMs: 3000 };
  const start = { seedLow: seed, seedHigh: 0, rules: new Uint8Array(0) };
  const config = { players, inputBytes: cellBytes - CELL_HEADER_BYTES, ...rest, ...start };
  const recorder = new ReplayRecorder({ gameHash, schemaHash, config, cellBytes });
  const link = new ChainLink(simulation, players * cellBytes);
  simulation.reset(config);
  for (let frame = 0; frame < frames; frame++) {
    const record = recordOf(cellBytes, players, (seat) => hands(frame, seat));
    simulation.save(0);
    if (frame % 10 === 0) recorder.keyframe(frame, simulation.copy(0), simulation.core);
    link.add(0, record);
    recorder.check(frame + 1, link.value);
    recorder.confirmed(frame, record);
    if (simulation.step(record) === "trapped") break;
  }
  return recorder.finish();
}

function recordOf(cellBytes: number, players: number, buttons: (seat: number) => number): Uint8Array {
  const record = new Uint8Array(players * cellBytes);
  for (let seat = 0; seat < players; seat++) {
    const cell = seat * cellBytes;
    record[cell] = PRESENCE_HERE;
    record[cell + 2] = 2;
    record[cell + CELL_HEADER_BYTES] = buttons(seat);
  }
  return record;
}

export function read(bytes: Uint8Array): Replay {
  const parsed = parseReplay(bytes);
  if (parsed.kind !== "replay") throw new Error(parsed.why);
  return parsed.replay;
}
