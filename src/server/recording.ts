// A match written down: the recorder's port, and the file it becomes.
import { access, constants, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SamestepError } from "../error.js";
import type { MatchConfig } from "../wire/match-config.js";
import type { SignedResult } from "../wire/result.js";
import { makeDirectory } from "./make-directory.js";

/** What a recorder must know of the match that was opened. */
export interface OpenedMatch {
  room: string;
  gameHash: string;
  schemaHash: string;
  config: MatchConfig;
  cellBytes: number;
}

/** Takes down a match: `ReplayRecorder` of samestep/replay is one. */
export interface Recorder {
  /** Each frame once, in order, with the record of all seats' cells. The record is borrowed. */
  confirmed(frame: number, record: Uint8Array): void;
  /** The low 32 bits of the hash chain at `frame`, on which all players agree. */
  check(frame: number, chain: number): void;
  /** The result of the match, where this server signs it; before `finish`. */
  sign?(result: SignedResult): void;
  finish(): Uint8Array;
}

/**
 * Makes the directory, so that a host hears before the first match and not after it that nothing can be written there.
 * @throws SamestepError BAD_USAGE when it cannot be made, or not be written to.
 */
export async function openRecordings(directory: string): Promise<void> {
  try {
    await makeDirectory(directory);
    await access(directory, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new SamestepError("BAD_USAGE", `cannot record to ${directory}: ${whyNot(error)}. Name another directory`);
  }
}

function whyNot(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "EEXIST" || code === "ENOTDIR") return "a file is in its way";
  if (code === "ENOENT") return "no directory can be made there";
  return code === "EACCES" || code === "EPERM" || code === "EROFS" ? "it may not be written to" : message;
}

/** Writes a finished match as `ROOM-TIME.replay`; a reader never sees half of it. Answers the path. */
export async function writeRecording(directory: string, room: string, time: Date, file: Uint8Array): Promise<string> {
  await makeDirectory(directory);
  const path = join(directory, `${room}-${time.toISOString().replace(/[:.]/g, "-")}.replay`);
  await writeFile(`${path}.part`, file);
  await rename(`${path}.part`, path);
  return path;
}
