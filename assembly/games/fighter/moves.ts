// The move table: frame data, boxes and effects of every blow, one row per move and character.
import { CHARACTERS } from "./characters";
import { Action } from "./rules";

/** How high a blow comes: a low one gets through a standing block, a high one through a crouching block. */
export const enum Level {
  Mid = 0,
  Low = 1,
  High = 2,
}

export const enum Effect {
  None = 0,
  /** Takes the feet away: the victim falls and cannot be struck again before it stands. */
  Knock = 1,
  /** Throws the victim up, where it may be juggled. */
  Launch = 2,
}

// The blows that are no action of a fighter follow the moves in the table.
export const FIRST_MOVE: i32 = Action.StandLight;
export const LAST_MOVE: i32 = Action.GreatStrike;
export const MISSILE: i32 = 15;
export const GREAT_MISSILE: i32 = 16;
const BLOWS = 17;

/**
 * One row of the table below. Times in frames, boxes in units from the point between the feet (or from the middle of the
 * projectile) with x growing forwards, speeds in tenths of a unit per frame.
 */
@unmanaged
export class Move {
  /** Frames before the first active one: a blow pressed at frame f can hurt in frame f + startup at the earliest. */
  readonly startup: i16;
  readonly active: i16;
  readonly recovery: i16;
  readonly damage: i16;
  /** Damage through a block; never the last point of health. */
  readonly chip: i16;
  readonly level: i16;
  readonly effect: i16;
  readonly left: i16;
  readonly bottom: i16;
  readonly right: i16;
  readonly top: i16;
  /** The outermost part of the box that can hurt but not be hurt; the rest is the limb. */
  readonly tip: i16;
  readonly hitStun: i16;
  readonly blockStun: i16;
  readonly hitStop: i16;
  readonly push: i16;
  readonly lift: i16;
  readonly meter: i16;
  /** 1 when contact lets it be cancelled into a special. */
  readonly cancel: i16;
  /** From the first frame on, the performer cannot be hurt for so long. */
  readonly invulnerable: i16;
  /** Speed forwards during start-up and active frames. */
  readonly advance: i16;
  /** Speed upwards at the first active frame; a rising move ends on the floor, and its recovery is counted there. */
  readonly rise: i16;
}

