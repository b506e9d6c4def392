// samestep diff: what distinguishes two replays, two reports of a desync, two snapshots, or a replay and a build.
import { styleText } from "node:util";
import { documentDifferences } from "../../desync/documents.js";
import { whyUnfit } from "../../desync/fitting.js";
import { courseOf } from "../../desync/parting.js";
import type { Named } from "../../desync/replays.js";
import { SamestepError } from "../../error.js";
import { compareReplay, type Verdict } from "../../replay/verify.js";
import type { Game } from "../../simulation/game.js";
import { differences } from "../../simulation/schema.js";
import { counted } from "../counting.js";
import { type Given, readGiven } from "../diff/files.js";
import { compareReplays, plainReplays, printReplays, SIDES } from "../diff/replays.js";
import { readGame } from "../games.js";
import { Exit, type Io } from "../io.js";
import {
  differenceText,
  firstDifference,
  plainFields,
  plainParting,
  printFields,
  printLayout,
} from "../parting-text.js";
import { recordedBuild } from "../read-replay.js";
import { phaseOf, runsOf } from "../two-builds.js";
import { readArgs, wrong } from "../usage.js";

const HELP = `samestep diff A B [--game BUILD] [--json]

Compares two files of one kind, and tells the first difference: where, what, and both values.

  two replays         settings, build, inputs, hashes; the fields, by playing both with their builds
  two reports         of a desync, as JSON
  two snapshots       the bytes of a state; --game says what they mean
  a replay, a build   where the build parts from the match as it was played

  --game FILE  the build of the replays or snapshots; builds of replays are otherwise looked for by
               their hash here, beside the replay, in build/games, and among Samestep's own games
  --json       one JSON object instead of lines

Examples
  samestep diff seat-0.replay seat-1.replay
  samestep diff match.replay build/game.wasm
  samestep diff a.state b.state --game build/game.wasm

Exit code: 0 the same, 1 different, 2 wrong usage,
           3 it cannot be told: a file is unreadable, they are of two kinds, or a build is not here
`;

/** What was found: to be printed, or as JSON. */
interface Found {
  readonly same: boolean;
  readonly plain: object;
  print(io: Io): void;
}

export async function diff(args: string[], io: Io): Promise<number> {
  const options = { game: { type: "string" }, json: { type: "boolean" } } as const;
  const parsed = readArgs(args, io, { name: "diff", help: HELP, options });
  if (typeof parsed === "number") return parsed;
  const { values, positionals } = parsed;
  const [pathA, pathB, ...others] = positionals;
  if (pathA === undefined || pathB === undefined || others.length > 0) return wrong(io, "diff", "name two files");
  try {
    const game = values.game === undefined ? undefined : await readGame(values.game);
    const found = await compare(await readGiven(pathA), await readGiven(pathB), game);
    if (values.json) {
      const head = { schema: "samestep.diff/1", a: pathA, b: pathB, same: found.same };
      io.out(JSON.stringify({ ...head, ...found.plain }, undefined, 2));
    } else found.print(io);
    return found.same ? Exit.ok : Exit.failed;
  } catch (error) {
    if (!(error instanceof SamestepError)) throw error;
    io.err(`samestep diff: ${error.message}`);
    return Exit.unreadable;
  }
}

async function compare(a: Given, b: Given, game: Game | undefined): Promise<Found> {
  if (a.kind === "replay" && b.kind === "replay") return ofReplays(a, b, game);
  if (a.kind === "replay" && b.kind === "build") return ofReplayAndBuild(a, b, game);
  if (a.kind === "build" && b.kind === "replay") return ofReplayAndBuild(b, a, game);
  if (a.kind === "report" && b.kind === "report") return ofReports(a, b);
  if (a.kind === "snapshot" && b.kind === "snapshot") return ofSnapshots(a, b, game);
  const hint =
    a.kind === "build" && b.kind === "build" ? ": samestep bisect REPLAY --good A --bad B plays a match with both" : "";
  throw new SamestepError(
    "BAD_USAGE",
    `${a.path} is ${NAMES[a.kind]} and ${b.path} is ${NAMES[b.kind]}, which cannot be compared${hint}`,
  );
}

/** A snapshot may be any bytes, so it is told by what it is not. */
const NAMES = {
  replay: "a replay",
  build: "a build",
  report: "a report",
  snapshot: "no replay, build or report",
} as const satisfies Record<Given["kind"], string>;

type Of<Kind extends Given["kind"]> = Given & { kind: Kind };

async function ofReplays(a: Of<"replay">, b: Of<"replay">, game: Game | undefined): Promise<Found> {
  const compared = await compareReplays(a, b, game);
  return {
    same: compared.files.kind === "equal",
    plain: { of: "replays", ...plainReplays(compared) },
    print: (io) => printReplays(compared, a.path, b.path, io),
  };
}

