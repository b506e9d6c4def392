// samestep blame: plays the one bad frame of a match again with every write logged, and names the line that went another way.
import { readFile } from "node:fs/promises";
import { blameBuilds, blameState } from "../../desync/blame/blame.js";
import { keyframeOf, reportedMoment, reportedState } from "../../desync/blame/recorded.js";
import { type Side, sidesOf } from "../../desync/blame/sides.js";
import { rerun } from "../../desync/blame/write-log.js";
import { laidOutAlike } from "../../desync/comparison.js";
import { parting } from "../../desync/parting.js";
import { SamestepError } from "../../error.js";
import type { Replay } from "../../replay/format.js";
import { verifyReplay } from "../../replay/verify.js";
import type { Game } from "../../simulation/game.js";
import { Places } from "../../toolchain/places.js";
import { AUTHORITY } from "../../wire/limits.js";
import { type Blamed, plain, print, type Traps } from "../blame/text.js";
import { readGame } from "../games.js";
import { readReport } from "../info/report.js";
import { Exit, type Io } from "../io.js";
import { buildFor, mustFit, readBytes, readReplay, recordedBuild } from "../read-replay.js";
import { runsOf } from "../two-builds.js";
import { readArgs, wholeNumber, wrong } from "../usage.js";

const HELP = `samestep blame REPLAY --game BUILD --against BUILD [--frame N] [--json]
samestep blame REPLAY --game BUILD [--json]
samestep blame REPORT.json --game BUILD [--json]

Finds the first frame that comes out otherwise, plays it again with every write to memory logged,
and names the write that made the difference: function, line of source, field, and both values.

  with --against    between two builds: also the first number that the two compute otherwise,
                    which is where the fault is
  of a replay alone between what the file holds and what the build computes here
  of a report       the live report of a desync, between each of its two sides and the build

  --game FILE       the build in question; lines are named where FILE.map lies beside it. Without
                    it, the build that recorded the replay, looked for as samestep verify does
  --against FILE    the build to compare it with
  --frame N         the step of frame N, instead of the first that parts; both builds play it from
                    the state that --game has come to
  --json            one JSON object instead of lines

Examples
  samestep blame match.replay --game build/game.wasm --against release.wasm
  samestep blame desync.json --game build/game.wasm

Exit code: 0 nothing differs, 1 something does, 2 wrong usage,
           3 it cannot be told: an unreadable file, another build, or no whole state of that frame
`;

interface Values {
  readonly game?: string;
  readonly against?: string;
  readonly frame?: number;
}

export async function blame(args: string[], io: Io): Promise<number> {
  const options = {
    game: { type: "string" },
    against: { type: "string" },
    frame: { type: "string" },
    json: { type: "boolean" },
  } as const;
  const parsed = readArgs(args, io, { name: "blame", help: HELP, options });
  if (typeof parsed === "number") return parsed;
  const [path, ...others] = parsed.positionals;
  if (path === undefined || others.length > 0) return wrong(io, "blame", "name one replay or one report");
  const { game, against, json } = parsed.values;
  const frame = parsed.values.frame === undefined ? undefined : wholeNumber(parsed.values.frame, 0, 0xffff_ffff);
  if (parsed.values.frame !== undefined && frame === undefined)
    return wrong(io, "blame", `--frame is a whole number, not '${parsed.values.frame}'`);
  if (frame !== undefined && against === undefined)
    return wrong(io, "blame", "--frame says which frame of two builds to compare: name the other one with --against");
  try {
    const values = { ...(game && { game }), ...(against && { against }), ...(frame !== undefined && { frame }) };
    const found = await blamed(path, values);
    if (json) io.out(JSON.stringify(plain(path, found), undefined, 2));
    else print(path, found, io);
    return found.kind === "same" ? Exit.ok : Exit.failed;
  } catch (error) {
    if (!(error instanceof SamestepError)) throw error;
    if (error.code === "BAD_USAGE") return wrong(io, "blame", error.message);
    io.err(`samestep blame: ${error.message}`);
    return Exit.unreadable;
  }
}

async function blamed(path: string, values: Values): Promise<Blamed> {
  const bytes = await readBytes(path, "the file", "BAD_REPLAY");
  const isJson = bytes[0] === "{".charCodeAt(0);
  if (isJson) return ofReport(path, bytes, values);
  const replay = await readReplay(path);
  const game = await buildFor(path, replay, values.game);
  if (game.gameHash !== replay.gameHash) mustFit(replay, game, (await recordedBuild(path, replay)) ?? game);
  const places = await placesOf(game, values.game);
  return values.against === undefined
    ? ofRecording(replay, game, places)
    : ofBuilds(replay, { game, places }, values.against, values.frame);
}

async function placesOf({ wasm }: Game, path: string | undefined): Promise<Places> {
  const map = path === undefined ? undefined : await readFile(`${path}.map`, "utf8").catch(() => undefined);
  try {
    return new Places(wasm, map);
  } catch {
    throw new SamestepError("BAD_GAME", `${path}.map is no source map: build the game again, or move it away`);
  }
}

interface Build {
  readonly game: Game;
  readonly places: Places;
}

