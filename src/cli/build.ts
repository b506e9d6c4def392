// samestep build: compiles a game, proves it, and writes the module with its source map and its types.
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { SamestepError } from "../error.js";
import { type BuiltGame, compileGame } from "../toolchain/build.js";
import { type Runtime, runtimeOf } from "../toolchain/runtime.js";
import type { Io } from "./io.js";

const USAGE = "samestep build GAME.ts [--out FILE.wasm] [--runtime minimal|incremental]";

const HELP = `${USAGE}

Compiles a game and proves that it computes the same bits on every machine.
Writes three files beside each other:
  FILE.wasm       the game, with its schema inside
  FILE.wasm.map   its source map, for debuggers
  FILE.d.ts       the types of its state, inputs, settings and events

Options
  -o, --out FILE.wasm   where to; by default beside GAME.ts
  --runtime NAME        a managed game, which may use new, Array, Map and string; its snapshots are its whole memory.
                        minimal frees after every step, incremental also within one
  -h, --help            this text

Examples
  samestep build game/index.ts --out public/game.wasm
  samestep build duel.ts
  samestep build colony.ts --runtime minimal

Exit code: 0 built, 1 the game does not compile or is refused, 2 wrong usage (or no such file).
`;

/** Runs the command. Returns its exit code. */
export async function build(args: string[], io: Io): Promise<number> {
  const usage = (message: string) => {
    io.err(`samestep build: ${message}\nUsage: ${USAGE}`);
    return 2;
  };
  const parsed = parse(args);
  if (typeof parsed === "string") return usage(parsed);
  if (parsed.help) {
    io.out(HELP);
    return 0;
  }
  const [entry, ...others] = parsed.files;
  if (entry === undefined) return usage("Which game? Name its main file.");
  if (others.length > 0) return usage(`One game at a time: ${parsed.files.join(", ")} are ${parsed.files.length}.`);
  if (!entry.endsWith(".ts")) return usage(`A game is a .ts file, and ${entry} is none.`);
  if (!existsSync(entry)) return usage(`There is no file ${entry}.`);
  const out = parsed.out ?? entry.replace(/\.ts$/, ".wasm");
  if (!out.endsWith(".wasm")) return usage(`--out names a .wasm file, and ${out} is none.`);
  let runtime: Runtime | undefined;
  try {
    runtime = parsed.runtime === undefined ? undefined : runtimeOf(parsed.runtime);
  } catch (error) {
    return usage((error as Error).message);
  }
  try {
    const begin = performance.now();
    const game = await compileGame({ entry, name: basename(out, ".wasm"), ...(runtime && { runtime }) });
    await write(out, game);
    for (const text of [game.diagnostics, game.notices]) if (text.trim() !== "") io.err(text.trimEnd());
    io.out(`${out}  ${kilobytes(game.wasm.length)}  ${Math.round(performance.now() - begin)} ms`);
    return 0;
  } catch (error) {
    if (!(error instanceof SamestepError)) throw error;
    io.err(error.message.trimEnd());
    return 1;
  }
}

interface Parsed {
  files: string[];
  out: string | undefined;
  runtime: string | undefined;
  help: boolean;
}

function parse(args: string[]): Parsed | string {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        out: { type: "string", short: "o" },
        runtime: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
    return { files: positionals, out: values.out, runtime: values.runtime, help: values.help ?? false };
  } catch (error) {
    return (error as Error).message;
  }
}

async function write(out: string, game: BuiltGame): Promise<void> {
  await mkdir(dirname(out), { recursive: true });
  await writeFile(out, game.wasm);
  await writeFile(`${out}.map`, game.sourceMap);
  await writeFile(join(dirname(out), `${basename(out, ".wasm")}.d.ts`), game.types);
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
