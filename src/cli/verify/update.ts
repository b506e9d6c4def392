// samestep verify --update: after an intended change of the rules, writes replays down again as the new build plays them.
import { readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { styleText } from "node:util";
import { whyUnfit } from "../../desync/fitting.js";
import { SamestepError } from "../../error.js";
import { parseReplay, type Replay } from "../../replay/format.js";
import { recordStraight } from "../../replay/straight.js";
import { compareReplay, type Difference, verifyReplay } from "../../replay/verify.js";
import type { Game } from "../../simulation/game.js";
import { counted } from "../counting.js";
import { GameShelf } from "../games.js";
import { Exit, type Io } from "../io.js";
import { differenceText } from "../parting-text.js";
import { reasonOf } from "../reasons.js";
import { differenceOf } from "./against.js";
import { whyNoFile } from "./file.js";

/** What became of one replay. */
interface Update {
  file: string;
  /** "refused": the file is as it was, for a reason. */
  result: "unchanged" | "updated" | "refused";
  frames?: number;
  why?: string;
  /** What the new build plays otherwise, where that can be told; `before` is what was recorded. */
  difference?: Difference;
}

type Outcome = Omit<Update, "file">;

const UNSEEN =
  "the build it was recorded with is not here, and its state was laid out otherwise: what changed is not told";

/** True where nobody looks at what changed. */
export function underCI(): boolean {
  const { CI } = process.env;
  return CI !== undefined && CI !== "" && CI !== "0" && CI !== "false";
}

/** Answers the exit code. */
export async function updateReplays(files: string[], game: Game, io: Io, json: boolean): Promise<number> {
  const shelf = new GameShelf([...new Set(files.map(dirname))]);
  const updates: Update[] = [];
  for (const file of files) {
    const update = { file, ...(await updateFile(file, game, shelf)) };
    updates.push(update);
    if (!json) io.out(lineOf(update));
  }
  const ok = updates.every(({ result }) => result !== "refused");
  const { gameHash } = game;
  if (json) io.out(JSON.stringify({ schema: "samestep.update/1", ok, gameHash, replays: updates }, undefined, 2));
  else if (files.length > 1) io.out(`\n${summary(updates)}`);
  return ok ? Exit.ok : Exit.unreadable;
}

async function updateFile(file: string, game: Game, shelf: GameShelf): Promise<Outcome> {
  const bytes = await readFile(file).catch((error) => whyNoFile(file, error));
  if (typeof bytes === "string") return refused(bytes);
  const parsed = parseReplay(bytes);
  if (parsed.kind === "unreadable") return refused(parsed.why);
  const { replay } = parsed;
  if (replay.result !== undefined)
    return refused("a server signed its result, which is of the build it was played with: keep both, or record anew");
  try {
    if (replay.gameHash === game.gameHash) return await confirm(replay, game);
    return await again(file, replay, game, await shelf.find(replay.gameHash));
  } catch (error) {
    if (error instanceof SamestepError) return refused(error.message);
    throw error;
  }
}

/** A difference under the very build that recorded it is what replays are kept for, and is not written away. */
async function confirm(replay: Replay, game: Game): Promise<Outcome> {
  const verdict = verifyReplay(replay, await game.simulation({ slots: 1 }));
  if (verdict.kind === "equal") return { result: "unchanged", frames: replay.frames };
  const seen = verdict.kind === "differs" ? `first difference: ${differenceText(verdict.difference)}` : verdict.why;
  return refused(`it is of this very build, so this is no change of rules: ${seen}`);
}

/** The hashes and states of the new build, at the frames at which there were some. */
async function again(file: string, replay: Replay, game: Game, recorded: Game | undefined): Promise<Outcome> {
  const unfit = whyUnfit(replay, game.schema, recorded?.schema);
  if (unfit !== undefined) return refused(unfit);
  const checks = new Set(Array.from(replay.checks(), ({ frame }) => frame));
  const keyframes = new Set(Array.from(replay.keyframes(), ({ frame }) => frame));
  const written = recordStraight({
    ...{ simulation: await game.simulation({ slots: 1 }), config: replay.config, records: replay.records() },
    isCheck: (frame) => checks.has(frame),
    isKeyframe: (frame) => keyframes.has(frame),
  });
  if (written.kind === "stopped") return refused(`this build stops at frame ${written.frame}: ${written.why}`);
  const changes = await changesOf(replay, game, recorded);
  try {
    await replace(file, written.bytes);
  } catch (error) {
    return refused(`it cannot be written: ${reasonOf(error)}`);
  }
  return { result: "updated", frames: replay.frames, ...changes };
}

/** To the frame and field with the build that recorded it; else as well as hashes and states on record tell. */
async function changesOf(replay: Replay, game: Game, recorded: Game | undefined): Promise<Partial<Outcome>> {
  let difference: Difference | undefined;
  if (recorded !== undefined) difference = await differenceOf(replay, { before: recorded, after: game }, false);
  else if (replay.schemaHash !== game.schemaHash) return { why: UNSEEN };
  else {
    const verdict = compareReplay(replay, await game.simulation({ slots: 1 }));
    if (verdict.kind === "differs") difference = verdict.difference;
  }
  return difference === undefined ? {} : { difference };
}

/** A file that is being written has another name, so that no half of one is left behind. */
async function replace(file: string, bytes: Uint8Array): Promise<void> {
  await writeFile(`${file}.part`, bytes);
  await rename(`${file}.part`, file);
}

function refused(why: string): Outcome {
  return { result: "refused", why };
}

function lineOf({ file, result, frames, why, difference }: Update): string {
  switch (result) {
    case "unchanged":
      return `${styleText("green", "✓")} ${file}  unchanged`;
    case "updated": {
      const changed = difference && `first difference: ${differenceText(difference, { before: "was", after: "is" })}`;
      return `${styleText("green", "↻")} ${file}  ${counted(frames!, "frame")} written again: ${why ?? changed ?? "every state is the same"}`;
    }
    case "refused":
      return `${styleText("yellow", "!")} ${file}  left as it was: ${why}`;
    default:
      return result satisfies never;
  }
}

function summary(updates: Update[]): string {
  const count = (which: Update["result"]): number => updates.filter(({ result }) => result === which).length;
  const left = count("refused") === 0 ? "" : `, ${count("refused")} left as they were`;
  return `${count("updated")} written again, ${count("unchanged")} unchanged${left} of ${counted(updates.length, "replay")}`;
}
