// One replay, verified: from the name of its file to what is told about it. The same in every thread.
import { readFile } from "node:fs/promises";
import { SamestepError } from "../error.js";
import { parseReplay, type Replay } from "../replay/format.js";
import { type Difference, type Verdict, verification } from "../replay/verify.js";
import { InputDigest } from "../signing/input-digest.js";
import type { Key } from "../signing/keys.js";
import { whyForged } from "../signing/result.js";
import type { Game } from "../simulation/game.js";
import { GameShelf } from "./games.js";

/** What is told of one replay; plain, since it crosses from thread to thread. */
export interface Line {
  file: string;
  /**
   * "stopped": its verification broke off, which says nothing about the match. "forged", "unsigned": its result is not
   * what the holder of the key said, or there is none.
   */
  result: "equal" | "differs" | "forged" | "unsigned" | "build" | "unreadable" | "stopped";
  /** The key that its result is signed with, checked. */
  signedBy?: string;
  frames?: number;
  /** What the match took, and what its verification took. */
  playedMs?: number;
  ms?: number;
  /** How many times faster than it was played. */
  realTime?: number;
  why?: string;
  difference?: Difference;
}

/** Verifies one file after another; a game is loaded once, when a file first needs it. */
export class FileVerifier {
  readonly #given: Game | undefined;
  readonly #shelf: GameShelf;
  readonly #key: Key | undefined;

  /**
   * `given` is the game of all files; without it, they are looked for in `folders`. With a `key`, each must hold a result
   * that it signed.
   */
  constructor(given: Game | undefined, folders: string[], key?: Key) {
    this.#given = given;
    this.#key = key;
    this.#shelf = new GameShelf(folders);
  }

  /** Never throws. `patient` is asked now and then; once it says false, the answer is undefined. */
  async verify(file: string, patient: () => boolean = () => true): Promise<Line | undefined> {
    try {
      return await this.#verify(file, patient);
    } catch (error) {
      if (error instanceof SamestepError) return { file, result: "unreadable", why: error.message };
      return { file, result: "stopped", why: reasonOf(error) };
    }
  }

  async #verify(file: string, patient: () => boolean): Promise<Line | undefined> {
    const bytes = await readFile(file).catch(whyNoFile);
    if (typeof bytes === "string") return { file, result: "unreadable", why: bytes };
    const begin = performance.now();
    const parsed = parseReplay(bytes);
    const parseMs = performance.now() - begin;
    if (parsed.kind === "unreadable") return { file, result: "unreadable", why: parsed.why };
    const { replay } = parsed;
    const fault = this.#key && (await whyNotSigned(replay, this.#key));
    if (fault !== undefined) return { file, ...fault };
    const game = this.#given ?? (await this.#shelf.find(replay.gameHash));
    if (game === undefined) {
      const why = `no build ${replay.gameHash} here, beside the replay, or in build/games: name it with --game GAME.wasm`;
      return { file, result: "build", why };
    }
    const run = verification(replay, await game.simulation({ slots: 1 }));
    const runBegin = performance.now();
    for (;;) {
      const next = run.next();
      if (next.done) {
        const line = lineOf(file, replay, next.value, parseMs + performance.now() - runBegin);
        return this.#key === undefined || line.result !== "equal" ? line : { ...line, signedBy: this.#key.id };
      }
      if (!patient()) return undefined;
    }
  }
}

/** What is wrong with a replay's signature, or with what it covers; whether it covers this match is verified anyway. */
async function whyNotSigned(replay: Replay, key: Key): Promise<Pick<Line, "result" | "why"> | undefined> {
  const { result, config, cellBytes } = replay;
  if (result === undefined) {
    const why = "no result is signed in it: it is a player's, or of a server without --sign. Verify it without --key";
    return { result: "unsigned", why };
  }
  const forged = await whyForged(result.signed, key);
  if (forged !== undefined) return { result: "forged", why: forged };
  const digest = new InputDigest(config.players * cellBytes);
  for (const record of replay.records()) digest.add(record);
  const inputs = await digest.finish();
  if (inputs.every((byte, i) => byte === result.statement.inputs[i])) return undefined;
  return { result: "forged", why: "its inputs are not those that were signed" };
}

function whyNoFile(error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT") return "there is no such file";
  return error.code === "EISDIR" ? "no replay is found below this directory" : `it cannot be read: ${error.message}`;
}

/** What an error says, if it is one: anything can be thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function lineOf(file: string, replay: Replay, verdict: Verdict, ms: number): Line {
  switch (verdict.kind) {
    case "equal": {
      const { frames, config } = replay;
      const playedMs = Math.round((1000 * frames) / config.framesPerSecond);
      return { file, result: "equal", frames, playedMs, ms: tenths(ms), realTime: Math.round(playedMs / ms) };
    }
    case "build":
    case "forged":
    case "unreadable":
      return { file, result: verdict.kind, why: verdict.why };
    case "differs":
      return { file, result: "differs", difference: verdict.difference };
    default:
      return verdict satisfies never;
  }
}

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
