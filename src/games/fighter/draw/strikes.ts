// The poses of attacks: which limb strikes, along which path, and how the rest of the body stands while it is out.
import { moveOf } from "../moves.js";
import { Action } from "../rules.js";
import { BUILDS } from "./builds.js";
import { mix, type Pose, type PoseRow, poseFrom } from "./pose.js";
import { type Stance, stanceOf } from "./stances.js";

export type StrikingLimb = "leadHand" | "rearHand" | "hands" | "leadFoot" | "rearFoot" | "body";
type Path = "straight" | "upwards" | "downwards";

interface Strike {
  readonly limb: StrikingLimb;
  readonly path: Path;
  /** The tip of the striking limb is replaced by the reach of the move, where the move has a box. */
  readonly reach: Pose;
}

function strike(limb: StrikingLimb, path: Path, row: PoseRow): Strike {
  return { limb, path, reach: poseFrom(row) };
}

// From StandLight to GreatStrike, Rill and then Cairn.
// biome-ignore format: a table is read in columns.
const STRIKES: readonly (readonly Strike[])[] = [
  [
    //                               hip       lean nod   lead hand   rear hand   lead foot   rear foot
    strike("leadHand", "straight",  [  6, 50,   14,   0,   60,  74,     8,  72,    18,   0,   -18,   0]),
    strike("leadFoot", "straight",  [ 14, 52,  -18,   6,   22,  86,    -8,  74,    78,  71,   -10,   0]),
    strike("leadFoot", "straight",  [ 30, 58,  -40,  18,   10,  92,   -18,  86,    94,  79,    -4,   2]),
    strike("leadFoot", "straight",  [ -2, 28,    6,   0,   18,  54,     8,  46,    56,   8,   -16,   0]),
    strike("leadFoot", "straight",  [ 16, 22,  -22,  10,   12,  44,   -20,  22,    82,   8,   -12,   0]),
    strike("rearFoot", "straight",  [ 24, 22,  -36,  14,    8,   4,   -20,  26,     8,   0,    90,   6]),
    strike("leadFoot", "straight",  [  2, 50,   12,   0,   22,  84,   -14,  78,    46,  29,   -12,  16]),
    strike("leadFoot", "straight",  [  8, 48,  -12,   6,   16,  86,   -20,  82,    60,  21,    -6,  24]),
    strike("rearFoot", "straight",  [  4, 54,   24,   0,  -10,  94,   -28,  84,     4,  32,    62,   6]),
    strike("leadFoot", "downwards", [ 18, 60,  -16,   6,    4,  94,   -20,  88,    76,  74,    -6,   4]),
    strike("hands",    "straight",  [ 10, 48,   18,   0,   50,  80,    46,  70,    22,   0,   -16,   0]),
    strike("hands",    "straight",  [  8, 45,   16,   0,   50,  74,    48,  66,    24,   0,   -20,   0]),
    strike("hands",    "straight",  [  8, 40,   20,   0,   52,  76,    50,  64,    28,   0,   -26,   0]),
    strike("rearHand", "upwards",   [  8, 60,    6, -16,  -12,  66,    40, 128,    14,  36,    -8,   8]),
    strike("rearHand", "upwards",   [  8, 60,    6, -16,  -12,  66,    40, 136,    14,  38,    -8,   8]),
  ],
  [
    strike("leadHand", "straight",  [  4, 44,   18,   0,   60,  74,    20,  54,    24,   0,   -22,   0]),
    strike("rearHand", "straight",  [ 10, 43,   28,   0,   14,  50,    84,  77,    28,   0,   -26,   0]),
    strike("hands",    "straight",  [ 16, 41,   36,   0,  100,  84,    96,  68,    34,   0,   -32,   0]),
    strike("leadHand", "straight",  [ -2, 27,   42, -16,   56,  15,    22,  28,    24,   0,   -24,   0]),
    strike("rearHand", "upwards",   [  6, 38,   10,  -8,   14,  40,    80, 100,    26,   0,   -26,   0]),
    strike("leadHand", "straight",  [ 12, 27,   50, -20,  100,  12,    28,  14,    28,   0,   -28,   0]),
    strike("leadHand", "straight",  [  0, 48,   24,   0,   46,  29,   -22,  70,    14,  20,   -12,  14]),
    strike("rearHand", "straight",  [  2, 48,   36,   0,  -18,  84,    60,  19,    14,  26,   -14,  20]),
    strike("hands",    "downwards", [  2, 50,   44,   0,   62,  11,    58,  20,     8,  28,   -16,  26]),
    strike("hands",    "downwards", [ 10, 43,   38,   0,   82,  78,    78,  70,    28,   0,   -28,   0]),
    strike("hands",    "straight",  [ 10, 44,   24,   0,   62,  80,    56,  64,    28,   0,   -22,   0]),
    strike("rearHand", "straight",  [  4, 44,   10,   0,   14,  44,    50, 104,    26,   0,   -26,   0]),
    strike("hands",    "straight",  [  4, 44,    8,   0,   52, 110,    44, 102,    26,   0,   -28,   0]),
    strike("body",     "straight",  [ 16, 40,   50, -20,   46,  36,   -22,  44,    34,   0,   -40,   6]),
    strike("body",     "straight",  [ 18, 38,   54, -24,   50,  34,   -26,  46,    38,   0,   -44,   8]),
  ],
];

