// What the matrix asks of an engine, whatever it is: a browser, a shell, an interpreter, or a compiled program.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import type { Plan } from "./plan.js";

export interface Engine {
  /** For command lines; `jsc` also means all of `jsc-…`. */
  readonly id: string;
  readonly name: string;
  /** Files without which there is no such engine here, and how to get them. */
  readonly needs: readonly string[];
  readonly install: string;
  version(): Promise<string>;
  /** How many frames of a match it shall play, where it is too slow for all: 0 for none. */
  framesOf?(plan: Plan): number;
  /** Plays matches that lie in a folder, and says a line for each: what `play.ts` says. */
  play(folder: string, plans: readonly Plan[]): Promise<string[]>;
}

export const isPresent = ({ needs }: Engine): boolean => needs.every((file) => existsSync(file));

/** No engine takes a tenth of it; one that hangs must not hold up the rest. */
const DEADLINE_MS = 120_000;
/** A state of skirmish in hex takes 2 MB, a match of hashes 30 KB. */
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

const run = promisify(execFile);

/** What a program prints. Throws with what it complained of. */
export async function outputOf([path, ...args]: readonly [string, ...string[]]): Promise<string> {
  const { stdout } = await run(path, args, { timeout: DEADLINE_MS, maxBuffer: OUTPUT_BYTES_MAX });
  return stdout;
}

/** The first line of what a program says of itself. */
export async function versionOf(command: readonly [string, ...string[]]): Promise<string> {
  const said = await outputOf(command).catch(() => "");
  return said.split("\n")[0]!.trim() || "unknown version";
}
