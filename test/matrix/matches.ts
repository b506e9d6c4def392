// The matches that every engine plays: the recorded ones, and one of a game whose inputs are chosen to make engines differ.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { GameShelf } from "../../src/cli/games.js";
import { parseReplay } from "../../src/replay/format.js";
import type { Schema } from "../../src/simulation/schema.js";
import {
  CELL_HEADER_BYTES,
  GAME_CONFIG_HEADER_BYTES,
  type GameConfig,
  PRESENCE_HERE,
} from "../../src/simulation/simulation.js";
import { compileGame } from "../../src/toolchain/build.js";
import { randomWords } from "../engines/words.js";
import type { Plan } from "./plan.js";

const FIXTURES = "fixtures/replays";
const TORTURE = "test/games/torture.ts";
const TORTURE_FRAMES = 600;
const TORTURE_SEED = 0x5a3e57e9;

export interface Match {
  readonly name: string;
  readonly wasm: Uint8Array;
  readonly schema: Schema;
  /** What the game is told before the first frame. */
  readonly config: Uint8Array;
  /** What lies in the region of inputs, at each step. */
  readonly records: readonly Uint8Array[];
}

/** Throws where a replay belongs to no build that lies in `build/games`: then it says nothing about the game at hand. */
export async function fixtureMatches(): Promise<Match[]> {
  const shelf = new GameShelf([]);
  const names = (await readdir(FIXTURES)).filter((name) => name.endsWith(".replay")).sort();
  const matches: Match[] = [];
  for (const name of names) {
    const path = join(FIXTURES, name);
    const parsed = parseReplay(await readFile(path));
    if (parsed.kind !== "replay") throw new Error(`${path}: ${parsed.why}`);
    const { gameHash, config, records } = readAll(parsed.replay);
    const game = await shelf.find(gameHash);
    if (game === undefined) {
      const next = "npm run fixtures, and record the browser matches again";
      throw new Error(`${path} was recorded with game build ${gameHash}, which is not in build/games: ${next}`);
    }
    matches.push({ name: basename(name, ".replay"), wasm: game.wasm, schema: game.schema, config, records });
  }
  return matches;
}

type Parsed = Extract<ReturnType<typeof parseReplay>, { kind: "replay" }>;

/** A record is borrowed until the next is read. */
function readAll(replay: Parsed["replay"]): Pick<Match, "config" | "records"> & { gameHash: string } {
  const records = Array.from(replay.records(), (record) => record.slice());
  return { gameHash: replay.gameHash, config: configBytes(replay.config), records };
}

/** Neither demo game computes with floats; this one does nothing else, and makes NaNs of every kind. */
export async function tortureMatch(): Promise<Match> {
  const { wasm, schema } = await compileGame({ entry: TORTURE });
  const { stride } = schema.regions.inputs;
  const players = schema.players.min;
  const word = randomWords(TORTURE_SEED);
  const records = Array.from({ length: TORTURE_FRAMES }, () => {
    const record = new DataView(new ArrayBuffer(players * stride));
    for (let cell = 0; cell < record.byteLength; cell += stride) {
      record.setUint8(cell, PRESENCE_HERE);
      record.setUint16(cell + 2, stride - CELL_HEADER_BYTES, true);
      for (let at = CELL_HEADER_BYTES; at < stride; at += 4) record.setUint32(cell + at, word(), true);
    }
    return new Uint8Array(record.buffer);
  });
  const config = configBytes({ players, seedLow: TORTURE_SEED, seedHigh: 0, rules: new Uint8Array(0) });
  return { name: "torture", wasm, schema, config, records };
}

function configBytes({ players, seedLow, seedHigh, rules }: GameConfig): Uint8Array {
  const bytes = new Uint8Array(GAME_CONFIG_HEADER_BYTES + rules.length);
  new Uint32Array(bytes.buffer, 0, 3).set([players, seedLow, seedHigh]);
  bytes.set(rules, GAME_CONFIG_HEADER_BYTES);
  return bytes;
}

/** Writes what the engines read into a folder, and says of each match what lies where. */
export async function place(folder: string, matches: readonly Match[]): Promise<Plan[]> {
  await writeFile(join(folder, "core.wasm"), await readFile("build/core.wasm"));
  const files = new Map<Uint8Array, string>();
  const plans: Plan[] = [];
  for (const { name, wasm, schema, config, records } of matches) {
    const file = files.get(wasm) ?? `game-${files.size}.wasm`;
    if (!files.has(wasm)) await writeFile(join(folder, file), wasm);
    files.set(wasm, file);
    const inputs = `inputs-${plans.length}`;
    await writeFile(join(folder, inputs), Buffer.concat([config, ...records]));
    const { state, config: settings, inputs: cells, events } = schema.regions;
    plans.push({
      ...{ name, wasm: file, inputs, frames: records.length },
      ...{ configBytes: config.length, recordBytes: records[0]?.length ?? 0 },
      regions: { state, config: settings, inputs: cells, events },
    });
  }
  return plans;
}
