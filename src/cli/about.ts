// What samestep info has found out about a file: rows for people, and an object for machines.
import { counted } from "./counting.js";

export interface About {
  kind: "replay" | "game" | "report" | "snapshot";
  /** The kind in words. */
  title: string;
  /** A label, and what is to be said; of many lines each stands below the other. */
  rows: [label: string, text: string | string[]][];
  json: object;
}

/** It is none of what is known, or broken. */
export interface Unknown {
  kind: "unknown";
  why: string;
}

export function unknown(why: string): Unknown {
  return { kind: "unknown", why };
}

export function printed(file: string, { title, rows }: About): string {
  const width = Math.max(...rows.map(([label]) => label.length));
  const lines = rows.flatMap(([label, text]) =>
    [text].flat().map((line, i) => `  ${(i === 0 ? label : "").padEnd(width)}  ${line}`),
  );
  return [`${file}: ${title}`, ...lines].join("\n");
}

/** `1,500 frames, 25 s at 60 a second`. */
export function duration(frames: number, framesPerSecond: number): string {
  const seconds = Number((frames / framesPerSecond).toFixed(1));
  return `${counted(frames, "frame")}, ${seconds.toLocaleString("en")} s at ${framesPerSecond} a second`;
}

/** The first of a list, and how many more there are. */
export function firstOf(items: readonly string[], most: number): string[] {
  const rest = items.length - most;
  return rest > 0 ? [...items.slice(0, most), `and ${rest} more`] : [...items];
}
