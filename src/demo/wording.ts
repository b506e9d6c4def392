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

/** When the names of a match's files have to differ: `samestep-ABC-2026-11-21-0930.replay`. */
export function replayName(room: string, at: Date): string {
  const time = at.toISOString().slice(0, 19).replace("T", "-").replaceAll(":", "");
  return `samestep-${room}-${time}.replay`;
}
