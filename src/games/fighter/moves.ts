// The move table: the rows of `assembly/games/fighter/moves.ts`, for drawing boxes and for the bot's sense of distance.
import { Action } from "./rules.js";

export const Level = { Mid: 0, Low: 1, High: 2 } as const;
export const Effect = { None: 0, Knock: 1, Launch: 2 } as const;

/** Names of the columns, in order. Times in frames, boxes in units with x forwards, speeds in tenths of a unit per frame. */
export const COLUMNS = [
  "startup",
  "active",
  "recovery",
  "damage",
  "chip",
  "level",
  "effect",
  "left",
  "bottom",
  "right",
  "top",
  "tip",
  "hitStun",
  "blockStun",
  "hitStop",
  "push",
  "lift",
  "meter",
  "cancel",
  "invulnerable",
  "advance",
  "rise",
] as const;

export type Move = { readonly [column in (typeof COLUMNS)[number]]: number };

/** Rows of a character: the moves from StandLight to GreatStrike, then the two projectiles. */
export const BLOWS = 17;
export const MISSILE = 15;
export const GREAT_MISSILE = 16;

/** Rill's rows, Cairn's rows, and the lantern, which belongs to no character. */
// biome-ignore format: a table is read in columns.
export const ROWS: readonly (readonly number[])[] = [
  // start, act, rec, dmg, chip, lvl, eff,   x0,  y0,  x1,  y1, tip,  hit, blk, stop, push, lift, meter, cancel, inv, adv, rise
  // Rill
  [4,  2,  7,  32,  0, 0, 0,   8,  56,  64,  92,   8,   16,  9,  6,  30, 45,  30, 1,  0,  0,   0], // StandLight
  [6,  3, 11,  62,  0, 0, 0,  10,  54,  82,  88,  10,   17, 13,  8,  48, 45,  50, 1,  0,  0,   0], // StandMedium
  [9,  4, 18, 102,  0, 0, 0,  12,  58,  98, 100,  12,   21, 16, 11,  68, 55,  80, 1,  0, 12,   0], // StandHeavy
  [4,  2,  7,  26,  0, 1, 0,   8,   2,  60,  24,   8,   15,  9,  6,  30, 40,  30, 1,  0,  0,   0], // CrouchLight
  [6,  3, 13,  60,  0, 1, 0,  10,   2,  86,  22,  10,   16, 13,  8,  48, 40,  50, 1,  0,  0,   0], // CrouchMedium
  [8,  3, 22,  84,  0, 1, 1,  10,   0,  94,  20,  10,    0, 17, 10,  40, 50,  80, 0,  0,  0,   0], // CrouchHeavy
  [4,  8,  8,  42,  0, 2, 0,   2,   8,  50,  50,   8,   14, 10,  6,  28, 45,  30, 0,  0,  0,   0], // AirLight
  [6,  6, 10,  66,  0, 2, 0,   2,   0,  64,  42,  10,   17, 13,  8,  36, 45,  50, 0,  0,  0,   0], // AirMedium
  [8,  5, 14,  92,  0, 2, 0,   0, -12,  66,  46,  12,   20, 16, 10,  46, 50,  80, 0,  0,  0,   0], // AirHeavy
  [20,  3, 18,  70,  0, 2, 0,  10,  36,  80, 112,   8,   19, 14,  9,  40, 45,  60, 0,  0, 22,   0], // Overhead
  [4,  2, 22, 130,  0, 0, 0,   0,   0,   0,   0,   0,    0,  0,  0,  46, 80,  80, 0,  0,  0,   0], // Throw
  [13,  1, 26,   0,  0, 0, 0,   0,   0,   0,   0,   0,    0,  0,  0,   0,  0,   0, 0,  0,  0,   0], // Shot
  [10,  1, 23,   0,  0, 0, 0,   0,   0,   0,   0,   0,    0,  0,  0,   0,  0,   0, 0,  0,  0,   0], // GreatShot
  [4,  9, 20, 126, 18, 0, 2,  -6,  30,  56, 132,  40,    0, 18, 12,  42, 84,  60, 0,  6, 24, 112], // Strike
  [3, 11, 22, 205, 40, 0, 2,  -8,  24,  64, 140,  60,    0, 20, 15,  42, 96,   0, 0, 13, 30, 126], // GreatStrike
  [0,  0,  0,  66, 12, 0, 0, -18, -13,  18,  13,   0,   18, 15,  9,  62, 45,  40, 0,  0,  0,   0], // Missile
  [0,  0,  0,  80, 20, 0, 2, -24, -17,  24,  17,   0,   20, 17, 10,  66, 64,   0, 0,  0,  0,   0], // GreatMissile
  // Cairn
  [5,  3,  9,  42,  0, 0, 0,  10,  54,  70,  94,   8,   19, 10,  7,  32, 45,  30, 1,  0,  0,   0], // StandLight
  [9,  4, 14,  76,  0, 0, 0,  12,  56,  94,  98,  12,   19, 15,  9,  52, 50,  50, 1,  0,  8,   0], // StandMedium
  [13,  5, 22, 118,  0, 0, 0,  14,  50, 112, 112,  14,   25, 19, 13,  76, 60,  80, 1,  0, 18,   0], // StandHeavy
  [5,  3,  9,  36,  0, 1, 0,  10,   2,  66,  28,   8,   17, 10,  7,  32, 40,  30, 1,  0,  0,   0], // CrouchLight
  [8,  4, 15,  66,  0, 0, 0,  12,  30,  90, 108,  12,   18, 15,  9,  50, 60,  50, 1,  0,  0,   0], // CrouchMedium
  [12,  4, 25, 108,  0, 1, 1,  12,   0, 108,  24,  10,    0, 19, 12,  44, 54,  80, 0,  0, 10,   0], // CrouchHeavy
  [5,  9,  9,  52,  0, 2, 0,   2,   4,  56,  54,   8,   15, 11,  7,  30, 45,  30, 0,  0,  0,   0], // AirLight
  [8,  7, 12,  84,  0, 2, 0,   4,  -6,  70,  44,  10,   19, 15,  9,  40, 45,  50, 0,  0,  0,   0], // AirMedium
  [11,  7, 16, 118,  0, 2, 0,  -6, -18,  72,  40,  16,   23, 18, 12,  50, 50,  80, 0,  0,  0,   0], // AirHeavy
  [23,  4, 21,  98,  0, 2, 0,  12,  30,  92, 126,  10,   22, 16, 11,  44, 45,  60, 0,  0, 20,   0], // Overhead
  [5,  3, 25, 150,  0, 0, 0,   0,   0,   0,   0,   0,    0,  0,  0,  54, 88,  80, 0,  0,  0,   0], // Throw
  [17,  1, 25,   0,  0, 0, 0,   0,   0,   0,   0,   0,    0,  0,  0,   0,  0,   0, 0,  0,  0,   0], // Shot
  [13,  1, 22,   0,  0, 0, 0,   0,   0,   0,   0,   0,    0,  0,  0,   0,  0,   0, 0,  0,  0,   0], // GreatShot
  [15, 10, 24, 100, 18, 0, 1,   8,  26,  70, 100,  12,    0, 18, 13,  66, 60,  60, 0,  0, 66,   0], // Strike
  [8, 15, 22, 235, 46, 0, 2,   8,  20,  78, 112,  60,    0, 20, 16,  60, 88,   0, 0, 16, 82,   0], // GreatStrike
  [0,  0,  0,  78, 14, 0, 0, -21, -21,  21,  21,   0,   20, 17, 10,  66, 50,  40, 0,  0,  0,   0], // Missile
  [0,  0,  0, 104, 26, 0, 2, -28, -28,  28,  28,   0,   22, 19, 12,  70, 70,   0, 0,  0,  0,   0], // GreatMissile
  // The hazard of the stage
  [0,  0,  0,  90,  0, 0, 1, -34,   0,  34, 140,   0,    0, 16, 10,  34, 70,   0, 0,  0,  0,   0], // Lantern
];

const TABLE: readonly Move[] = ROWS.map(
  (row) => Object.fromEntries(COLUMNS.map((column, index) => [column, row[index]!])) as Move,
);

export function isMove(action: number): boolean {
  return action >= Action.StandLight && action <= Action.GreatStrike;
}

export function moveOf(character: number, action: number): Move {
  return TABLE[character * BLOWS + action - Action.StandLight]!;
}

export function missileOf(character: number, great: boolean): Move {
  return TABLE[character * BLOWS + (great ? GREAT_MISSILE : MISSILE)]!;
}

export function lantern(): Move {
  return TABLE[TABLE.length - 1]!;
}
