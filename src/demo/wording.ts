// Figures as people read them: every text has a fixed shape, so that nothing jumps.
import type { PlayerStats } from "../session/player-stats.js";

export type Tone = "good" | "fair" | "poor";

const FAIR_MS = 100;
const POOR_MS = 200;

export function qualityOf(roundTripMs: number): { readonly tone: Tone; readonly text: string } {
  if (roundTripMs < FAIR_MS) return { tone: "good", text: "good" };
  if (roundTripMs < POOR_MS) return { tone: "fair", text: "fair" };
  return { tone: "poor", text: "poor" };
}

export function milliseconds(value: number): string {
  return `${Math.round(value)} ms`;
}

export function percent(share: number): string {
  const value = share * 100;
  return `${value < 10 && value % 1 !== 0 ? value.toFixed(1) : Math.round(value)} %`;
}

/** 32 bits as eight hexadecimal digits. */
export function hex32(value: number): string {
  return (value >>> 0).toString(16).padStart(8, "0");
}

/** The line below a game. `rollback` is the deepest one of the last moment. */
export function figures(stats: PlayerStats, rollback: number): readonly (readonly [string, string])[] {
  return [
    ["ping", milliseconds(stats.roundTripMs)],
    ["delay", `${stats.inputDelay} f`],
    ["rollback", `${rollback} f, worst ${stats.worstRollback} f`],
    ["stalls", String(stats.stalls)],
  ];
}

/** Whether all see the same. `desync` is its first frame; of a match that is `over`, nothing is compared any more. */
export function syncWords({
  desync,
  agreed,
  over,
}: {
  readonly desync: number | undefined;
  readonly agreed: { end: number; hash: string } | undefined;
  readonly over: boolean;
}): { readonly tone: Tone | undefined; readonly text: string } {
  if (desync !== undefined) return { tone: "poor", text: `out of sync since frame ${desync}` };
  if (agreed === undefined) return { tone: undefined, text: over ? "never compared" : "not compared yet" };
  const place = `frame ${agreed.end} (${agreed.hash})`;
  return over ? { tone: undefined, text: `was in sync to ${place}` } : { tone: "good", text: `in sync at ${place}` };
}

/** When the names of a match's files have to differ: `samestep-ABC-2026-11-21-0930.replay`. */
export function replayName(room: string, at: Date): string {
  return `samestep-${room}-${timeOf(at)}.replay`;
}

export function reportName(room: string, at: Date): string {
  return `samestep-${room}-${timeOf(at)}.desync.json`;
}

function timeOf(at: Date): string {
  return at.toISOString().slice(0, 19).replace("T", "-").replaceAll(":", "");
}
