// The ten cells of fortress-rollback's cost ledger: its conditions, and what it published for them.
import { type Conditions, PERFECT } from "../../src/netsim/conditions.js";
import type { Simulation } from "../../src/simulation/simulation.js";
import type { Press } from "./presses.js";

/** Its setup: virtual steps of 16 ms, in each of which everybody polls, presses, and plays a frame unless he stalls. */
export const STEPS = 1000;
export const SECONDS = (STEPS * 16) / 1000;

/**
 * Ours. A match runs at a whole number of frames a second, and theirs at 62.5: so our time is stretched by 1/24, paths
 * included, that a step is one frame here as well. Figures per second are of their seconds.
 */
export const STEP_MS = 1000 / 60;
const STRETCH = STEP_MS / 16;

export const INPUT_DELAY = 1;

/** Speculative frames. Their window of 8 counts the confirmed one that a rollback begins at. */
export const PREDICTION_WINDOW = 7;

/** What fortress-rollback 0.12 published for a cell (tests/simulation/baselines/sweep-v3.json; one seed). */
export interface Published {
  bytesPerSecond: number;
  messagesPerSecond: number;
  rollbacksPer100: number;
  depth50: number;
  depth99: number;
  depthMost: number;
  lag: number;
  stallsPerMinute: number;
  /** Frames confirmed by everybody after all steps. */
  confirmed: number;
}

export interface Cell {
  name: string;
  players: number;
  inputBytes: 4 | 32;
  /** In their ms. */
  loss: number;
  roundTripMs: number;
  jitterMs: number;
  published: Published;
}

type Link = Omit<Cell, "name" | "inputBytes" | "published">;

const LAN: Link = { players: 2, loss: 0, roundTripMs: 10, jitterMs: 0 };
const WIFI: Link = { players: 2, loss: 0.01, roundTripMs: 50, jitterMs: 20 };
const MOBILE: Link = { players: 2, loss: 0.05, roundTripMs: 100, jitterMs: 20 };
const WIFI_4: Link = { ...WIFI, players: 4 };
const LOSSY_4: Link = { players: 4, loss: 0.15, roundTripMs: 200, jitterMs: 20 };

export const CELLS: readonly Cell[] = [
  ...both("2p LAN", LAN, [4842.66, 8238.19], [135.81, 0.1, 1, 1, 1, 1.0, 0, 990]),
  ...both("2p wifi", WIFI, [5362.72, 13777.22], [132.47, 66.65, 2, 4, 7, 2.62, 0, 969]),
  ...both("2p mobile", MOBILE, [6001.25, 20208.22], [127.03, 71.06, 5, 7, 7, 4.33, 15, 948]),
  ...both("4p wifi", WIFI_4, [18211.58, 42905.5], [388.56, 97.23, 2, 4, 7, 6.12, 69.375, 940]),
  ...both("4p lossy", LOSSY_4, [7119.41, 18213.39], [142.3, 119.51, 2, 6, 7, 6.69, 2064.375, 310]),
];

/** A link's two cells: its bytes depend on the length of an input, and nothing else does. */
function both(
  name: string,
  link: Link,
  bytes: readonly [number, number],
  rest: readonly [number, number, number, number, number, number, number, number],
): Cell[] {
  const [messagesPerSecond, rollbacksPer100, depth50, depth99, depthMost, lag, stallsPerMinute, confirmed] = rest;
  return ([4, 32] as const).map((inputBytes, which) => ({
    ...link,
    name: `${name} ${inputBytes} B`,
    inputBytes,
    published: {
      ...{ bytesPerSecond: bytes[which]!, messagesPerSecond, rollbacksPer100, depth50, depth99, depthMost, lag },
      ...{ stallsPerMinute, confirmed },
    },
  }));
}

/** One run of a cell. */
export interface Run {
  cell: Cell;
  press: Press;
  seed: number;
  /** One for each player at least. */
  simulations: readonly Simulation[];
  /** Fewer in a test. */
  steps?: number;
}

/** For the first cell only: GGPO by arithmetic over its structures, GekkoNet measured. */
export const OTHERS: readonly (Pick<Published, "bytesPerSecond" | "messagesPerSecond"> & { engine: string })[] = [
  { engine: "GGPO", bytesPerSecond: 2660, messagesPerSecond: 64.5 },
  { engine: "GekkoNet", bytesPerSecond: 2920, messagesPerSecond: 190.9 },
];

/** One direction between two players. */
export function direct({ loss, roundTripMs, jitterMs }: Cell): Conditions {
  return { ...PERFECT, loss, delayMs: (STRETCH * roundTripMs) / 2, jitterMs: STRETCH * jitterMs };
}

/** One direction between a player and a server midway: both legs together are a direct path. */
export function leg(cell: Cell): Conditions {
  const { loss, delayMs, jitterMs, ...rest } = direct(cell);
  return { ...rest, loss: 1 - Math.sqrt(1 - loss), delayMs: delayMs / 2, jitterMs: jitterMs / 2 };
}
