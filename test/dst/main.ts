// npm run dst: whole matches under a bad network, in virtual time; a failing one is made small and kept as a file.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { bundle } from "./bundle.js";
import { Crew } from "./crew.js";
import { fuzz } from "./fuzz.js";
import { generate } from "./generate.js";
import { generateMembers, type MembersSchedule, readMembers, writeMembers } from "./members-schedule.js";
import { shrinkMembers } from "./members-shrink.js";
import { compileGames, loadGames, type Modules, type Outcome } from "./run.js";
import { read, type Schedule, write } from "./schedule.js";
import { type Fails, type Shrunk, shrink } from "./shrink.js";

const USAGE = `usage: npm run dst -- [--seeds N] [--first S]     play N seeds from S on; each that fails is made small
       npm run dst -- --schedule FILE             play a schedule, for example one of fixtures/seeds
       npm run dst -- --fuzz N                    alter datagrams on their way until N of them were altered or passed
       npm run dst -- --members [--seeds N] [--first S] [--schedule FILE]   the same of matches without a server
       --jobs N                                   threads, 2 by default
       --keep-as-it-is                            do not make failing seeds small`;

/** Where failing schedules are kept, and played again by the tests. */
const SEEDS = "fixtures/seeds";
const MEMBERS_SEEDS = "fixtures/seeds/members";

const MEMBERS_WORKER = "test/dst/members-worker.ts";

/** Enough to see a pattern; making more of them small would only take time. */
const SHRINK_MAX = 5;

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

function wrong(why: string): never {
  process.stderr.write(`dst: ${why}\n${USAGE}\n`);
  process.exit(2);
}

function options() {
  try {
    return parseArgs({
      options: {
        seeds: { type: "string", default: "200" },
        first: { type: "string", default: "1" },
        jobs: { type: "string", default: "2" },
        schedule: { type: "string" },
        members: { type: "boolean", default: false },
        fuzz: { type: "string" },
        "keep-as-it-is": { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error));
  }
}

function whole(name: string, text: string, least: number): number {
  const value = Number(text);
  return Number.isInteger(value) && value >= least ? value : wrong(`--${name} is a whole number from ${least}`);
}

function tellViolations({ violations }: Outcome): void {
  for (const { oracle, text } of violations) say(`  ${oracle}: ${text}`);
}

/** A failure as its law words it, whatever its figures. */
function wording({ violations }: Outcome): string[] {
  return violations.map(({ oracle, text }) => `${oracle}: ${text.replaceAll(/\d+/g, "#")}`);
}

/** How the schedules of one kind of match come about, are made small, and are kept. */
interface Kind<S> {
  generate: (seed: number) => S;
  shrink: (failing: S, fails: Fails<S>) => Promise<Shrunk<S>>;
  write: (schedule: S) => string;
  folder: string;
}

const WITH_A_SERVER: Kind<Schedule> = { generate, shrink, write, folder: SEEDS };
const WITHOUT_A_SERVER: Kind<MembersSchedule> = {
  ...{ generate: generateMembers, shrink: shrinkMembers, write: writeMembers, folder: MEMBERS_SEEDS },
};

/** Makes a failing schedule small, and keeps it; answers where. */
async function keepSmall<S extends Schedule | MembersSchedule>(
  crew: Crew,
  outcome: Outcome,
  kind: Kind<S>,
): Promise<string> {
  const failure = wording(outcome)[0]!;
  const fails = async (schedule: S): Promise<boolean> => wording(await crew.play(schedule)).includes(failure);
  const { schedule } = await kind.shrink(kind.generate(outcome.seed), fails);
  const path = `${kind.folder}/${outcome.violations[0]!.oracle}-${outcome.seed}.json`;
  await mkdir(kind.folder, { recursive: true });
  await writeFile(path, kind.write(schedule));
  return path;
}

async function playSeeds(
  modules: Modules,
  first: number,
  seeds: number,
  jobs: number,
  small: boolean,
): Promise<number> {
  const crew = await Crew.of(await bundle("worker"), modules, jobs);
  const begin = performance.now();
  const outcomes = await crew.playSeeds(first, seeds);
  const seconds = (performance.now() - begin) / 1000;
  const failed = outcomes.filter(({ violations }) => violations.length > 0);
  for (const [index, outcome] of failed.entries()) {
    say(`seed ${outcome.seed}:`);
    tellViolations(outcome);
    if (small && index < SHRINK_MAX) {
      say(`  again: npm run dst -- --schedule ${await keepSmall(crew, outcome, WITH_A_SERVER)}`);
    } else say(`  again: npm run dst -- --seeds 1 --first ${outcome.seed}`);
  }
  await crew.end();
  for (const line of summary(outcomes)) say(line);
  say(`${outcomes.length - failed.length} passed, ${failed.length} failed, in ${seconds.toFixed(1)} s`);
  return failed.length === 0 ? 0 : 1;
}

/** What was exercised, so that green means something. */
function summary(outcomes: readonly Outcome[]): string[] {
  const sums = new Map<string, number>();
  for (const { exercised } of outcomes) {
    for (const [name, count] of Object.entries(exercised)) sums.set(name, (sums.get(name) ?? 0) + count);
  }
  return [[...sums].map(([name, sum]) => `${sum} ${name}`).join(", ")];
}

/** Matches without a server have schedules of their own. */
async function playMembers(
  modules: Modules,
  first: number,
  seeds: number,
  jobs: number,
  small: boolean,
): Promise<number> {
  const crew = await Crew.of(await bundle("members", [], MEMBERS_WORKER), modules, jobs);
  const outcomes = await crew.playSeeds(first, seeds);
  const failed = outcomes.filter(({ violations }) => violations.length > 0);
  for (const [index, outcome] of failed.entries()) {
    say(`seed ${outcome.seed}:`);
    tellViolations(outcome);
    if (small && index < SHRINK_MAX) {
      say(`  again: npm run dst -- --members --schedule ${await keepSmall(crew, outcome, WITHOUT_A_SERVER)}`);
    } else say(`  again: npm run dst -- --members --seeds 1 --first ${outcome.seed}`);
  }
  await crew.end();
  for (const line of summary(outcomes)) say(line);
  say(`${outcomes.length - failed.length} passed, ${failed.length} failed`);
  return failed.length === 0 ? 0 : 1;
}

async function main(): Promise<number> {
  const values = options();
  const jobs = whole("jobs", values.jobs, 1);
  const modules = await compileGames();
  if (values.schedule !== undefined) {
    const { members } = values;
    const text = await readFile(values.schedule, "utf8");
    const worker = members ? bundle("members", [], MEMBERS_WORKER) : bundle("worker");
    const crew = await Crew.of(await worker, modules, 1);
    const outcome = await crew.play(members ? readMembers(text) : read(text));
    await crew.end();
    tellViolations(outcome);
    say(outcome.violations.length === 0 ? `passed, trace ${outcome.trace}` : "failed");
    return outcome.violations.length === 0 ? 0 : 1;
  }
  if (values.fuzz !== undefined) {
    const report = await fuzz({ datagrams: whole("fuzz", values.fuzz, 1), first: 1, games: await loadGames(modules) });
    for (const line of report.lines) say(line);
    return report.violations.length === 0 ? 0 : 1;
  }
  const seeds = whole("seeds", values.seeds, 1);
  const play = values.members ? playMembers : playSeeds;
  return play(modules, whole("first", values.first, 0), seeds, jobs, !values["keep-as-it-is"]);
}

process.exitCode = await main();
