// The corpus in the shells of engines: every module that needs them is played once in each, and the ways to show it read off that.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { absent, bundleScript, present } from "../engines/engines.js";
import { REPOSITORY } from "../toolchain/project.js";
import type { Trial } from "./run-hostile.js";

/** What came out of runs that have to be alike; or why it cannot be shown on this machine. */
export type Outcomes = readonly string[] | { readonly skipped: string };

type Played = ReadonlyMap<string, { readonly straight: string; readonly rolledBack: string } | undefined>;

/** Plays modules in shells of engines. Answers, for each module, what came out in each shell: nothing where it cannot run. */
export class Shells {
  readonly #played = new Map<string, Map<string, { straight: string; rolledBack: string } | undefined>>();

  async play(modules: readonly { name: string; bytes: Uint8Array; profile: string }[]): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), "samestep-corpus-"));
    try {
      const trials: Trial[] = modules.map(({ name, profile }) => ({
        ...{ name, file: join(folder, `${name}.wasm`), managed: profile === "managed" },
      }));
      for (const [i, { file }] of trials.entries()) await writeFile(file, modules[i]!.bytes);
      const script = join(folder, "run.cjs");
      const code = await bundleScript(join(REPOSITORY, "test/proof/run-hostile.ts"));
      await writeFile(script, `const TRIALS = ${JSON.stringify(trials)};\n${code}`);
      for (const { name, command, emulated } of present) if (!emulated) this.#run(name, [...command, script]);
      for (const [name, flags] of PROCESSORS) this.#run(name, [process.execPath, ...flags, script]);
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  #run(shell: string, [path, ...args]: string[]): void {
    const output = execFileSync(path!, args, { encoding: "utf8" });
    for (const [, name, straight, rolledBack] of output.matchAll(/^(\S+) (?:ran (\S+) (\S+)|cannot)$/gm)) {
      const known = this.#played.get(name!) ?? new Map();
      known.set(shell, straight === undefined ? undefined : { straight, rolledBack: rolledBack! });
      this.#played.set(name!, known);
    }
  }

  #of(name: string): Played {
    return this.#played.get(name) ?? new Map();
  }

  engines(name: string): Outcomes {
    const all = [...this.#of(name)].filter(([shell]) => !PROCESSORS.has(shell));
    const outcomes = all.flatMap(([, came]) => (came === undefined ? [] : [came.straight]));
    return orSkipped(outcomes);
  }

  lacking(name: string): Outcomes {
    const all = [...this.#of(name)].filter(([shell]) => !PROCESSORS.has(shell));
    return orSkipped(all.map(([, came]) => (came === undefined ? "cannot" : "runs")));
  }

  rollback(name: string): Outcomes {
    for (const came of this.#of(name).values()) if (came !== undefined) return [came.straight, came.rolledBack];
    return { skipped: "no engine here compiles it" };
  }

  processors(name: string): Outcomes {
    const all = [...PROCESSORS.keys()].map((shell) => this.#of(name).get(shell)?.straight ?? "cannot");
    if (all.includes("cannot")) return { skipped: "this V8 does not compile it" };
    return fuses() ? all : { skipped: "this processor has no fused multiplication" };
  }
}

/** From V8 11.4 on it is there without a flag, and Node refuses flags that are gone. */
const RELAXED = Number.parseFloat(process.versions.v8) < 11.4 ? ["--experimental-wasm-relaxed-simd"] : [];

/** One processor with fused multiplication and one without, both being this one. */
const PROCESSORS: ReadonlyMap<string, readonly string[]> = new Map([
  ["V8, fused", RELAXED],
  ["V8, not fused", [...RELAXED, "--no-enable-fma3"]],
]);

function fuses(): boolean {
  return existsSync("/proc/cpuinfo") && /\bfma\b/.test(readFileSync("/proc/cpuinfo", "utf8"));
}

/** Where all came out alike, an engine that is not here might have told the difference. */
function orSkipped(outcomes: readonly string[]): Outcomes {
  const missing = absent.filter(({ emulated }) => !emulated);
  if (new Set(outcomes).size > 1 || missing.length === 0) return outcomes;
  return { skipped: `not run: ${missing.map(({ name }) => name).join("; ")}` };
}
