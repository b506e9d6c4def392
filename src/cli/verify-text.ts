// What verification tells a person: a line for each replay, the fields of a difference, and how fast it went.
import { styleText } from "node:util";
import type { Difference } from "../replay/verify.js";
import type { Io } from "./io.js";
import type { Line } from "./verify-file.js";

const FIELDS_SHOWN = 12;

/** How fast the equal replays were proved: times real time. */
export interface Speed {
  perCore: number;
  inAll: number;
}

export function printLine(line: Line, io: Io): void {
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
    case "unreadable":
    case "stopped":
      io.out(`${styleText("yellow", "!")} ${line.file}  not verified: ${line.why}`);
      return;
    default:
      line.result satisfies never;
  }
}

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

export function printSummary(lines: Line[], speed: Speed | undefined, io: Io): void {
  const count = (...results: Line["result"][]): number => lines.filter(({ result }) => results.includes(result)).length;
  const parts = [`${count("equal")} equal`];
  if (count("differs") > 0) parts.push(`${count("differs")} differ`);
  const other = count("build", "unreadable", "stopped");
  if (other > 0) parts.push(`${other} not verified`);
  const fast = speed && `  ${speed.perCore} × real time per core, ${speed.inAll} × in all`;
  io.out(`\n${parts.join(", ")} of ${lines.length} replays${fast ?? ""}`);
}

/** Undefined where no replay was equal: of the others it is not known how much was proved. */
export function speedOf(lines: Line[], wallMs: number): Speed | undefined {
  const equal = lines.filter(({ result }) => result === "equal");
  const playedMs = sum(equal.map((line) => line.playedMs!));
  if (playedMs === 0) return undefined;
  return {
    perCore: Math.round(playedMs / sum(equal.map((line) => line.ms!))),
    inAll: Math.round(playedMs / wallMs),
  };
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
