// samestep wrap: makes a game of a module that another compiler made, and of a description of what lies where in its memory.
import { readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { SamestepError } from "../../error.js";
import { makeDirectory } from "../../server/make-directory.js";
import type { Description } from "../../toolchain/description.js";
import { type WrappedGame, wrapModule } from "../../toolchain/wrap.js";
import { Exit, type Io } from "../io.js";
import { whyUnread } from "../reasons.js";
import { readArgs, wholeNumber, wrong } from "../usage.js";

const HELP = `samestep wrap MODULE.wasm --schema SCHEMA.json --out GAME.wasm [--pages N]

Makes a game of a module from C, Rust, Zig or WebAssembly text: fixes the size of its memory,
keeps its variables in that memory between steps, adds the schema, and proves that it computes
the same bits on every machine. Writes GAME.wasm, and GAME.d.ts with its types.

  --schema FILE    what its memory holds; docs/other-languages.md says how to write it
  -o, --out FILE   where to
  --pages N        its memory, in pages of 64 KiB; by default what the module asks for at its start

Example
  samestep wrap pong.wasm --schema pong.json --out public/game.wasm

Exit code: 0 written, 1 the module is refused, 2 wrong usage (or no such file),
           4 GAME.wasm cannot be written
`;

const PAGES_MAX = 65_536;

export async function wrap(args: string[], io: Io): Promise<number> {
  const options = {
    schema: { type: "string" },
    out: { type: "string", short: "o" },
    pages: { type: "string" },
  } as const;
  const parsed = readArgs(args, io, { name: "wrap", help: HELP, options });
  if (typeof parsed === "number") return parsed;
  const { positionals, values } = parsed;
  const [path, ...others] = positionals;
  if (path === undefined || others.length > 0) return wrong(io, "wrap", "name one module");
  if (values.schema === undefined) return wrong(io, "wrap", "what lies in its memory? Name --schema FILE.json");
  if (!values.out?.endsWith(".wasm")) return wrong(io, "wrap", "where to? Name --out FILE.wasm");
  const pages = values.pages === undefined ? undefined : wholeNumber(values.pages, 1, PAGES_MAX);
  if (values.pages !== undefined && pages === undefined)
    return wrong(io, "wrap", `--pages is a whole number from 1 to ${PAGES_MAX}`);
  const [wasm, json] = await Promise.all([readFile(path).catch(whyUnread), readFile(values.schema).catch(whyUnread)]);
  if (typeof wasm === "string") return wrong(io, "wrap", `${path}: ${wasm}`);
  if (typeof json === "string") return wrong(io, "wrap", `${values.schema}: ${json}`);
  const description = parseDescription(json);
  if (description === undefined) return wrong(io, "wrap", `${values.schema} is no JSON object`);
  try {
    const game = wrapModule({ wasm, description, ...(pages !== undefined && { pages }) });
    await write(values.out, game);
    if (game.notices !== "") io.err(game.notices);
    io.out(`${values.out}  ${(game.wasm.length / 1000).toFixed(1)} kB`);
    return Exit.ok;
  } catch (error) {
    if (!(error instanceof SamestepError)) throw error;
    if (error.code === "BAD_USAGE") return wrong(io, "wrap", error.message);
    io.err(error.message);
    return Exit.failed;
  }
}

function parseDescription(json: Uint8Array): Description | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(json));
    return typeof value === "object" && value !== null ? (value as Description) : undefined;
  } catch {
    return undefined;
  }
}

async function write(out: string, game: WrappedGame): Promise<void> {
  await makeDirectory(dirname(out));
  await writeFile(out, game.wasm);
  await writeFile(join(dirname(out), `${basename(out, ".wasm")}.d.ts`), game.types);
}
