// An interpreter in C++, with no engine of JavaScript around it: every match is a script of calls, as in the specification's tests.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Engine, outputOf, versionOf } from "./engine.js";
import type { Plan } from "./plan.js";

const [INTERPRETER, TRANSLATOR] = ["/usr/bin/spectest-interp", "/usr/bin/wast2json"];

/** Interpreting XXH3 of a megabyte takes some 30 ms: of large states it hashes so many, all in all. */
const HASHED_BYTES_MAX = 48 * 1024 * 1024;

export const interpreter: Engine = {
  id: "interpreter",
  name: "wabt's interpreter",
  needs: [INTERPRETER, TRANSLATOR],
  install: "apt-get install wabt",
  version: () => versionOf([INTERPRETER, "--version"]),
  framesOf: ({ frames, regions }) => Math.min(frames, Math.floor(HASHED_BYTES_MAX / regions.state.size)),
  play: async (folder, plans) => {
    const lines: string[] = [];
    for (const plan of plans) lines.push(await playOne(folder, plan));
    return lines;
  },
};

async function playOne(folder: string, plan: Plan): Promise<string> {
  const script = join(folder, "interpreter.wast");
  const commands = join(folder, "interpreter.json");
  await writeFile(script, await scriptOf(folder, plan));
  await outputOf([TRANSLATOR, script, "-o", commands]);
  const said = await outputOf([INTERPRETER, commands]);
  return plan.stateAt === undefined ? hashesIn(said) : stateIn(said);
}

async function scriptOf(folder: string, plan: Plan): Promise<string> {
  const [core, game, inputs] = await Promise.all(
    ["core.wasm", plan.wasm, plan.inputs].map((name) => readFile(join(folder, name))),
  );
  const { state, config, events, inputs: cells } = plan.regions;
  const lines = [
    ...[`(module $core binary "${escaped(core!)}")`, `(register "core" $core)`],
    ...[`(module $game binary "${escaped(game!)}")`, `(register "game" $game)`],
    await readFile("test/matrix/interpreter/bridge.wast", "utf8"),
    `(invoke $core "configure" (i32.const ${state.size}) (i32.const 1) (i32.const 64))`,
    ...stores(config.address, inputs!.subarray(0, plan.configBytes)),
    `(invoke $game "init")`,
  ];
  for (let frame = 0, at = plan.configBytes; ; frame++, at += plan.recordBytes) {
    if (frame === plan.flip?.frame)
      lines.push(
        `(invoke $game-memory "flip" (i32.const ${state.address + plan.flip.offset}) (i32.const ${plan.flip.mask}))`,
      );
    if (frame === plan.stateAt) return [...lines, ...loads(state)].join("\n");
    lines.push(`(invoke $bridge "hash" (i32.const ${state.address}) (i32.const ${state.size}))`);
    if (frame === plan.frames) return lines.join("\n");
    lines.push(...stores(cells.address, inputs!.subarray(at, at + plan.recordBytes)));
    lines.push(...stores(events.address, new Uint8Array(4)), `(invoke $game "step")`);
  }
}

function escaped(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => `\\${byte.toString(16).padStart(2, "0")}`).join("");
}

/** Regions of inputs and settings are whole words. */
function stores(address: number, bytes: Uint8Array): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length >> 2 }, (_, i) => {
    const word = view.getUint32(4 * i, true);
    return `(invoke $game-memory "store" (i32.const ${address + 4 * i}) (i32.const ${word}))`;
  });
}

function loads({ address, size }: { address: number; size: number }): string[] {
  return Array.from(
    { length: Math.ceil(size / 8) },
    (_, i) => `(invoke $game-memory "load" (i32.const ${address + 8 * i}))`,
  );
}

/** `hash(i32:6464, i32:1048) => i64:13206452264724796144`; a step that trapped is said as an error. */
function hashesIn(said: string): string {
  const hashes = [...said.matchAll(/^hash\(.*=> i64:(\d+)$/gm)].map(([, value]) => hex64(BigInt(value!)));
  const trap = /^step\(\) => (error: .*)$/m.exec(said)?.[1];
  return [...hashes, ...(trap === undefined ? [] : [trap])].join(" ");
}

function stateIn(said: string): string {
  const words = [...said.matchAll(/^load\(.*=> i64:(\d+)$/gm)].map(([, value]) => BigInt(value!));
  const bytes = new DataView(new ArrayBuffer(8 * words.length));
  for (const [i, word] of words.entries()) bytes.setBigUint64(8 * i, word, true);
  return Buffer.from(bytes.buffer).toString("hex");
}

function hex64(value: bigint): string {
  return value.toString(16).padStart(16, "0");
}
