// The shells of engines of JavaScript: each match in one process, so that it is compiled better and better as in a page.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bundleScript, SHELLS, type Shell } from "../engines/engines.js";
import { type Engine, outputOf, versionOf } from "./engine.js";

function engineOf(shell: Shell): Engine {
  const { id, name, needs, install, command, about } = shell;
  return {
    ...{ id, name, needs, install },
    version: () => versionOf(about),
    play: async (folder, plans) => {
      const script = join(folder, `${id}.cjs`);
      const given = `const FOLDER = ${JSON.stringify(folder)}, PLANS = ${JSON.stringify(plans)};\n`;
      await writeFile(script, given + (await bundleScript("test/matrix/in-shell.ts")));
      return (await outputOf([...command, script])).trimEnd().split("\n");
    },
  };
}

export const shellEngines: readonly Engine[] = SHELLS.map(engineOf);
