// The engines that this machine has, and a game's hash in each of them: browsers' engines without their browsers.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { transform } from "esbuild";
import type { Run } from "./play.js";

export interface Engine {
  readonly name: string;
  readonly path: string;
  readonly flags: readonly string[];
}

const [NODE, JSC, SPIDERMONKEY] = [process.execPath, "/usr/bin/jsc", "/usr/bin/js102"];

/** An engine compiles a function more than once, each time better; every one of these compilers has NaNs of its own. */
const ALL: readonly Engine[] = [
  { name: "V8", path: NODE, flags: [] },
  { name: "V8, baseline only", path: NODE, flags: ["--liftoff-only"] },
  { name: "V8, optimised only", path: NODE, flags: ["--no-liftoff"] },
  { name: "JavaScriptCore", path: JSC, flags: [] },
  { name: "JavaScriptCore, baseline only", path: JSC, flags: ["--useOMGJIT=0", "--useWasmLLInt=0"] },
  {
    name: "JavaScriptCore, optimised early",
    path: JSC,
    flags: ["--useConcurrentJIT=0", "--thresholdForOMGOptimizeAfterWarmUp=10"],
  },
  { name: "SpiderMonkey", path: SPIDERMONKEY, flags: [] },
  { name: "SpiderMonkey, baseline only", path: SPIDERMONKEY, flags: ["--wasm-compiler=baseline"] },
  { name: "SpiderMonkey, optimised only", path: SPIDERMONKEY, flags: ["--wasm-compiler=ion"] },
];

export const present: readonly Engine[] = ALL.filter(({ path }) => existsSync(path));
export const absent: readonly Engine[] = ALL.filter(({ path }) => !existsSync(path));

/** Plays one match in each engine. Answers the hashes of its states, of each piece of them, by engine. */
export async function playEverywhere(wasm: Uint8Array, match: Omit<Run, "wasm">): Promise<Map<string, string[]>> {
  const folder = await mkdtemp(join(tmpdir(), "samestep-engines-"));
  try {
    const file = join(folder, "game.wasm");
    await writeFile(file, wasm);
    const run: Run = { ...match, wasm: file };
    const source = await readFile(join(import.meta.dirname, "play.ts"), "utf8");
    const { code } = await transform(source, { loader: "ts", format: "iife", target: "es2022" });
    const script = join(folder, "play.cjs");
    await writeFile(script, `const RUN = ${JSON.stringify(run)};\n${code}`);
    return new Map(present.map((engine) => [engine.name, hashesIn(engine, script)]));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function hashesIn({ name, path, flags }: Engine, script: string): string[] {
  const output = execFileSync(path, [...flags, script], { encoding: "utf8" });
  const hashes = /^played (.*)$/m.exec(output)?.[1];
  if (hashes === undefined) throw new Error(`${name} did not finish the match; it said: ${output}`);
  return hashes.split(" ");
}
