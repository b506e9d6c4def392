// The ledger as people read it: a table of figures, one line for each engine of a cell.
import { type Cell, OTHERS, SECONDS } from "./cells.js";
import type { Figures } from "./tally.js";

/** A line; what an engine did not publish is left empty. */
export type Line = Partial<Figures> & { cell: string; engine: string };

type Column = [title: string, width: number, text: (line: Line) => string];

const COLUMNS: readonly Column[] = [
  ["cell", -16, ({ cell }) => cell],
  ["", -14, ({ engine }) => engine],
  ["B/frame", 8, ({ bytesPerFrame }) => fixed(bytesPerFrame, 1)],
  ["B/s", 7, ({ bytesPerSecond }) => fixed(bytesPerSecond, 0)],
  ["msg/frame", 10, ({ messagesPerFrame }) => fixed(messagesPerFrame, 2)],
  ["msg/s", 7, ({ messagesPerSecond }) => fixed(messagesPerSecond, 1)],
  ["resim/frame", 12, ({ resimulatedPerFrame }) => fixed(resimulatedPerFrame, 2)],
  ["rollb/100", 10, ({ rollbacksPer100 }) => fixed(rollbacksPer100, 1)],
  ["p50/p99/max", 12, ({ depth50, depth99, depthMost }) => depths(depth50, depth99, depthMost)],
  ["lag", 6, ({ lag }) => fixed(lag, 2)],
  ["stalls/min", 11, ({ stallsPerMinute }) => fixed(stallsPerMinute, 1)],
  ["frames", 7, ({ confirmed }) => fixed(confirmed, 0)],
];

export function table(title: string, lines: readonly Line[]): string {
  const rows = [COLUMNS.map(([name]) => name), ...lines.map((line) => COLUMNS.map(([, , text]) => text(line)))];
  const text = rows.map((row) =>
    row
      .map((cell, column) => pad(cell, COLUMNS[column]![1]))
      .join("")
      .trimEnd(),
  );
  return `${title}\n${text.join("\n")}\n\n`;
}

/** Per confirmed frame, what was published per second. */
export function publishedFigures({ published }: Cell): Partial<Figures> {
  const perFrame = SECONDS / published.confirmed;
  return {
    ...published,
    bytesPerFrame: published.bytesPerSecond * perFrame,
    messagesPerFrame: published.messagesPerSecond * perFrame,
  };
}

/** Engines of which only the first cell is known; their frames a second are the setup's. */
export function otherLines({ name }: Cell, framesPerSecond: number): Line[] {
  return OTHERS.map(({ engine, bytesPerSecond, messagesPerSecond }) => ({
    ...{ cell: name, engine, bytesPerSecond, messagesPerSecond },
    bytesPerFrame: bytesPerSecond / framesPerSecond,
    messagesPerFrame: messagesPerSecond / framesPerSecond,
  }));
}

function fixed(value: number | undefined, digits: number): string {
  return value === undefined ? "" : value.toFixed(digits);
}

function depths(...three: (number | undefined)[]): string {
  return three.includes(undefined) ? "" : three.join("/");
}

/** Left-aligned where the width is negative. */
function pad(text: string, width: number): string {
  return width < 0 ? text.padEnd(-width) : text.padStart(width);
}
