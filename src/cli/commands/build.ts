// samestep build: compiles a game, proves it, and writes the module with its source map and its types.
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { SamestepError } from "../../error.js";
import { makeDirectory } from "../../server/make-directory.js";
import { loadGame } from "../../simulation/game.js";
import { type BuiltGame, compileGame } from "../../toolchain/build.js";
import { type Runtime, runtimeOf } from "../../toolchain/runtime.js";
import { playAlone, tellDifferences } from "../alone.js";
import { Exit, type Io } from "../io.js";
import { readArgs, wrong } from "../usage.js";
import { ADVICE } from "./synctest.js";

const HELP = `samestep build GAME.ts [--out FILE.wasm] [--runtime minimal|incremental]

Compiles a game, proves that it computes the same bits on every machine, and plays it alone
for a second, rolling back every frame.
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

Exit code: 0 built, 1 the game does not compile or is refused, 2 wrong usage (or no such file),
           4 the compiler is missing, or FILE cannot be written
`;

/** A second, and as little rolled back as shows a difference. */
const ALONE = { frames: 60, checkDistance: 2, seed: 1, bot: "random", rules: new Uint8Array(0) } as const;

/** Runs the command. Returns its exit code. */
export async function build(args: string[], io: Io): Promise<number> {
  const options = { out: { type: "string", short: "o" }, runtime: { type: "string" } } as const;
  const parsed = readArgs(args, io, { name: "build", help: HELP, options });
  if (typeof parsed === "number") return parsed;
  const { positionals, values } = parsed;
  const [entry, ...others] = positionals;
  if (entry === undefined) return wrong(io, "build", "which game? Name its main file");
  if (others.length > 0) return wrong(io, "build", `one game at a time, not ${positionals.join(" and ")}`);
  if (!entry.endsWith(".ts")) return wrong(io, "build", `a game is a .ts file, and ${entry} is none`);
  if (!existsSync(entry)) return wrong(io, "build", `there is no file ${entry}`);
  const out = values.out ?? entry.replace(/\.ts$/, ".wasm");
  if (!out.endsWith(".wasm")) return wrong(io, "build", `--out names a .wasm file, and ${out} is none`);
  let runtime: Runtime | undefined;
  try {
    runtime = values.runtime === undefined ? undefined : runtimeOf(values.runtime);
  } catch (error) {
    return wrong(io, "build", (error as Error).message);
  }
  try {
    const begin = performance.now();
    const game = await compileGame({ entry, name: basename(out, ".wasm"), ...(runtime && { runtime }) });
    if (runtime === undefined && !(await repeats(game, io))) return Exit.failed;
    await write(out, game);
    for (const text of [game.diagnostics, game.notices]) if (text.trim() !== "") io.err(text.trimEnd());
    io.out(`${out}  ${kilobytes(game.wasm.length)}  ${Math.round(performance.now() - begin)} ms`);
    return Exit.ok;
  } catch (error) {
    if (!(error instanceof SamestepError)) throw error;
    io.err(error.message.trimEnd());
    return Exit.failed;
  }
}

/** What the proof cannot see: a game that writes to its memory outside of the state, where no rollback restores it. */
async function repeats({ wasm, schema }: BuiltGame, io: Io): Promise<boolean> {
  try {
    const report = await playAlone(await loadGame(wasm), { ...ALONE, players: schema.players.min });
    if (report.differences.length === 0) return true;
    io.err("REFUSED Played again from a snapshot, the game comes to another state.");
    tellDifferences(report, io.err);
    io.err(ADVICE.arena);
    return false;
  } catch (error) {
    // Not every game starts without settings.
    if (error instanceof SamestepError && error.code === "BAD_CONFIG") return true;
    throw error;
  }
}

async function write(out: string, game: BuiltGame): Promise<void> {
  await makeDirectory(dirname(out));
  await writeFile(out, game.wasm);
  await writeFile(`${out}.map`, game.sourceMap);
  await writeFile(join(dirname(out), `${basename(out, ".wasm")}.d.ts`), game.types);
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
