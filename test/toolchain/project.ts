// A user's project in a temporary folder, and a built game brought to life: what the tests of games are made of.
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll } from "vitest";
import { type BuiltGame, compileGame } from "../../src/toolchain/index.js";

export const REPOSITORY: string = resolve(import.meta.dirname, "../..");
const folders: string[] = [];

afterAll(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

/** Writes a project that has samestep in its node_modules; returns its folder. */
export async function project(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "samestep-"));
  folders.push(folder);
  await mkdir(join(folder, "node_modules"));
  await symlink(REPOSITORY, join(folder, "node_modules/samestep"), "dir");
  for (const [name, text] of Object.entries({ "package.json": "{}", ...files })) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

/** Builds a one-file project. */
export async function buildSource(source: string): Promise<BuiltGame> {
  return compileGame({ entry: join(await project({ "game.ts": source }), "game.ts") });
}

/** The text a build fails with. */
export async function failureOf(building: Promise<unknown>): Promise<string> {
  const error = await building.then(
    () => undefined,
    (reason: unknown) => reason as Error & { code?: string },
  );
  if (error?.code !== "BUILD_FAILED") throw error ?? new Error("the build succeeded");
  return error.message;
}

/** A game in memory, as a host would drive it. */
export class Running {
  readonly game: BuiltGame;
  readonly memory: WebAssembly.Memory;
  readonly view: DataView;
  readonly init: () => void;
  readonly step: () => void;

  constructor(game: BuiltGame) {
    this.game = game;
    const instance = new WebAssembly.Instance(new WebAssembly.Module(game.wasm as BufferSource), {});
    const exports = instance.exports as { memory: WebAssembly.Memory; init: () => void; step: () => void };
    this.memory = exports.memory;
    this.view = new DataView(this.memory.buffer);
    this.init = exports.init;
    this.step = () => {
      this.view.setUint32(game.schema.regions.events.address, 0, true);
      exports.step();
    };
  }

  configure(players: number, seed: bigint, rules: Uint8Array = new Uint8Array()): void {
    const { address } = this.game.schema.regions.config;
    this.view.setUint32(address, players, true);
    this.view.setBigUint64(address + 4, seed, true);
    this.bytes.set(rules, address + 16);
  }

  press(player: number, presence: number, bytes: Uint8Array): void {
    const { address, stride } = this.game.schema.regions.inputs;
    const cell = address + player * stride;
    this.bytes.fill(0, cell, cell + stride);
    this.view.setUint8(cell, presence);
    this.view.setUint16(cell + 2, bytes.length, true);
    this.bytes.set(bytes, cell + 8);
  }

  get bytes(): Uint8Array {
    return new Uint8Array(this.memory.buffer);
  }

  /** A copy of the state region. */
  get state(): Uint8Array {
    const { address, size } = this.game.schema.regions.state;
    return this.bytes.slice(address, address + size);
  }

  /** The event records of the last step. */
  get events(): Uint8Array {
    const { address } = this.game.schema.regions.events;
    return this.bytes.slice(address + 4, address + 4 + this.view.getUint32(address, true));
  }

  /** The trap record: message, file and line, or undefined when no assertion failed. */
  get trap(): { message: string; file: string; line: number; column: number } | undefined {
    const { address } = this.game.schema.regions.trap;
    const word = (index: number) => this.view.getUint32(address + 4 * index, true);
    if (word(0) === 0) return undefined;
    const text = (pointer: number) =>
      new TextDecoder("utf-16le").decode(this.bytes.slice(pointer, pointer + this.view.getUint32(pointer - 4, true)));
    return { message: text(word(1)), file: text(word(2)), line: word(3), column: word(4) };
  }
}