async function ofBuilds(replay: Replay, here: Build, against: string, frame: number | undefined): Promise<Blamed> {
  const other = await readGame(against);
  mustFit(replay, other, here.game);
  const there = { game: other, places: await placesOf(other, against) };
  const found =
    frame === undefined ? await firstStep(replay, here.game, other) : await stepOf(replay, here.game, other, frame);
  if (found === undefined) return { kind: "same", frames: replay.frames, than: against };
  const blame = blameBuilds(found.before, found.after, { here: here.places, there: there.places });
  const { step, traps } = found;
  if (blame.kind === "none" && frame !== undefined) return { kind: "same", frames: 1, than: against };
  if (blame.kind === "none")
    throw new SamestepError(
      "BAD_GAME",
      `the builds part in the step of frame ${step}, and not when it is played again from the state before it: something that the step reads lies outside of the state, as samestep synctest would show`,
    );
  return { kind: "builds", step, traps, blame, here: here.places, there: there.places, against };
}

interface Step {
  /** Undefined: the game's init. */
  readonly step: number | undefined;
  readonly before: Side;
  readonly after: Side;
  /** Why either of them stops in it. */
  readonly traps: Traps;
}

async function firstStep(replay: Replay, here: Game, there: Game): Promise<Step | undefined> {
  const builds = { before: here, after: there };
  const found = parting(...(await runsOf(replay, builds)));
  if (found === undefined) return undefined;
  const traps = { here: found.before.trap, there: found.after.trap };
  return { step: found.step, traps, ...sidesOf(found, replay.config, builds) };
}

/** One frame of both, from the state that the first build has come to. */
async function stepOf(replay: Replay, here: Game, there: Game, frame: number): Promise<Step> {
  if (frame >= replay.frames)
    throw new SamestepError(
      "BAD_USAGE",
      `the replay has ${replay.frames} frames, so there is no step of frame ${frame}`,
    );
  if (!laidOutAlike(here.schema, there.schema))
    throw new SamestepError(
      "GAME_MISMATCH",
      "the builds lay their states out otherwise, so the other one cannot go on from a state of the first: leave out --frame",
    );
  const moment = { config: replay.config, frame: await frameOf(replay, here, frame) };
  return {
    step: frame,
    traps: { here: undefined, there: undefined },
    before: { game: here, moment },
    after: { game: there, moment },
  };
}

/** The state and the inputs of a frame, as the build comes there. */
async function frameOf(replay: Replay, game: Game, frame: number): Promise<{ state: Uint8Array; record: Uint8Array }> {
  const simulation = await game.simulation({ slots: 1 });
  const records = replay.records();
  simulation.reset(replay.config);
  for (let at = 0; ; at++) {
    const record = records.next().value!;
    if (at === frame) {
      simulation.save(0);
      return { state: simulation.copy(0), record: record.slice() };
    }
    if (simulation.step(record) === "trapped")
      throw new SamestepError("BAD_REPLAY", `the game stops in frame ${at}, before frame ${frame}: ${simulation.trap}`);
  }
}

/** The build against the states that the file holds. */
async function ofRecording(replay: Replay, game: Game, places: Places): Promise<Blamed> {
  const simulation = await game.simulation({ slots: 1 });
  const verdict = verifyReplay(replay, simulation);
  if (verdict.kind === "equal") return { kind: "same", frames: verdict.frames, than: "recorded" };
  if (verdict.kind !== "differs") throw new SamestepError("BAD_REPLAY", verdict.why);
  const { frame, end, trap } = verdict.difference;
  if (trap !== undefined)
    throw new SamestepError("BAD_REPLAY", `the game stops in frame ${frame} (${trap}): samestep verify says more`);
  const theirs = end - frame === 1 ? keyframeOf(replay, frame, simulation.core) : undefined;
  if (theirs === undefined) {
    const where = end - frame === 1 ? `at frame ${frame}` : `between frames ${frame} and ${end - 1}`;
    throw new SamestepError(
      "BAD_REPLAY",
      `the file's states part from this build's ${where}, where it holds no whole state: name a second build with --against`,
    );
  }
  const moment = { config: replay.config, ...(frame > 0 && { frame: await frameOf(replay, game, frame - 1) }) };
  const blame = blameState({ game, moment }, theirs);
  const step = frame === 0 ? undefined : frame - 1;
  return { kind: "states", step, sides: [{ name: "recorded", blame }], here: places };
}

/** The build against what each side of a live report had. */
async function ofReport(path: string, bytes: Uint8Array, { game: named, against, frame }: Values): Promise<Blamed> {
  if (named === undefined)
    throw new SamestepError("BAD_USAGE", "which build? Name the one that was played: --game BUILD");
  if (against !== undefined || frame !== undefined)
    throw new SamestepError("BAD_USAGE", "a report is compared with one build: leave out --against and --frame");
  const report = readReport(bytes);
  if (typeof report === "string") throw new SamestepError("BAD_REPLAY", `${path}: ${report}`);
  if (report.differs !== "state")
    throw new SamestepError("BAD_REPLAY", `${path}: its states do not differ, so no write is to blame: ${report.why}`);
  const game = await readGame(named);
  const moment = reportedMoment(report, game.schema);
  if (typeof moment === "string") throw new SamestepError("BAD_REPLAY", `${path} cannot be played again: ${moment}`);
  const computed = rerun(game, moment).state;
  const sides = report.sides.map(({ party }, index) => {
    const theirs = reportedState(report, index as 0 | 1, computed);
    if (theirs === undefined) throw new SamestepError("BAD_REPLAY", `${path}: its leaves make no sense`);
    return { name: party === AUTHORITY ? "the server" : `seat ${party}`, blame: blameState({ game, moment }, theirs) };
  });
  const step = report.frame === 0 ? undefined : report.frame - 1;
  return { kind: "states", step, sides, here: await placesOf(game, named) };
}