/** Against the build that recorded the match, where it is here; else against what the replay has on record. */
async function ofReplayAndBuild(a: Of<"replay">, b: Of<"build">, named: Game | undefined): Promise<Found> {
  const { replay, path } = a;
  const recorded = named ?? (b.game.gameHash === replay.gameHash ? b.game : await recordedBuild(path, replay));
  const unfit = whyUnfit(replay, b.game.schema, recorded?.schema);
  if (unfit !== undefined) throw new SamestepError("GAME_MISMATCH", `${b.path} cannot play ${path}: ${unfit}`);
  if (recorded === undefined || recorded.gameHash === b.game.gameHash) return ofRecord(a, b);
  const builds = { before: recorded, after: b.game };
  const course = courseOf(...(await runsOf(replay, builds)));
  const { frames, parting } = course;
  const phase = parting && phaseOf(parting, replay.config, builds);
  const sides = { before: "replay", after: "build" };
  return {
    same: parting === undefined,
    plain: { of: "replay and build", ...course, parting: parting && plainParting(parting, phase) },
    print: (io) => {
      if (parting === undefined) printSame(`${b.path} plays ${counted(frames, "frame")} of ${path} as they were`, io);
      else io.out(`${styleText("red", "✗")} ${b.path} parts from ${path} at ${firstDifference(parting, sides, phase)}`);
      printFields(parting?.fields.slice(1) ?? [], sides, io);
      printLayout(course, sides, io);
    },
  };
}

/** The build against the hashes and whole states that the replay holds. */
async function ofRecord({ replay, path }: Of<"replay">, { game, path: build }: Of<"build">): Promise<Found> {
  if (replay.schemaHash !== game.schemaHash) {
    const why = `the build that recorded ${path} is not here, and ${build} lays its state out otherwise`;
    throw new SamestepError("GAME_MISMATCH", `${why}: name the build ${replay.gameHash} with --game`);
  }
  const verdict: Verdict = compareReplay(replay, await game.simulation({ slots: 1 }));
  if (verdict.kind !== "equal" && verdict.kind !== "differs")
    throw new SamestepError("BAD_REPLAY", `${path}: ${verdict.why}`);
  const difference = verdict.kind === "differs" ? verdict.difference : undefined;
  return {
    same: difference === undefined,
    plain: { of: "replay and build", frames: replay.frames, difference },
    print: (io) => {
      if (difference === undefined) return printSame(`${build} plays ${path} as it was recorded`, io);
      io.out(`${styleText("red", "✗")} ${build} parts from what ${path} holds: ${differenceText(difference)}`);
      printFields(difference.fields.slice(1), { before: "replay", after: "build" }, io);
    },
  };
}

function ofReports(a: Of<"report">, b: Of<"report">): Found {
  const { schema } = a.report;
  if (schema !== b.report.schema) {
    throw new SamestepError(
      "BAD_USAGE",
      `${a.path} is a ${schema}, and ${b.path} a ${b.report.schema}: compare two of one kind`,
    );
  }
  const found = documentDifferences(a.report, b.report);
  return {
    same: found.differences.length === 0,
    plain: { of: schema, ...found },
    print: (io) => {
      const sides = found.pointOfView.length > 0 ? ", told from its two sides" : "";
      if (found.differences.length === 0) return printSame(`${a.path} and ${b.path} tell the same${sides}`, io);
      printDifferent(a.path, b.path, found.differences, io);
    },
  };
}

function ofSnapshots(a: Of<"snapshot">, b: Of<"snapshot">, game: Game | undefined): Found {
  if (game === undefined) {
    throw new SamestepError(
      "BAD_USAGE",
      `${a.path} is no replay, no build and no report; if it is a snapshot, name its build with --game GAME.wasm`,
    );
  }
  const { size } = game.schema.regions.state;
  for (const { path, bytes } of [a, b]) {
    if (bytes.length === size) continue;
    throw new SamestepError(
      "GAME_MISMATCH",
      `${path} has ${counted(bytes.length, "byte")}, and a state of this build ${size}: it is of another build, or no snapshot`,
    );
  }
  const fields = differences(game.schema, a.bytes, b.bytes);
  return {
    same: fields.length === 0,
    plain: { of: "snapshots", ...plainFields(fields) },
    print: (io) => {
      if (fields.length === 0) return printSame(`${a.path} and ${b.path} are the same state`, io);
      printDifferent(a.path, b.path, fields, io);
    },
  };
}

function printSame(text: string, io: Io): void {
  io.out(`${styleText("green", "✓")} ${text}`);
}

function printDifferent(a: string, b: string, values: readonly Named[], io: Io): void {
  const [first] = values;
  io.out(`${styleText("red", "✗")} A is ${a}, B is ${b}: ${first!.path}  A ${first!.before}  B ${first!.after}`);
  printFields(values.slice(1), SIDES, io);
}
