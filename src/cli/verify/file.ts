// One replay, verified: from the name of its file to what is told about it. The same in every thread.
import { readFile } from "node:fs/promises";
import { whyUnfit } from "../../desync/fitting.js";
import { SamestepError } from "../../error.js";
import { parseReplay, type Replay } from "../../replay/format.js";
import { type Difference, type Verdict, verification } from "../../replay/verify.js";
import { InputDigest } from "../../signing/input-digest.js";
import type { Key } from "../../signing/keys.js";
import { whyForged } from "../../signing/result.js";
import type { Game } from "../../simulation/game.js";
import { GameShelf } from "../games.js";
import { reasonOf, whyUnread } from "../reasons.js";
import { differenceOf } from "./against.js";
import { isPattern } from "./paths.js";

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
  /** The other build that played it too, and gives the difference if there is one. */
  against?: string;
  frames?: number;
  /** What the match took, and what its verification took. */
  playedMs?: number;
  ms?: number;
  /** How many times faster than it was played. */
  realTime?: number;
  why?: string;
  difference?: Difference;
}

/** What all files are verified with. */
export interface Given {
  game?: Game | undefined;
  /** Each must hold a result that this key signed. */
  key?: Key | undefined;
  /** Another build, which must come to the same states. */
  against?: Game | undefined;
  /** Name the phase of the step, too, after which it does not. */
  phases?: boolean | undefined;
}

/** Verifies one file after another; a game is loaded once, when a file first needs it. */
export class FileVerifier {
  readonly #given: Given;
  readonly #shelf: GameShelf;

  /** Without a game, they are looked for in `folders`. */
  constructor(folders: string[], given: Given) {
    this.#given = given;
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
    const bytes = await readFile(file).catch((error) => whyNoFile(file, error));
    if (typeof bytes === "string") return { file, result: "unreadable", why: bytes };
    const begin = performance.now();
    const parsed = parseReplay(bytes);
    const parseMs = performance.now() - begin;
    if (parsed.kind === "unreadable") return { file, result: "unreadable", why: parsed.why };
    const { replay } = parsed;
    const { key } = this.#given;
    const fault = key && (await whyNotSigned(replay, key));
    if (fault !== undefined) return { file, ...fault };
    const game = await this.#recorded(replay);
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
        return line.result === "equal" ? { ...line, ...signedBy(key), ...(await this.#held(replay, game)) } : line;
      }
      if (!patient()) return undefined;
    }
  }

  /** The build that recorded it: of two that are given it may be either. */
  async #recorded({ gameHash }: Replay): Promise<Game | undefined> {
    const { game, against } = this.#given;
    if (game?.gameHash !== gameHash && against?.gameHash === gameHash) return against;
    return game ?? (await this.#shelf.find(gameHash));
  }

  /** Against the other build, where there is one. */
  async #held(replay: Replay, recorded: Game): Promise<Partial<Line>> {
    const { game, phases = false } = this.#given;
    const other = recorded === this.#given.against && game !== undefined ? game : this.#given.against;
    if (other === undefined) return {};
    const unfit = whyUnfit(replay, other.schema, recorded.schema);
    if (unfit !== undefined) return { result: "build", why: `build ${other.gameHash} cannot play it: ${unfit}` };
    const difference = await differenceOf(replay, { before: recorded, after: other }, phases);
    return { against: other.gameHash, ...(difference && { result: "differs", difference }) };
  }
}

function signedBy(key: Key | undefined): Pick<Line, "signedBy"> {
  return key === undefined ? {} : { signedBy: key.id };
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

/** A directory or a pattern that stands for itself is one without a replay. */
export function whyNoFile(file: string, error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT" && isPattern(file)) return "no replay matches this pattern";
  return error.code === "EISDIR" ? "no replay is found below this directory" : whyUnread(error);
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
      return { file, result: "differs", ms: tenths(ms), difference: verdict.difference };
    default:
      return verdict satisfies never;
  }
}

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
