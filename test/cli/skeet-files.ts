// Files of the small shooting game, for commands that read replays: right ones, and one of each kind of wrong one.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { Io } from "../../src/cli/io.js";
import { crc32 } from "../../src/replay/crc32.js";
import type { Game } from "../../src/simulation/game.js";
import { FIRE, type Hands, LEFT, recorded, skeet } from "../desync/skeet.js";
import { streams } from "../streams.js";

/** Seat 1 fires at frame 40, so the state of frame 41 is the first in which a point counts. */
export const HANDS: Hands = (frame, seat) => LEFT | (frame === 40 && seat === 1 ? FIRE : 0);

/** The game hash lies behind the magic and the format. */
const HASH_AT = 10;

/** A temporary folder, gone after the tests of the file. */
export async function temporary(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "samestep-cli-"));
  afterAll(() => rm(folder, { recursive: true }));
  return folder;
}

/** Writes a file, and answers its path. */
export async function put(folder: string, name: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

export interface SkeetFiles {
  game: Game;
  wasm: string;
  /** A build in which a hit is worth three points, and its file. */
  richer: Game;
  richerWasm: string;
  equal: string;
  /** Played by the richer build, and said to be the game's. */
  differs: string;
  damaged: string;
  /** Of another build. */
  foreign: string;
}

export async function skeetFiles(folder: string): Promise<SkeetFiles> {
  const [game, richer] = await Promise.all([skeet(), skeet({ points: 3 })]);
  const file = (name: string, bytes: Uint8Array): Promise<string> => put(folder, name, bytes);
  const match = await recorded(game, HANDS);
  const other = await recorded(richer, HANDS);
  return {
    ...{ game, richer, wasm: await file("skeet.wasm", game.wasm) },
    richerWasm: await file("richer.wasm", richer.wasm),
    equal: await file("equal.replay", match),
    differs: await file("differs.replay", claimed(other, game)),
    damaged: await file(
      "damaged.replay",
      match.map((byte, i) => (i === match.length >> 1 ? byte ^ 1 : byte)),
    ),
    foreign: await file("foreign.replay", other),
  };
}

/** The replay, said to be of this game. */
function claimed(replay: Uint8Array, game: Game): Uint8Array {
  const bytes = replay.slice();
  const view = new DataView(bytes.buffer);
  view.setBigUint64(HASH_AT, BigInt(`0x${game.gameHash}`), true);
  view.setUint32(bytes.length - 4, crc32(bytes, bytes.length - 4), true);
  return bytes;
}

type Command = (args: string[], io: Io) => Promise<number>;

/** Calls a command as the shell would. */
export async function run(
  command: Command,
  ...args: string[]
): Promise<{ code: number; text: string; errors: string }> {
  const io = streams();
  const code = await command(args, io);
  return { code, text: io.text(), errors: io.errors() };
}
