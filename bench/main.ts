// npm run bench: every figure we claim, held against its peers in the same run, beside its budget.
import { open, readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { buildBenchGames } from "./bench-games.js";
import { BENCHES } from "./benches.js";
import { answerOf } from "./child.js";
import type { Figure } from "./measure.js";
import { count, isMissed, judge, line, machine, type Result, withTable } from "./results.js";

const USAGE = "npm run bench -- [NAME…] [--update] [--json [FILE]]";

const HELP = `${USAGE}

Measures what this repository claims and prints each figure beside its budget.
NAME is one of ${Object.keys(BENCHES).join(", ")};
without a name, all of them run.

Options
  --json FILE   writes the figures to FILE as well; as the last word, without FILE, to standard output, and what is
                printed else to standard error (npm run -s bench, or npm says its own there first)
  --update      writes the table of bench/RESULTS.md anew; only for a full run
  -h, --help    this text

Exit code: 0 every budget is met, 1 one is missed or could not be measured, 2 wrong usage.
`;

const RESULTS = "bench/RESULTS.md";

/** The file that is no file. */
const STDOUT = "-";

interface Order {
  names: string[];
  json: string | undefined;
  update: boolean;
  help: boolean;
}

/** What was asked for, or why it cannot be done. */
function readArguments(args: string[]): Order | string {
  try {
    const { values, positionals: names } = parseArgs({
      args: args.at(-1) === "--json" ? [...args, STDOUT] : args,
      allowPositionals: true,
      options: {
        json: { type: "string" },
        update: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    const unknown = names.find((name) => !Object.hasOwn(BENCHES, name));
    if (unknown !== undefined) return `There is no bench ${unknown}; there are ${Object.keys(BENCHES).join(", ")}.`;
    if (values.json !== undefined && Object.hasOwn(BENCHES, values.json))
      return `--json takes a file's name, and ${values.json} is a bench: say it before --json.`;
    if (values.update && names.length > 0) return "--update writes the whole table: run it without names.";
    return { names, json: values.json, update: values.update, help: values.help };
  } catch (error) {
    return (error as Error).message;
  }
}

async function run({ names, json, update }: Order): Promise<number> {
  const began = performance.now();
  const results: Result[] = [];
  const table = json === STDOUT ? process.stderr : process.stdout;
  await buildBenchGames();
  for (const [name, parts] of Object.entries(BENCHES)) {
    if (names.length > 0 && !names.includes(name)) continue;
    for (const [index, { flags, when }] of parts.entries()) {
      if (when === (names.length > 0 ? "all" : "named")) continue;
      for (const figure of await answerOf<Figure[]>("part", [name, String(index)], flags)) {
        const result = judge(name, figure);
        results.push(result);
        table.write(`${line(result)}\n`);
      }
    }
  }
  const seconds = Math.round((performance.now() - began) / 1000);
  table.write(`\n${count(results)}, ${seconds} s\n${machine()}\n`);
  if (json !== undefined) {
    const report = { schema: "samestep.bench/2", machine: machine(), date: new Date().toISOString(), results };
    const text = `${JSON.stringify(report, undefined, 2)}\n`;
    if (json === STDOUT) process.stdout.write(text);
    else await writeFile(json, text);
  }
  if (update) await writeFile(RESULTS, withTable(await readFile(RESULTS, "utf8"), results, new Date()));
  return results.some(isMissed) ? 1 : 0;
}

/** Why the figures could not be written, before minutes went into them. */
async function whyNotTo(file: string | undefined): Promise<string | undefined> {
  if (file === undefined || file === STDOUT) return undefined;
  try {
    await (await open(file, "a")).close();
    return undefined;
  } catch (error) {
    return `The figures cannot be written to ${file}: ${(error as Error).message}.`;
  }
}

const asked = readArguments(process.argv.slice(2));
const order = typeof asked === "string" ? asked : ((await whyNotTo(asked.json)) ?? asked);
if (typeof order === "string") {
  process.stderr.write(`npm run bench: ${order}\nUsage: ${USAGE}\n`);
  process.exitCode = 2;
} else if (order.help) process.stdout.write(HELP);
else process.exitCode = await run(order);
