// npm run faults: plants faults in live matches, and holds the reports of both sides against the truth.
import { parseArgs } from "node:util";
import { bundle } from "../dst/bundle.js";
import { ATTEMPTS_MAX, campaign } from "./campaign.js";
import { Crew } from "./crew.js";
import { compileGames } from "./modules.js";
import type { Outcome } from "./outcome.js";
import { summary, tableOf } from "./table.js";

const USAGE = `usage: npm run faults -- [--faults N] [--clean N]   plant N faults, 200 by default, and play N matches without any, 1000 by default
       --first S       the first seed, 1 by default: the same seed plants the same faults
       --jobs N        threads, 2 by default
       --json          the summary as JSON
exit: 0 all is as it should be, 1 it is not, 2 the command was given wrongly`;

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

function wrong(why: string): never {
  process.stderr.write(`faults: ${why}\n${USAGE}\n`);
  process.exit(2);
}

function options() {
  try {
    return parseArgs({
      options: {
        faults: { type: "string", default: "200" },
        clean: { type: "string", default: "1000" },
        first: { type: "string", default: "1" },
        jobs: { type: "string", default: "2" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error));
  }
}

function whole(name: string, text: string, least: number): number {
  const value = Number(text);
  return Number.isInteger(value) && value >= least
    ? value
    : wrong(`--${name} is a whole number from ${least}, not ${text}`);
}

function tell({ task, what, complaints }: Outcome): void {
  if (complaints.length === 0) return;
  const number = task.type === "fault" ? `fault ${task.seed}, try ${task.attempt}` : `match ${task.seed}`;
  process.stderr.write(`${number}: ${what}\n${complaints.map((complaint) => `  ${complaint}\n`).join("")}`);
}

async function main(): Promise<number> {
  const values = options();
  if (values.help) {
    say(USAGE);
    return 0;
  }
  const numbers = {
    faults: whole("faults", values.faults, 0),
    clean: whole("clean", values.clean, 0),
    first: whole("first", values.first, 0),
    attempts: ATTEMPTS_MAX,
  };
  const crew = await Crew.of(
    await bundle("faults", [], "test/faults/worker.ts"),
    await compileGames(),
    whole("jobs", values.jobs, 1),
  );
  const begin = performance.now();
  const found = summary(await campaign(crew, numbers, tell));
  await crew.end();
  if (values.json) say(JSON.stringify(found));
  else {
    for (const line of tableOf(found)) say(line);
    say(`in ${((performance.now() - begin) / 1000).toFixed(0)} s`);
  }
  return found.failures.length === 0 ? 0 : 1;
}

process.exitCode = await main();
