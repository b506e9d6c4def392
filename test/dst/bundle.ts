// Builds the thread that plays matches from our sources: as they are, or with faults planted by hand.
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { build, type Plugin } from "esbuild";

export interface Edit {
  file: string;
  find: string;
  replace: string;
}

/** Builds a thread's program into build/dst/NAME.mjs and answers that path. Every edit must meet its file, once. */
export async function bundle(name: string, edits: readonly Edit[] = [], entry = "test/dst/worker.ts"): Promise<string> {
  const applied = new Set<Edit>();
  const outfile = `build/dst/${name.replaceAll(" ", "-")}.mjs`;
  await build({
    entryPoints: [entry],
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    outfile,
    plugins: [planting(edits, applied)],
    logLevel: "silent",
  });
  if (applied.size !== edits.length) throw new Error(`not every edit of "${name}" met its file`);
  return resolve(outfile);
}

function planting(edits: readonly Edit[], applied: Set<Edit>): Plugin {
  return {
    name: "plant",
    setup(setup) {
      setup.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        let contents = await readFile(path, "utf8");
        for (const edit of edits) {
          if (resolve(edit.file) !== path) continue;
          if (contents.split(edit.find).length !== 2) throw new Error(`${edit.file} does not hold once: ${edit.find}`);
          contents = contents.replace(edit.find, () => edit.replace);
          applied.add(edit);
        }
        return { contents, loader: "ts" };
      });
    },
  };
}
