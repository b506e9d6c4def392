// What samestep verify is asked for: its help, its options, and what is wrong with them.
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { SamestepError } from "../../error.js";
import { readPublicKey } from "../../signing/keys.js";
import type { Game } from "../../simulation/game.js";
import { readGame } from "../games.js";
import { reasonOf } from "../reasons.js";
import { nearest, wholeNumber } from "../usage.js";
import type { GivenKey } from "./all.js";
import { isReporter, REPORTERS, type ReporterName } from "./reporters.js";
import { underCI } from "./update.js";

const JOBS_MAX = 256;

export const HELP = `samestep verify FILES... [--game GAME.wasm] [--key PUB] [--jobs N] [--reporter NAME]
       samestep verify FILES... --against BUILD.wasm [--phases]
       samestep verify FILES... --update --game GAME.wasm [--json]

Plays each replay's inputs once and compares every recorded hash. Of a directory, every
.replay file below it; of a quoted pattern ('fixtures/**/*.replay'), those that match.

  --game FILE      the build it was recorded with; otherwise looked for by its hash here,
                   beside the replay, in build/games, and among Samestep's own games
  --key FILE       a server's public key, of samestep keygen: each replay must hold a result
                   that was signed with it, of these inputs, and end in the signed state
  --against FILE   a second build, which must come to the same states with the same inputs
  --phases         and if it does not: the phase of the step after which they part
  --jobs N         threads at most; as many as there are cores unless told otherwise.
                   One begins alone; the others are started after 0.3 s of work
  --reporter NAME  pretty: lines for people. json: one object; the same as --json.
                   junit: XML for the test pages of CI. github: errors beside the files
  --update         after a change of rules that you meant: plays the inputs with the build of
                   --game, and writes its hashes and states into the replays. Tells what changed.
                   Refused under CI, and for what a server signed

Examples
  samestep verify fixtures/replays
  samestep verify match.replay --game build/game.wasm --json
  samestep verify fixtures/replays --reporter junit > replays.xml
  samestep verify replays --key server.pub
  samestep verify fixtures/replays --against build/new.wasm --phases
  samestep verify fixtures/replays --update --game build/game.wasm

Exit code: 0 all equal, 1 one differs, or its result is unsigned or forged, 2 wrong usage,
           3 one could not be verified: it is unreadable, of an unknown version or of another
             game build, or its verification broke off (never called a desync).
           With --update: 0 all written again or unchanged, 3 one was left as it was
`;

export const OPTIONS = {
  game: { type: "string" },
  key: { type: "string" },
  jobs: { type: "string" },
  reporter: { type: "string" },
  json: { type: "boolean" },
  update: { type: "boolean" },
  against: { type: "string" },
  phases: { type: "boolean" },
} as const;

type Given = { [name in keyof typeof OPTIONS]?: (typeof OPTIONS)[name]["type"] extends "string" ? string : boolean };

export interface Settings {
  game: Game | undefined;
  against: Game | undefined;
  phases: boolean;
  key: GivenKey | undefined;
  jobs: number;
  reporter: ReporterName;
  /** The build whose hashes are to be written. */
  update: Game | undefined;
}

/** @throws SamestepError what is wrong with the options, or with a file that they name. */
export async function readSettings(given: Given): Promise<Settings> {
  const { game, against, key, phases = false, update = false } = given;
  const [jobs, reporter] = [jobsOf(given.jobs), reporterOf(given)];
  if (phases && against === undefined) refuse("--phases needs a second build to part from: name it with --against");
  if (update) refuseUpdate(given, reporter);
  const build = game === undefined ? undefined : await readGame(game);
  return {
    ...{ game: build, phases, jobs, reporter, update: update ? build : undefined },
    against: against === undefined ? undefined : await readGame(against),
    key: key === undefined ? undefined : await readKey(key),
  };
}

function jobsOf(text: string | undefined): number {
  const jobs = text === undefined ? availableParallelism() : wholeNumber(text, 1, JOBS_MAX);
  if (jobs !== undefined) return jobs;
  return refuse(`--jobs is a whole number of threads from 1 to ${JOBS_MAX}, not '${text}'`);
}

function reporterOf({ reporter, json }: { reporter?: string; json?: boolean }): ReporterName {
  const name = reporter ?? (json ? "json" : "pretty");
  if (!isReporter(name)) {
    const names = Object.keys(REPORTERS);
    const meant = nearest(name, names);
    const hint = meant ? `; did you mean ${meant}?` : `: ${names.join(", ")}`;
    return refuse(`there is no reporter '${name}'${hint}`);
  }
  if (json && name !== "json") return refuse(`--json and --reporter ${name} contradict each other`);
  return name;
}

/** @throws SamestepError BAD_USAGE: why replays cannot be updated like this. */
function refuseUpdate({ game, key, against }: Given, reporter: ReporterName): void {
  if (underCI())
    refuse("--update is refused under CI, where nobody looks at what changed: run it at home and commit the replays");
  if (game === undefined) refuse("--update writes the hashes of a build: name it with --game GAME.wasm");
  if (key !== undefined) refuse("--update and --key contradict each other: what was signed is not written again");
  if (against !== undefined) refuse("--update and --against contradict each other: --update tells what changed anyway");
  if (reporter !== "pretty" && reporter !== "json") refuse(`--update is told in lines or as json, not as ${reporter}`);
}

async function readKey(path: string): Promise<GivenKey> {
  const text = await readFile(path, "utf8").catch(() => {
    throw new SamestepError("BAD_KEY", `cannot read the key ${path}: name the .pub file that samestep keygen wrote`);
  });
  return { text, key: await readPublicKey(text).catch((error) => refuse(`the key ${path}: ${reasonOf(error)}`)) };
}

function refuse(why: string): never {
  throw new SamestepError("BAD_USAGE", why);
}