function strikeOf(character: number, action: number): Strike {
  return STRIKES[character]![action - Action.StandLight]!;
}

export function strikingLimb(character: number, action: number): StrikingLimb {
  return strikeOf(character, action).limb;
}

/** The pose in the active frames; `share` runs from 0 to 1 while they last. */
export function reachPose(character: number, action: number, share: number): Pose {
  const { limb, path, reach } = strikeOf(character, action);
  const move = moveOf(character, action);
  if (move.right <= move.left || limb === "body") return reach;
  const build = BUILDS[character]!;
  const foot = limb === "leadFoot" || limb === "rearFoot";
  const far = move.right - (foot ? build.foot : build.fist);
  const middle = (move.bottom + move.top) / 2;
  if (path === "straight") return withTip(reach, limb, far, foot ? Math.max(2, middle - build.ankle) : middle);
  const low = move.bottom + 12;
  const high = move.top - build.fist;
  const y = path === "upwards" ? low + (high - low) * Math.sqrt(share) : high + (low - high) * share * share;
  return withTip(reach, limb, far * (0.7 + 0.3 * Math.sin(Math.PI * Math.min(1, 0.2 + share * 0.6))), y);
}

/** The pose at the end of the wind-up: the body goes a little the other way, the limb is drawn in. */
export function chamberPose(character: number, action: number): Pose {
  const { limb, path, reach } = strikeOf(character, action);
  const stance = stanceOf(character, restingStance(action));
  const back = mix(stance, reach, -0.3);
  if (limb === "body") return back;
  const foot = limb === "leadFoot" || limb === "rearFoot";
  if (path === "downwards") return withTip(back, limb, foot ? 34 : -14, foot ? 96 : 128);
  if (path === "upwards") return withTip(mix(back, stanceOf(character, "squat"), 0.6), limb, -14, 34);
  return foot
    ? withTip(back, limb, back.hipX + 20, Math.max(6, back.hipY - 18))
    : withTip(back, limb, -16, back.hipY + 22);
}

/** Where a move begins and ends. */
export function restingStance(action: number): Stance {
  if (action >= Action.AirLight && action <= Action.AirHeavy) return "fall";
  return action >= Action.CrouchLight && action <= Action.CrouchHeavy ? "crouch" : "idle";
}

function withTip(pose: Pose, limb: StrikingLimb, x: number, y: number): Pose {
  switch (limb) {
    case "leadHand":
      return { ...pose, leadHandX: x, leadHandY: y };
    case "rearHand":
      return { ...pose, rearHandX: x, rearHandY: y };
    case "hands":
      return { ...pose, leadHandX: x, leadHandY: y, rearHandX: x - 8, rearHandY: y - 9 };
    case "leadFoot":
      return { ...pose, leadFootX: x, leadFootY: y };
    case "rearFoot":
      return { ...pose, rearFootX: x, rearFootY: y };
    case "body":
      return pose;
    default:
      return limb satisfies never;
  }
}
