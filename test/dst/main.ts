// npm run dst: whole matches under a bad network, in virtual time; a failing one is made small and kept as a file.
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { Crew } from "./crew.js";
import { fuzz } from "./fuzz.js";
import { type Kind, keepSmall, WITH_A_SERVER, WITHOUT_A_SERVER } from "./keep.js";
import { fuzzMembers } from "./members-fuzz.js";
import { type MembersSchedule, readMembers } from "./members-schedule.js";
import { compileGames } from "./modules.js";
import { loadGames, type Modules, type Outcome } from "./run.js";
import { read, type Schedule } from "./schedule.js";

const USAGE = `usage: npm run dst -- [--seeds N] [--first S]     play N seeds from S on; each that fails is made small
       npm run dst -- --schedule FILE             play a schedule, for example one of fixtures/seeds
       npm run dst -- --fuzz N                    alter datagrams on their way until N of them were altered or passed
       npm run dst -- --members [--seeds N] [--first S] [--schedule FILE] [--fuzz N]
                                                  the same of matches without a server
       --fuzz plays whole matches, one at least
       --jobs N                                   threads, 2 by default
       --keep-as-it-is                            do not make failing seeds small`;

/** Enough to see a pattern; making more of them small would only take time. */
const SHRINK_MAX = 5;

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

function wrong(why: string): never {
  process.stderr.write(`dst: ${why}\n${USAGE}\n`);
  process.exit(2);
}

/** What was asked for is right, and what it names is not. */
function fault(why: string): never {
  process.stderr.write(`dst: ${why}\n`);
  process.exit(2);
}

function options() {
  try {
    return parseArgs({
      options: {
        seeds: { type: "string" },
        first: { type: "string" },
        jobs: { type: "string", default: "2" },
        schedule: { type: "string" },
        members: { type: "boolean", default: false },
        fuzz: { type: "string" },
        "keep-as-it-is": { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
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

interface Order {
  first: number;
  seeds: number;
  jobs: number;
  /** Whether what fails is made small. */
  small: boolean;
}

async function playSeeds<S extends Schedule | MembersSchedule>(
  modules: Modules,
  kind: Kind<S>,
  { first, seeds, jobs, small }: Order,
): Promise<number> {
  const crew = await Crew.of(await kind.worker(), modules, jobs);
  const begin = performance.now();
  const outcomes = await crew.playSeeds(first, seeds);
  const seconds = (performance.now() - begin) / 1000;
  const failed = outcomes.filter(({ violations }) => violations.length > 0);
  for (const [index, outcome] of failed.entries()) {
    say(`seed ${outcome.seed}:`);
    tellViolations(outcome);
    const again =
      small && index < SHRINK_MAX
        ? `--schedule ${await keepSmall(crew, outcome, kind)}`
        : `--seeds 1 --first ${outcome.seed}`;
    say(`  again: npm run dst -- ${kind.flag}${again}`);
  }
  await crew.end();
  for (const line of summary(outcomes)) say(line);
  say(`${outcomes.length - failed.length} passed, ${failed.length} failed, in ${seconds.toFixed(1)} s`);
  return failed.length === 0 ? 0 : 1;
}

/** What a file holds; one of the other kind is told so. */
function parsed<S extends Schedule | MembersSchedule>(
  text: string,
  path: string,
  { read: readKind, flag }: Kind<S>,
): S {
  try {
    return readKind(text);
  } catch (error) {
    const [here, there] =
      flag === ""
        ? ["", " without a server: add --members"]
        : [" without a server", " with a server: leave out --members"];
    const other = flag === "" ? readMembers : read;
    if (isReadBy(other, text)) return fault(`${path} is a schedule of a match${there}`);
    return fault(`${path} is no schedule of a match${here}: ${(error as Error).message}`);
  }
}

function isReadBy(readKind: (text: string) => unknown, text: string): boolean {
  try {
    readKind(text);
    return true;
  } catch {
    return false;
  }
}

async function playFile<S extends Schedule | MembersSchedule>(
  modules: Modules,
  kind: Kind<S>,
  path: string,
): Promise<number> {
  const text = await readFile(path, "utf8").catch(() => fault(`there is no file ${path} that can be read`));
  const schedule = parsed(text, path, kind);
  if (!Object.hasOwn(modules, schedule.game)) fault(`${path} is of a game "${schedule.game}" that there is not`);
  const crew = await Crew.of(await kind.worker(), modules, 1);
  const outcome = await crew.play(schedule);
  await crew.end();
  tellViolations(outcome);
  say(outcome.violations.length === 0 ? `passed, trace ${outcome.trace}` : "failed");
  return outcome.violations.length === 0 ? 0 : 1;
}

/** What was exercised, so that green means something. */
function summary(outcomes: readonly Outcome[]): string[] {
  const sums = new Map<string, number>();
  for (const { exercised } of outcomes) {
    for (const [name, count] of Object.entries(exercised)) sums.set(name, (sums.get(name) ?? 0) + count);
  }
  return [[...sums].map(([name, sum]) => `${sum} ${name}`).join(", ")];
}

type Values = ReturnType<typeof options>;

async function playFuzz(modules: Modules, datagrams: number, members: boolean): Promise<number> {
  const order = { datagrams, first: 1, games: await loadGames(modules) };
  const report = members ? await fuzzMembers(order) : await fuzz(order);
  for (const line of report.lines) say(line);
  return report.violations.length === 0 ? 0 : 1;
}

async function play<S extends Schedule | MembersSchedule>(values: Values, kind: Kind<S>): Promise<number> {
  const [jobs, first] = [whole("jobs", values.jobs, 1), whole("first", values.first ?? "1", 0)];
  const seeds = whole("seeds", values.seeds ?? "200", 1);
  const datagrams = values.fuzz === undefined ? 0 : whole("fuzz", values.fuzz, 1);
  const modules = await compileGames();
  if (values.schedule !== undefined) return playFile(modules, kind, values.schedule);
  if (datagrams > 0) return playFuzz(modules, datagrams, values.members);
  return playSeeds(modules, kind, { first, seeds, jobs, small: !values["keep-as-it-is"] });
}

/** Each of these says by itself what is played. */
function atOdds({ seeds, first, schedule, fuzz }: Values): string | undefined {
  const some = seeds !== undefined || first !== undefined;
  if (schedule !== undefined && fuzz !== undefined)
    return "--schedule plays one match, --fuzz its own: give one of them";
  if (schedule !== undefined && some) return "--schedule plays one match: leave out --seeds and --first";
  if (fuzz !== undefined && some) return "--fuzz plays its own matches: leave out --seeds and --first";
  return undefined;
}

const values = options();
if (values.help) {
  say(USAGE);
  process.exit(0);
}
const odds = atOdds(values);
if (odds !== undefined) wrong(odds);
process.exitCode = await (values.members ? play(values, WITHOUT_A_SERVER) : play(values, WITH_A_SERVER));
