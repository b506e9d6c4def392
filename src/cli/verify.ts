// samestep verify: replays recorded matches and compares every recorded hash; for CI and for anybody with a replay.
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { styleText } from "node:util";
import { SamestepError } from "../error.js";
import { parseReplay, type Replay } from "../replay/format.js";
import { type Difference, type Verdict, verifyReplay } from "../replay/verify.js";
import type { Game } from "../simulation/game.js";
import { GameShelf, readGame } from "./games.js";
import { Exit, type Io } from "./io.js";
import { readArgs, wrong } from "./usage.js";

const HELP = `samestep verify FILES... [--game GAME.wasm] [--json]

Plays each replay's inputs once and compares every recorded hash.

  --game FILE   the build it was recorded with; otherwise looked for by its hash here,
                beside the replay, in build/games, and among Samestep's own games
  --json        one JSON object instead of lines

Examples
  samestep verify fixtures/replays/*.replay
  samestep verify match.replay --game build/game.wasm --json

Exit code: 0 all equal, 1 one differs, 2 wrong usage,
           3 one is unreadable, of an unknown version, or of another game build (never called a desync)
`;

interface Line {
  file: string;
  result: "equal" | "differs" | "build" | "unreadable";
  frames?: number;
  ms?: number;
  /** How many times faster than it was played. */
  realTime?: number;
  why?: string;
  difference?: Difference;
}

export async function verify(args: string[], io: Io): Promise<number> {
  const options = { game: { type: "string" }, json: { type: "boolean" } } as const;
  const parsed = readArgs(args, io, { name: "verify", help: HELP, options });
  if (typeof parsed === "number") return parsed;
  const files = parsed.positionals;
  if (files.length === 0) return wrong(io, "verify", "which replays? Name at least one file");
  let given: Game | undefined;
  try {
    if (parsed.values.game !== undefined) given = await readGame(parsed.values.game);
  } catch (error) {
    return wrong(io, "verify", error instanceof Error ? error.message : String(error));
  }
  const shelf = new GameShelf([...new Set(files.map(dirname))]);
  const lines: Line[] = [];
  for (const file of files) {
    const line = await verifyFile(file, given, shelf);
    lines.push(line);
    if (!parsed.values.json) print(line, io);
  }
  if (parsed.values.json) {
    const ok = lines.every((line) => line.result === "equal");
    io.out(JSON.stringify({ schema: "samestep.verify/1", ok, replays: lines }, undefined, 2));
  } else if (lines.length > 1) summary(lines, io);
  if (lines.some((line) => line.result === "differs")) return Exit.failed;
  return lines.every((line) => line.result === "equal") ? Exit.ok : Exit.unreadable;
}

async function verifyFile(file: string, given: Game | undefined, shelf: GameShelf): Promise<Line> {
  const bytes = await readFile(file).catch(() => undefined);
  if (bytes === undefined) return { file, result: "unreadable", why: "no such file, or it is none" };
  const parsed = parseReplay(bytes);
  if (parsed.kind === "unreadable") return { file, result: "unreadable", why: parsed.why };
  const { replay } = parsed;
  const game = given ?? (await shelf.find(replay.gameHash));
  if (game === undefined) {
    const why = `no build ${replay.gameHash} here, beside the replay, or in build/games: name it with --game GAME.wasm`;
    return { file, result: "build", why };
  }
  const simulation = await game.simulation({ slots: 1 });
  const begin = performance.now();
  let verdict: Verdict;
  try {
    verdict = verifyReplay(replay, simulation);
  } catch (error) {
    if (!(error instanceof SamestepError)) throw error;
    return { file, result: "unreadable", why: error.message };
  }
  return lineOf(file, replay, verdict, performance.now() - begin);
}

function lineOf(file: string, replay: Replay, verdict: Verdict, ms: number): Line {
  switch (verdict.kind) {
    case "equal": {
      const played = (1000 * replay.frames) / replay.config.framesPerSecond;
      const measured = { frames: replay.frames, ms: Math.round(ms * 10) / 10, realTime: Math.round(played / ms) };
      return { file, result: "equal", ...measured };
    }
    case "build":
    case "unreadable":
      return { file, result: verdict.kind, why: verdict.why };
    case "differs":
      return { file, result: "differs", difference: verdict.difference };
    default:
      return verdict satisfies never;
  }
}

function print(line: Line, io: Io): void {
  switch (line.result) {
    case "equal":
      io.out(
        `${styleText("green", "✓")} ${line.file}  ${line.frames!.toLocaleString("en")} frames  ${line.ms} ms  ${line.realTime} × real time`,
      );
      return;
    case "differs":
      printDifference(line.file, line.difference!, io);
      return;
    case "build":
      io.out(`${styleText("yellow", "!")} ${line.file}  not verified: ${line.why}`);
      return;
    case "unreadable":
      io.out(`${styleText("yellow", "!")} ${line.file}  not verified: ${line.why}`);
      return;
    default:
      line.result satisfies never;
  }
}

const FIELDS_SHOWN = 12;

function printDifference(file: string, difference: Difference, io: Io): void {
  const { frame, end, fields, fieldsAt, leaf, trap } = difference;
  const where = end - frame === 1 ? `frame ${frame}` : `between frames ${frame} and ${end - 1}`;
  io.out(`${styleText("red", "✗")} ${file}  first difference: ${where}${leaf === undefined ? "" : `, leaf ${leaf}`}`);
  if (trap !== undefined) io.out(`    the game stops there: ${trap}`);
  if (fieldsAt !== undefined && fieldsAt >= end)
    io.out(`    fields at frame ${fieldsAt}, the next whole state on record:`);
  for (const field of fields.slice(0, FIELDS_SHOWN)) {
    io.out(`    ${field.path.padEnd(32)} recorded ${field.before}   here ${field.after}`);
  }
  if (fields.length > FIELDS_SHOWN) io.out(`    and ${fields.length - FIELDS_SHOWN} more fields`);
}

function summary(lines: Line[], io: Io): void {
  const count = (result: Line["result"]): number => lines.filter((line) => line.result === result).length;
  const parts = [`${count("equal")} equal`];
  if (count("differs") > 0) parts.push(`${count("differs")} differ`);
  const other = count("unreadable") + count("build");
  if (other > 0) parts.push(`${other} not verified`);
  io.out(`\n${parts.join(", ")} of ${lines.length} replays`);
}
