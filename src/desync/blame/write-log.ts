// One frame of a game played again, and every write that it makes.
import { assert } from "../../assert.js";
import { SamestepError } from "../../error.js";
import { readModule } from "../../proof/binary.js";
import type { Game } from "../../simulation/game.js";
import { GAME_CONFIG_HEADER_BYTES, type GameConfig } from "../../simulation/simulation.js";
import { type Instrumented, instrument, type Logged } from "./instrument.js";
import { HEADER, PAGES_MAX, WRITE } from "./log-helpers.js";

/** What is known of a build without running it: `Game` is one. */
export type GameCode = Pick<Game, "wasm" | "schema" | "gameHash">;

/** What is to be played again: a frame from the state before it, or, where there is none, the game's `init`. */
export interface Moment {
  readonly config: GameConfig;
  readonly frame?: { readonly state: Uint8Array; readonly record: Uint8Array };
}

export interface Write {
  /** The instruction: bytes from the start of the game's own module. */
  readonly site: number;
  readonly address: number;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

export interface Rerun extends Outcome {
  /** In the order in which they were made; none of zero bytes. */
  readonly writes: readonly Write[];
}

/** How the frame went. */
export interface Outcome {
  /** The state before, and afterwards. */
  readonly start: Uint8Array;
  readonly state: Uint8Array;
  /** The game trapped: what is known of it came before. */
  readonly trapped: boolean;
}

interface GameExports {
  readonly memory: WebAssembly.Memory;
  readonly init: () => void;
  readonly step: () => void;
}

/** A frame of a large game fits into the first; each next log is so many times larger. */
const LOG_PAGES = 64;
const LOG_GROWTH = 8;
/** Half a gigabyte: forty million numbers. */
const LOG_PAGES_MAX = 8192;

/**
 * Plays a frame and logs its writes.
 * @throws SamestepError BAD_GAME when the frame writes more than a log holds.
 */
export function rerun(game: GameCode, moment: Moment): Rerun {
  const played = playLogged(game, moment, "writes");
  if (played === undefined)
    throw new SamestepError(
      "BAD_GAME",
      `one frame of this game writes more than ${LOG_PAGES_MAX} pages of memory hold`,
    );
  const { log, ...outcome } = played;
  return { ...outcome, writes: readWrites(log) };
}

/**
 * Plays a frame in the build's instrumented copy, and in the build itself, which must come to the same state; with the log's
 * entries as they lie in memory. Undefined when no log holds them.
 */
export function playLogged(
  game: GameCode,
  moment: Moment,
  what: Logged,
): (Outcome & { readonly log: Uint8Array }) | undefined {
  const pagesMax = Math.min(LOG_PAGES_MAX, PAGES_MAX - pagesOf(game.wasm));
  for (let pages = Math.min(LOG_PAGES, pagesMax); ; pages = Math.min(LOG_GROWTH * pages, pagesMax)) {
    const found = attempt(game, moment, instrument(game.wasm, what, pages));
    if (found !== "full") return found;
    if (pages === pagesMax) return undefined;
  }
}

function pagesOf(wasm: Uint8Array): number {
  return readModule(wasm).memories[0]!.min;
}

function attempt(
  game: GameCode,
  moment: Moment,
  { wasm, base, logBytes }: Instrumented,
): (Outcome & { readonly log: Uint8Array }) | "full" {
  const plain = instanceOf(game.wasm);
  prepare(game, moment, plain);
  const copy = instanceOf(wasm);
  const memory = new Uint8Array(copy.memory.buffer);
  memory.set(new Uint8Array(plain.memory.buffer));
  const header = new DataView(copy.memory.buffer, base, HEADER.bytes);
  header.setUint32(HEADER.cursor, base + HEADER.bytes, true);
  header.setUint32(HEADER.end, base + logBytes, true);
  const part = moment.frame === undefined ? "init" : "step";
  const start = stateOf(game, plain);
  const stopped = traps(copy[part]);
  if (header.getUint32(HEADER.full, true) !== 0) return "full";
  const trapped = traps(plain[part]);
  const state = stateOf(game, copy);
  assert(trapped || !stopped, "an instrumented game stops only where the game does");
  assert(
    trapped !== stopped || same(state, stateOf(game, plain)),
    "an instrumented game comes to the game's own state",
  );
  return { start, state, trapped, log: memory.slice(base + HEADER.bytes, header.getUint32(HEADER.cursor, true)) };
}

function instanceOf(wasm: Uint8Array): GameExports {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(wasm as BufferSource));
  return instance.exports as unknown as GameExports;
}

/** Everything up to the call that is looked at. What `init` leaves beside the state is part of it. */
function prepare({ schema }: GameCode, { config, frame }: Moment, { memory, init }: GameExports): void {
  const { state, inputs, events, config: settings } = schema.regions;
  const [bytes, view] = [new Uint8Array(memory.buffer), new DataView(memory.buffer)];
  view.setUint32(settings.address, config.players, true);
  view.setUint32(settings.address + 4, config.seedLow, true);
  view.setUint32(settings.address + 8, config.seedHigh, true);
  bytes.set(
    config.rules.subarray(0, settings.size - GAME_CONFIG_HEADER_BYTES),
    settings.address + GAME_CONFIG_HEADER_BYTES,
  );
  view.setUint32(events.address, 0, true);
  if (frame === undefined) return;
  init();
  bytes.set(frame.state, state.address);
  bytes.set(frame.record, inputs.address);
  view.setUint32(events.address, 0, true);
}

function traps(run: () => void): boolean {
  try {
    run();
    return false;
  } catch {
    return true;
  }
}

function stateOf({ schema }: GameCode, { memory }: GameExports): Uint8Array {
  const { address, size } = schema.regions.state;
  return new Uint8Array(memory.buffer).slice(address, address + size);
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.every((byte, i) => byte === b[i]);
}

function readWrites(log: Uint8Array): Write[] {
  const view = new DataView(log.buffer);
  const writes: Write[] = [];
  for (let at = 0; at < log.length; ) {
    const [site, address] = [view.getUint32(at + WRITE.site, true), view.getUint32(at + WRITE.address, true)];
    const size = view.getUint32(at + WRITE.size, true);
    const [before, after, next] = [at + WRITE.bytes, at + WRITE.bytes + size, at + WRITE.bytes + 2 * size];
    if (size > 0) writes.push({ site, address, before: log.subarray(before, after), after: log.subarray(after, next) });
    at = next;
  }
  return writes;
}
