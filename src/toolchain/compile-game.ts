// Builds a game, and loads the compiler for it only now: whoever wraps modules of other languages needs no AssemblyScript.
import { SamestepError } from "../error.js";
import type { BuildOptions, BuiltGame } from "./build.js";

/**
 * Compiles and proves a game.
 * @throws SamestepError BAD_USAGE for a runtime that no game can have, or where AssemblyScript is not installed.
 * @throws SamestepError BUILD_FAILED with the compiler's text, or with every finding of the proof and its line of source.
 */
export async function compileGame(options: BuildOptions): Promise<BuiltGame> {
  const build = await import("./build.js").catch((error: unknown) => {
    const { code, message } = error as { code?: string; message?: string };
    if (code !== "ERR_MODULE_NOT_FOUND" || !message?.includes("'assemblyscript'")) throw error;
    throw new SamestepError("BAD_USAGE", "games are compiled by AssemblyScript: npm install --save-dev assemblyscript");
  });
  return build.compileGame(options);
}
