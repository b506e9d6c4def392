// A match written down: the recorder's port, and the file it becomes.
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { MatchConfig } from "../wire/match-config.js";

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
  finish(): Uint8Array;
}

/** Writes a finished match as `ROOM-TIME.replay`; a reader never sees half of it. Answers the path. */
export async function writeRecording(directory: string, room: string, time: Date, file: Uint8Array): Promise<string> {
  await mkdir(directory, { recursive: true });
  const path = join(directory, `${room}-${time.toISOString().replace(/[:.]/g, "-")}.replay`);
  await writeFile(`${path}.part`, file);
  await rename(`${path}.part`, path);
  return path;
}
