// What verification tells a person: a line for each replay, the fields of a difference, and how fast it went.
import { styleText } from "node:util";
import type { Difference } from "../../replay/verify.js";
import type { FieldDifference } from "../../simulation/schema.js";
import { counted } from "../counting.js";
import { differenceText } from "../parting-text.js";
import type { Line } from "./file.js";

const FIELDS_SHOWN = 12;

const COLOURS = { "✓": "green", "✗": "red", "!": "yellow" } as const;

/** One replay in words: a sentence, and lines below it. */
export interface Told {
  /** ✗ differs or is forged; ! could not be verified. */
  mark: keyof typeof COLOURS;
  text: string;
  more: string[];
}

/** How fast the equal replays were proved: times real time. */
export interface Speed {
  perCore: number;
  inAll: number;
}

export function told(line: Line): Told {
  switch (line.result) {
    case "equal": {
      const { frames, ms, realTime, signedBy, against } = line;
      const signed = signedBy === undefined ? "" : `  signed by ${signedBy}`;
      const same = against === undefined ? "" : `  the same in build ${against}`;
      const text = `${counted(frames!, "frame")}  ${ms} ms  ${realTime} × real time${signed}${same}`;
      return { mark: "✓", text, more: [] };
    }
    case "differs": {
      const { difference, against } = line;
      const where = against === undefined ? "" : ` in build ${against}`;
      return {
        mark: "✗",
        text: `first difference${where}: ${differenceText(difference!)}`,
        more: fieldsOf(difference!),
      };
    }
    case "forged":
    case "unsigned":
      return { mark: "✗", text: `${line.result}: ${line.why}`, more: [] };
    case "build":
    case "unreadable":
    case "stopped":
      return { mark: "!", text: `not verified: ${line.why}`, more: [] };
    default:
      return line.result satisfies never;
  }
}

export function printed({ file }: Line, { mark, text, more }: Told): string {
  return [`${styleText(COLOURS[mark], mark)} ${file}  ${text}`, ...more.map((each) => `    ${each}`)].join("\n");
}

/** All fields that differ, where the first is not the only one. */
function fieldsOf({ fields, fieldsAt, end }: Difference): string[] {
  if (fields.length < 2) return [];
  const lines = fields.slice(0, FIELDS_SHOWN).map(fieldLine);
  if (fieldsAt! >= end) lines.unshift(`fields at frame ${fieldsAt}, the next whole state on record:`);
  if (fields.length > FIELDS_SHOWN) lines.push(`and ${counted(fields.length - FIELDS_SHOWN, "more field")}`);
  return lines;
}

function fieldLine({ path, before, after }: FieldDifference): string {
  return `${path.padEnd(32)} expected ${before}   got ${after}`;
}

export function summary(lines: Line[], speed: Speed | undefined): string {
  const count = (...results: Line["result"][]): number => lines.filter(({ result }) => results.includes(result)).length;
  const parts = [`${count("equal")} equal`];
  const differ = count("differs");
  if (differ > 0) parts.push(differ === 1 ? "1 differs" : `${differ} differ`);
  const refused = count("forged", "unsigned");
  if (refused > 0) parts.push(`${refused} without a right signature`);
  const other = count("build", "unreadable", "stopped");
  if (other > 0) parts.push(`${other} not verified`);
  const fast = speed && `  ${speed.perCore} × real time per core, ${speed.inAll} × in all`;
  return `${parts.join(", ")} of ${counted(lines.length, "replay")}${fast ?? ""}`;
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
