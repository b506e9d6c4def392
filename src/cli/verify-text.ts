// What verification tells a person: a line for each replay, the fields of a difference, and how fast it went.
import { styleText } from "node:util";
import type { Difference } from "../replay/verify.js";
import { counted } from "./counting.js";
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
        `${styleText("green", "✓")} ${line.file}  ${line.frames!.toLocaleString("en")} frames  ${line.ms} ms  ${line.realTime} × real time${line.signedBy === undefined ? "" : `  signed by ${line.signedBy}`}`,
      );
      return;
    case "differs":
      printDifference(line.file, line.difference!, io);
      return;
    case "forged":
    case "unsigned":
      io.out(`${styleText("red", "✗")} ${line.file}  ${line.result}: ${line.why}`);
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
  if (fields.length > FIELDS_SHOWN) io.out(`    and ${counted(fields.length - FIELDS_SHOWN, "more field")}`);
}

export function printSummary(lines: Line[], speed: Speed | undefined, io: Io): void {
  const count = (...results: Line["result"][]): number => lines.filter(({ result }) => results.includes(result)).length;
  const parts = [`${count("equal")} equal`];
  const differ = count("differs");
  if (differ > 0) parts.push(differ === 1 ? "1 differs" : `${differ} differ`);
  const refused = count("forged", "unsigned");
  if (refused > 0) parts.push(`${refused} without a right signature`);
  const other = count("build", "unreadable", "stopped");
  if (other > 0) parts.push(`${other} not verified`);
  const fast = speed && `  ${speed.perCore} × real time per core, ${speed.inAll} × in all`;
  io.out(`\n${parts.join(", ")} of ${counted(lines.length, "replay")}${fast ?? ""}`);
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
