// The two characters: how each of them stands, walks, jumps and throws.
import { fixed } from "../../sdk";

export const RILL = 0;
export const CAIRN = 1;
export const CHARACTERS = 2;

/** One row of the table below. Lengths in units, speeds in tenths of a unit per frame, times in frames. */
@unmanaged
export class Character {
  readonly health: i16;
  readonly walkForward: i16;
  readonly walkBack: i16;
  readonly dashSpeed: i16;
  readonly dashFrames: i16;
  readonly backSpeed: i16;
  readonly backFrames: i16;
  readonly jumpSquat: i16;
  readonly jumpSpeed: i16;
  readonly jumpForward: i16;
  readonly jumpBack: i16;
  /** In hundredths of a unit per frame, per frame. */
  readonly gravity: i16;
  readonly halfWidth: i16;
  readonly standHeight: i16;
  readonly crouchHeight: i16;
  readonly airHeight: i16;
  /** Furthest gap between the two bodies that a throw still closes. */
  readonly throwGap: i16;
  readonly wakeFrames: i16;
  readonly shotSpeed: i16;
  /** Added per strength of the button. */
  readonly shotSpeedStep: i16;
  readonly shotLift: i16;
  readonly shotGravity: i16;
  readonly shotLife: i16;
  readonly shotAhead: i16;
  readonly shotHeight: i16;
}

// Rill is quick, light and precise; her shot flies straight. Cairn is slow, wide and strong; his shot is a stone that he
// lobs over other shots.
// biome-ignore format: a table is read in columns.
const TABLE: usize = memory.data<i16>([
  // hp, walk +/-, dash, back,   squat, jump up/+/-,  grav, half, stand, crouch, air, throw, wake, shot v, step, lift, grav, life, x, y
  1040,  34, 27,   78, 14, 70, 18, 4, 134, 46, 38,     72,   22,  108,    68,    84,  16,   16,   62,   16,    0,    0,  110, 52, 70,
  1100,  24, 19,   58, 18, 50, 22, 5, 132, 35, 28,     80,   28,  122,    82,    94,  22,   20,   34,   15,   72,   30,  120, 44, 92,
], 16);
const ROW: usize = 25 * 2;

export function characterOf(character: i32): Character {
  return changetype<Character>(TABLE + <usize>character * ROW);
}

/** Tenths of a unit as fixed point. */
export function tenths(value: i32): fixed {
  return (value << 16) / 10;
}

/** Hundredths of a unit as fixed point. */
export function hundredths(value: i32): fixed {
  return (value << 16) / 100;
}
