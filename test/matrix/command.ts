// The command of the matrix: which engines, which must be there, and whom the answer is for.
import { parseArgs } from "node:util";
import { Exit, type Io } from "../../src/cli/io.js";
import { nearest } from "../../src/cli/usage.js";
import type { Engine } from "./engine.js";
import { ENGINES, enginesNamed } from "./lineup.js";
import { fixtureMatches, tortureMatch } from "./matches.js";
import { type Matrix, playMatrix } from "./matrix.js";
import { tableOf } from "./table.js";

const HELP = `npm run matrix [-- --only NAMES] [--require NAMES] [--json]

Plays every match of fixtures/replays, and one of a game of NaNs, in every engine
that is installed here, and compares the hashes of all states.

  --only NAMES      these engines alone, with commas between; jsc is all of jsc-...
  --require NAMES   fail where one of these is not installed
  --json            one object for machines, "samestep.matrix/1"

Engines: ${ENGINES.map(({ id }) => id).join(", ")}

Examples
  npm run matrix
  npm run matrix -- --only v8,arm64
  npm run matrix -- --require v8,jsc,spidermonkey,chromium

Exit code: 0 all states equal, 1 an engine differs or failed, 2 wrong usage,
4 a required engine is not here`;

const OPTIONS = {
  only: { type: "string" },
  require: { type: "string" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

class Misuse extends Error {}

export async function matrix(args: string[], io: Io): Promise<number> {
  try {
    const values = optionsOf(args);
    if (values.help) {
      io.out(HELP);
      return Exit.ok;
    }
    const engines = values.only === undefined ? ENGINES : named("only", values.only);
    const required = values.require === undefined ? [] : named("require", values.require);
    const matches = [...(await fixtureMatches()), await tortureMatch()];
    const played = await playMatrix({ matches, engines });
    return tell(played, missingOf(played, required), values.json, io);
  } catch (error) {
    if (!(error instanceof Misuse)) throw error;
    io.err(`matrix: ${error.message}`);
    io.err("See: npm run matrix -- --help");
    return Exit.usage;
  }
}

/** Engines that must be there and are not. */
export function missingOf({ rows }: Matrix, required: readonly Engine[]): Engine[] {
  const run = new Set(rows.filter(({ outcome }) => outcome !== "not run").map(({ id }) => id));
  return required.filter(({ id }) => !run.has(id));
}

function optionsOf(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS }).values;
  } catch (error) {
    throw new Misuse((error as Error).message.split(". To specify")[0]);
  }
}

function named(option: string, list: string): readonly Engine[] {
  const engines = enginesNamed(list);
  if (!("unknown" in engines)) return engines;
  const ids = ENGINES.map(({ id }) => id);
  const meant = nearest(engines.unknown, ids);
  throw new Misuse(
    `--${option}: there is no engine '${engines.unknown}'; ${meant ? `did you mean ${meant}?` : ids.join(", ")}`,
  );
}

function tell(played: Matrix, missing: readonly Engine[], json: boolean, io: Io): number {
  if (json) {
    const object = { schema: "samestep.matrix/1", ...played, missing: missing.map(({ id }) => id) };
    io.out(JSON.stringify(object, undefined, 2));
  } else {
    io.out(tableOf(played));
    for (const { name, install } of missing) io.out(`✗ required, but not run: ${name}: ${install}`);
  }
  if (played.rows.some(({ outcome }) => outcome === "differs" || outcome === "failed")) return Exit.failed;
  return missing.length > 0 ? Exit.environment : Exit.ok;
}
