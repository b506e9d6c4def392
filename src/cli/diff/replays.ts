// Two replays compared: what their files say, then what a build on this machine makes of each of them.
import { styleText } from "node:util";
import { type Parting, parting } from "../../desync/parting.js";
import { type ReplayDifferences, replayDifferences } from "../../desync/replays.js";
import type { Replay } from "../../replay/format.js";
import { type Verdict, verifyReplay } from "../../replay/verify.js";
import type { Game } from "../../simulation/game.js";
import type { Io } from "../io.js";
import { differenceText, firstDifference, plainParting, printFields, printLayout } from "../parting-text.js";
import { recordedBuild } from "../read-replay.js";
import { runOf } from "../two-builds.js";

export interface Compared {
  readonly files: ReplayDifferences;
  /** Where their states part when both are played here; undefined where a build is missing, or they do not. */
  readonly parting: Parting | undefined;
  /** What verifying each says, where the inputs are equal and the states are not: one of the two must be wrong. */
  readonly verdicts: { readonly before: Verdict; readonly after: Verdict } | undefined;
  /** Builds that were not found. */
  readonly missing: readonly string[];
}

export interface Recording {
  readonly path: string;
  readonly replay: Replay;
}

export const SIDES = { before: "A", after: "B" };

/** `named` is taken for the build of a replay that was recorded with it; other builds are looked for. */
export async function compareReplays(a: Recording, b: Recording, named: Game | undefined): Promise<Compared> {
  const [before, after] = await Promise.all([a, b].map((each) => buildOf(each, named)));
  const files = replayDifferences(a.replay, b.replay, (before ?? after)?.schema);
  const missing = [before ?? a.replay.gameHash, after ?? b.replay.gameHash].filter((each) => typeof each === "string");
  const nothing = { files, parting: undefined, verdicts: undefined, missing: [...new Set(missing)] };
  if (before === undefined || after === undefined || files.kind === "equal" || files.kind === "length") return nothing;
  if (files.kind === "states") return { ...nothing, verdicts: await verdictsOf(a.replay, b.replay, before) };
  const [runA, runB] = await Promise.all([runOf(a.replay, before), runOf(b.replay, after)]);
  return { ...nothing, parting: parting(runA, runB) };
}

async function buildOf({ path, replay }: Recording, named: Game | undefined): Promise<Game | undefined> {
  return named?.gameHash === replay.gameHash ? named : recordedBuild(path, replay);
}

async function verdictsOf(a: Replay, b: Replay, game: Game): Promise<Compared["verdicts"]> {
  const simulation = await game.simulation({ slots: 1 });
  return { before: verifyReplay(a, simulation), after: verifyReplay(b, simulation) };
}

export function printReplays({ files, parting, verdicts, missing }: Compared, a: string, b: string, io: Io): void {
  const { kind, frames, settings, builds, inputs } = files;
  if (kind === "equal") {
    io.out(`${styleText("green", "✓")} ${a} and ${b} are the same match: builds, settings, inputs and hashes`);
    return;
  }
  io.out(`${styleText("red", "✗")} A is ${a}, B is ${b}: ${headline(files)}`);
  if (builds !== undefined) printFields([builds], SIDES, io);
  printFields(settings, SIDES, io);
  if (inputs !== undefined) {
    const rest = inputs.frames > 1 ? `, and in ${inputs.frames.toLocaleString("en")} frames in all` : "";
    io.out(`  inputs differ at frame ${inputs.frame}${rest}`);
    printFields(inputs.values, SIDES, io);
  }
  if (parting !== undefined) {
    io.out(`  played here, the states part at ${firstDifference(parting, SIDES)}`);
    printFields(parting.fields.slice(1), SIDES, io);
    printLayout(parting, SIDES, io);
  }
  if (verdicts !== undefined) {
    for (const [side, verdict] of [["A", verdicts.before] as const, ["B", verdicts.after] as const]) {
      io.out(`  played here, ${side} ${outcome(verdict)}`);
      if (verdict.kind === "differs") printFields(verdict.difference.fields, { before: side, after: "here" }, io);
    }
  }
  if (frames.before !== frames.after) io.out(`  A has ${frames.before} frames, B ${frames.after}`);
  for (const hash of missing) io.out(`  no build ${hash} here: with --game BUILD, more could be told`);
}

/** What comes first, in a few words. */
function headline({ kind, inputs, states, frames }: ReplayDifferences): string {
  switch (kind) {
    case "settings":
      return "they were played with other settings";
    case "build":
      return "they were played with two builds";
    case "inputs":
      return `the inputs differ, first at frame ${inputs!.frame}`;
    case "states":
      return `the same inputs led to other states, first ${span(states!)}`;
    case "length":
      return `equal for the ${Math.min(frames.before, frames.after)} frames that both have`;
    case "equal":
      return "equal";
    default:
      return kind satisfies never;
  }
}

function span({ frame, end }: { frame: number; end: number }): string {
  return end - frame === 1 ? `at frame ${frame}` : `between frames ${frame} and ${end - 1}`;
}

function outcome(verdict: Verdict): string {
  switch (verdict.kind) {
    case "equal":
      return "comes out as recorded";
    case "differs":
      return `does not come out as recorded: ${differenceText(verdict.difference)}`;
    case "build":
    case "forged":
    case "unreadable":
      return `could not be verified: ${verdict.why}`;
    default:
      return verdict satisfies never;
  }
}

export function plainReplays({ files, parting, verdicts, missing }: Compared): object {
  return { ...files, parting: parting && plainParting(parting), verdicts, missing };
}
