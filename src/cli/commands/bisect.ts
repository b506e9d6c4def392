// samestep bisect: the first frame and field where two builds part over one recorded match; answers `git bisect run` as it asks.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { styleText } from "node:util";
import { whyUnfit } from "../../desync/fitting.js";
import { type Course, courseOf } from "../../desync/parting.js";
import { SamestepError } from "../../error.js";
import type { Replay } from "../../replay/format.js";
import type { PhaseSeen } from "../../replay/verify.js";
import type { Game } from "../../simulation/game.js";
import { counted } from "../counting.js";
import { readGame } from "../games.js";
import { Exit, type Io } from "../io.js";
import { firstDifference, plainParting, printFields, printLayout } from "../parting-text.js";
import { readReplay, recordedBuild } from "../read-replay.js";
import { reasonOf } from "../reasons.js";
import { phaseOf, runsOf } from "../two-builds.js";
import { readArgs } from "../usage.js";

const HELP = `samestep bisect REPLAY --good BUILD --bad BUILD [--build COMMAND] [--json]

Plays a recorded match with two builds side by side, and names the first frame, phase and field
where their states part. States that are laid out otherwise are compared by their fields' names.

  --good FILE      the build that is right; keep it outside of what the build writes
  --bad FILE       the build in question
  --build COMMAND  run before, in a shell, to make the bad build; what it prints goes to stderr
  --json           one JSON object instead of lines

Examples
  samestep bisect match.replay --good release.wasm --bad build/game.wasm

  The commit that changed a match, found by git. Match and good build lie outside of the
  repository, since git changes everything in it:
    cp build/game.wasm /tmp/good.wasm
    git bisect start HEAD v1.2.0
    git bisect run npx samestep bisect /tmp/match.replay --good /tmp/good.wasm \\
      --build "npm run build:game" --bad build/game.wasm

Exit code: 0 the same states in every frame, 1 they part,
           125 the bad build cannot be tested: it does not build or load, or takes other inputs,
           128 nothing can be tested: wrong usage, no replay, no good build
           (git bisect run takes them as good, bad, skip this commit, and stop)
`;

/** What `git bisect run` takes these for: skip this commit; stop. */
const SKIP = 125;
const STOP = 128;

const SIDES = { before: "good", after: "bad" };

/** What was found, in the words of --json. */
type Found =
  | { result: "untestable"; why: string }
  | { result: "equal" | "differs"; course: Course; phase: PhaseSeen | undefined };

export async function bisect(args: string[], io: Io): Promise<number> {
  const options = {
    good: { type: "string" },
    bad: { type: "string" },
    build: { type: "string" },
    json: { type: "boolean" },
  } as const;
  const parsed = readArgs(args, io, { name: "bisect", help: HELP, options });
  if (typeof parsed === "number") return parsed === Exit.ok ? Exit.ok : STOP;
  const { values, positionals } = parsed;
  const [path, ...others] = positionals;
  if (path === undefined || others.length > 0) return stop(io, "name one replay");
  if (values.good === undefined) return stop(io, "which build is right? Name --good BUILD.wasm");
  if (values.bad === undefined) return stop(io, "which build is in question? Name --bad BUILD.wasm");
  let question: Question;
  try {
    question = await readQuestion(path, values.good);
  } catch (error) {
    return stop(io, reasonOf(error));
  }
  const found = await answer(question, values.bad, values.build, io);
  if (values.json) io.out(JSON.stringify(plain(found, path, values.good, values.bad), undefined, 2));
  else print(found, values.good, values.bad, io);
  return { equal: Exit.ok, differs: Exit.failed, untestable: SKIP }[found.result];
}

function stop(io: Io, message: string): number {
  io.err(`samestep bisect: ${message}\nSee: samestep bisect --help`);
  return STOP;
}

interface Question {
  replay: Replay;
  good: Game;
  /** The build that recorded the match, or else the good one: whose inputs they are. */
  recorded: Game;
}

async function readQuestion(path: string, goodPath: string): Promise<Question> {
  const replay = await readReplay(path);
  const good = await readGame(goodPath);
  const recorded = (await recordedBuild(path, replay)) ?? good;
  const unfit = whyUnfit(replay, good.schema, recorded.schema);
  if (unfit !== undefined)
    throw new SamestepError("GAME_MISMATCH", `the good build ${goodPath} does not fit: ${unfit}`);
  return { replay, good, recorded };
}

async function answer(question: Question, badPath: string, command: string | undefined, io: Io): Promise<Found> {
  const { replay, good, recorded } = question;
  const failure = command && (await whyNotBuilt(command, io));
  if (failure) return { result: "untestable", why: failure };
  try {
    const bad = await readGame(badPath);
    const unfit = whyUnfit(replay, bad.schema, recorded.schema);
    if (unfit !== undefined) return { result: "untestable", why: unfit };
    const builds = { before: good, after: bad };
    const course = courseOf(...(await runsOf(replay, builds)));
    const { parting } = course;
    if (parting === undefined) return { result: "equal", course, phase: undefined };
    return { result: "differs", course, phase: phaseOf(parting, replay.config, builds) };
  } catch (error) {
    // Whatever it is: an error that node itself reports would end in exit code 1, and git would blame the commit.
    return { result: "untestable", why: reasonOf(error) };
  }
}

/** Runs the build command; its own words go to stderr, so that --json stays one object. */
async function whyNotBuilt(command: string, io: Io): Promise<string | undefined> {
  const code = await new Promise<number | string>((resolve) => {
    const child = spawn(command, { shell: true, stdio: ["ignore", "pipe", "pipe"] });
    for (const input of [child.stdout, child.stderr]) createInterface({ input }).on("line", (line) => io.err(line));
    child.on("error", (error) => resolve(error.message));
    child.on("close", (status, signal) => resolve(status ?? String(signal)));
  });
  return code === 0 ? undefined : `the build failed (${code}): ${command}`;
}

function print(found: Found, good: string, bad: string, io: Io): void {
  if (found.result === "untestable") {
    io.err(`samestep bisect: ${bad} cannot be tested: ${found.why}`);
    return;
  }
  const { frames, trap, parting } = found.course;
  if (parting === undefined) {
    const end = trap === undefined ? "" : `, then both stop: ${trap}`;
    io.out(`${styleText("green", "✓")} ${bad}  the same as ${good} in ${counted(frames, "frame")}${end}`);
    printLayout(found.course, SIDES, io);
    return;
  }
  io.out(`${styleText("red", "✗")} ${bad}  parts from ${good} at ${firstDifference(parting, SIDES, found.phase)}`);
  printFields(parting.fields.slice(1), SIDES, io);
  printLayout(parting, SIDES, io);
}

function plain(found: Found, replay: string, good: string, bad: string): object {
  const head = { schema: "samestep.bisect/1", result: found.result, replay, good, bad };
  if (found.result === "untestable") return { ...head, why: found.why };
  const { parting, ...rest } = found.course;
  return { ...head, ...rest, parting: parting && plainParting(parting, found.phase) };
}