// biome-ignore format: a table is read in columns.
const TABLE: usize = memory.data<i16>([
  // start, act, rec, dmg, chip, lvl, eff,   x0,  y0,  x1,  y1, tip,  hit, blk, stop, push, lift, meter, cancel, inv, adv, rise
  // Rill
      4,  2,  7,  32,  0, 0, 0,   8,  56,  64,  92,   8,   16,  9,  6,  30, 45,  30, 1,  0,  0,   0, // StandLight
      6,  3, 11,  62,  0, 0, 0,  10,  54,  82,  88,  10,   17, 13,  8,  48, 45,  50, 1,  0,  0,   0, // StandMedium
      9,  4, 18, 102,  0, 0, 0,  12,  58,  98, 100,  12,   21, 16, 11,  68, 55,  80, 1,  0, 12,   0, // StandHeavy
      4,  2,  7,  26,  0, 1, 0,   8,   2,  60,  24,   8,   15,  9,  6,  30, 40,  30, 1,  0,  0,   0, // CrouchLight
      6,  3, 13,  60,  0, 1, 0,  10,   2,  86,  22,  10,   16, 13,  8,  48, 40,  50, 1,  0,  0,   0, // CrouchMedium
      8,  3, 22,  84,  0, 1, 1,  10,   0,  94,  20,  10,    0, 17, 10,  40, 50,  80, 0,  0,  0,   0, // CrouchHeavy
      4,  8,  8,  42,  0, 2, 0,   2,   8,  50,  50,   8,   14, 10,  6,  28, 45,  30, 0,  0,  0,   0, // AirLight
      6,  6, 10,  66,  0, 2, 0,   2,   0,  64,  42,  10,   17, 13,  8,  36, 45,  50, 0,  0,  0,   0, // AirMedium
      8,  5, 14,  92,  0, 2, 0,   0, -12,  66,  46,  12,   20, 16, 10,  46, 50,  80, 0,  0,  0,   0, // AirHeavy
     20,  3, 18,  70,  0, 2, 0,  10,  36,  80, 112,   8,   19, 14,  9,  40, 45,  60, 0,  0, 22,   0, // Overhead
      4,  2, 22, 130,  0, 0, 0,   0,   0,   0,   0,   0,    0,  0,  0,  46, 80,  80, 0,  0,  0,   0, // Throw
     13,  1, 26,   0,  0, 0, 0,   0,   0,   0,   0,   0,    0,  0,  0,   0,  0,   0, 0,  0,  0,   0, // Shot
     10,  1, 23,   0,  0, 0, 0,   0,   0,   0,   0,   0,    0,  0,  0,   0,  0,   0, 0,  0,  0,   0, // GreatShot
      4,  9, 20, 126, 18, 0, 2,  -6,  30,  56, 132,  40,    0, 18, 12,  42, 84,  60, 0,  6, 24, 112, // Strike
      3, 11, 22, 205, 40, 0, 2,  -8,  24,  64, 140,  60,    0, 20, 15,  42, 96,   0, 0, 13, 30, 126, // GreatStrike
      0,  0,  0,  66, 12, 0, 0, -18, -13,  18,  13,   0,   18, 15,  9,  62, 45,  40, 0,  0,  0,   0, // Missile
      0,  0,  0,  80, 20, 0, 2, -24, -17,  24,  17,   0,   20, 17, 10,  66, 64,   0, 0,  0,  0,   0, // GreatMissile
  // Cairn
      5,  3,  9,  42,  0, 0, 0,  10,  54,  70,  94,   8,   19, 10,  7,  32, 45,  30, 1,  0,  0,   0, // StandLight
      9,  4, 14,  76,  0, 0, 0,  12,  56,  94,  98,  12,   19, 15,  9,  52, 50,  50, 1,  0,  8,   0, // StandMedium
     13,  5, 22, 118,  0, 0, 0,  14,  50, 112, 112,  14,   25, 19, 13,  76, 60,  80, 1,  0, 18,   0, // StandHeavy
      5,  3,  9,  36,  0, 1, 0,  10,   2,  66,  28,   8,   17, 10,  7,  32, 40,  30, 1,  0,  0,   0, // CrouchLight
      8,  4, 15,  66,  0, 0, 0,  12,  30,  90, 108,  12,   18, 15,  9,  50, 60,  50, 1,  0,  0,   0, // CrouchMedium
     12,  4, 25, 108,  0, 1, 1,  12,   0, 108,  24,  10,    0, 19, 12,  44, 54,  80, 0,  0, 10,   0, // CrouchHeavy
      5,  9,  9,  52,  0, 2, 0,   2,   4,  56,  54,   8,   15, 11,  7,  30, 45,  30, 0,  0,  0,   0, // AirLight
      8,  7, 12,  84,  0, 2, 0,   4,  -6,  70,  44,  10,   19, 15,  9,  40, 45,  50, 0,  0,  0,   0, // AirMedium
     11,  7, 16, 118,  0, 2, 0,  -6, -18,  72,  40,  16,   23, 18, 12,  50, 50,  80, 0,  0,  0,   0, // AirHeavy
     23,  4, 21,  98,  0, 2, 0,  12,  30,  92, 126,  10,   22, 16, 11,  44, 45,  60, 0,  0, 20,   0, // Overhead
      5,  3, 25, 150,  0, 0, 0,   0,   0,   0,   0,   0,    0,  0,  0,  54, 88,  80, 0,  0,  0,   0, // Throw
     17,  1, 25,   0,  0, 0, 0,   0,   0,   0,   0,   0,    0,  0,  0,   0,  0,   0, 0,  0,  0,   0, // Shot
     13,  1, 22,   0,  0, 0, 0,   0,   0,   0,   0,   0,    0,  0,  0,   0,  0,   0, 0,  0,  0,   0, // GreatShot
     15, 10, 24, 100, 18, 0, 1,   8,  26,  70, 100,  12,    0, 18, 13,  66, 60,  60, 0,  0, 66,   0, // Strike
      8, 15, 22, 235, 46, 0, 2,   8,  20,  78, 112,  60,    0, 20, 16,  60, 88,   0, 0, 16, 82,   0, // GreatStrike
      0,  0,  0,  78, 14, 0, 0, -21, -21,  21,  21,   0,   20, 17, 10,  66, 50,  40, 0,  0,  0,   0, // Missile
      0,  0,  0, 104, 26, 0, 2, -28, -28,  28,  28,   0,   22, 19, 12,  70, 70,   0, 0,  0,  0,   0, // GreatMissile
  // The hazard of the stage
      0,  0,  0,  90,  0, 0, 1, -34,   0,  34, 140,   0,    0, 16, 10,  34, 70,   0, 0,  0,  0,   0, // Lantern
], 16);
const ROW: usize = 22 * 2;

/** The row of a blow: a move is `action - FIRST_MOVE`, the others have names above. */
export function blowOf(character: i32, blow: i32): Move {
  return changetype<Move>(TABLE + <usize>(character * BLOWS + blow) * ROW);
}

/** The falling lantern, which belongs to no character. */
export function lantern(): Move {
  return blowOf(CHARACTERS, 0);
}

export function isMove(action: i32): bool {
  return action >= FIRST_MOVE && action <= LAST_MOVE;
}

/** The row of the move that `action` is. */
export function moveOf(character: i32, action: i32): Move {
  return blowOf(character, action - FIRST_MOVE);
}

export function isAirMove(action: i32): bool {
  return action >= Action.AirLight && action <= Action.AirHeavy;
}

export function isCrouchMove(action: i32): bool {
  return action >= Action.CrouchLight && action <= Action.CrouchHeavy;
}

/** 0 light, 1 medium, 2 heavy, 3 enhanced. */
export function strengthOf(action: i32, power: i32): i32 {
  if (action == Action.GreatShot || action == Action.GreatStrike) return 3;
  if (action <= Action.AirHeavy) return (action - FIRST_MOVE) % 3;
  return action == Action.Strike ? power : 1;
}
