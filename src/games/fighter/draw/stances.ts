// The poses of everything that is no attack, drawn by hand for both characters.
import { type Pose, type PoseRow, poseFrom } from "./pose.js";

// biome-ignore format: a table is read in columns.
const RILL = {
  //            hip       lean nod   lead hand   rear hand   lead foot   rear foot
  idle:        [  0, 51,   10,   0,   26,  80,    15,  70,    14,   0,   -16,   0],
  crouch:      [ -2, 28,   24, -10,   26,  54,    14,  46,    16,   0,   -16,   0],
  dashForward: [  6, 46,   34, -16,   18,  62,   -14,  60,    30,   4,   -34,  10],
  dashBack:    [ -4, 48,  -14,   4,   24,  74,    10,  70,    26,   8,   -24,   0],
  squat:       [  0, 36,   22,   0,   14,  48,   -16,  50,    14,   0,   -14,   0],
  rise:        [  0, 50,    4,   0,   16,  94,   -14,  56,     8,  26,   -10,   8],
  fall:        [  0, 54,    8,   6,   32,  92,   -28,  86,    14,  12,   -14,  18],
  land:        [  0, 35,   24,   0,   22,  44,   -16,  46,    16,   0,   -16,   0],
  blockStand:  [ -6, 49,   -8,   4,   17,  92,    14,  78,    14,   0,   -20,   0],
  blockCrouch: [ -5, 27,    6,   0,   21,  60,    18,  46,    15,   0,   -18,   0],
  hitStand:    [ -8, 48,  -26, -18,   16,  64,   -26,  76,    14,   0,   -20,   0],
  hitCrouch:   [ -8, 27,  -18, -14,   18,  38,   -24,  46,    16,   0,   -18,   0],
  thrownUp:    [  0, 46,  -72, -12,  -34,  80,   -52,  58,    36,  54,    26,  34],
  thrownDown:  [  0, 32,  -98,  -6,  -42,  56,   -58,  38,    30,  62,    40,  44],
  down:        [  4,  8,  -88,   6,  -14,   3,   -52,   5,    50,   0,    34,   1],
  wake:        [ -4, 27,   34,   0,   22,  16,     8,  40,    14,   0,   -24,   1],
  win:         [  0, 54,   -4,  -8,   14, 124,   -15,  56,    10,   0,   -12,   0],
  lose:        [ -2, 30,   36,  36,   16,  30,    10,  24,    12,   0,   -30,   0],
  tech:        [-10, 47,  -14,   0,   30,  84,    26,  72,    16,   3,   -26,   0],
  hold:        [  2, 48,   10,   0,   36,  80,    33,  72,    18,   0,   -18,   0],
  toss:        [  8, 40,   40,  12,   40,  42,    36,  36,    22,   0,   -20,   0],
  held:        [ -4, 58,  -12, -18,   16,  92,    14,  62,     8,   8,    -8,  12],
} as const satisfies Record<string, PoseRow>;

export type Stance = keyof typeof RILL;

// biome-ignore format: a table is read in columns.
const CAIRN: Readonly<Record<Stance, PoseRow>> = {
  //            hip       lean nod   lead hand   rear hand   lead foot   rear foot
  idle:        [  0, 44,   12,  -4,   40,  58,    24,  48,    20,   0,   -22,   0],
  crouch:      [ -2, 27,   34, -20,   44,  34,    26,  28,    22,   0,   -24,   0],
  dashForward: [ 10, 42,   42, -26,   34,  40,   -20,  44,    32,   4,   -36,   8],
  dashBack:    [ -6, 44,   -8,   0,   40,  64,    26,  52,    28,   6,   -28,   0],
  squat:       [  0, 32,   28,   0,   30,  22,   -22,  26,    20,   0,   -20,   0],
  rise:        [  0, 48,    8,   0,   34,  92,   -28,  60,    14,  24,   -12,  12],
  fall:        [  0, 52,   14,   6,   46,  98,   -38,  92,    18,  12,   -18,  18],
  land:        [  0, 32,   30,   0,   36,  20,   -24,  22,    22,   0,   -22,   0],
  blockStand:  [ -8, 43,   -4,   4,   26,  92,    24,  62,    20,   0,   -24,   0],
  blockCrouch: [ -6, 27,   18,  -6,   32,  60,    30,  34,    22,   0,   -24,   0],
  hitStand:    [-12, 42,  -22, -20,   20,  46,   -38,  56,    20,   0,   -28,   0],
  hitCrouch:   [-12, 27,   -8, -16,   24,  28,   -34,  34,    22,   0,   -26,   0],
  thrownUp:    [  0, 48,  -70, -12,  -40,  92,   -66,  66,    34,  56,    26,  34],
  thrownDown:  [  0, 36,  -96,  -6,  -52,  64,   -72,  42,    30,  66,    38,  46],
  down:        [  4, 16,  -86,   8,  -10,  10,   -68,  10,    42,   0,    30,   0],
  wake:        [ -4, 26,   42,   0,   34,   8,    16,   8,    18,   0,   -28,   0],
  win:         [  0, 46,    0, -10,   38, 122,   -38, 120,    20,   0,   -22,   0],
  lose:        [ -2, 28,   46,  34,   30,   8,    14,   8,    18,   0,   -30,   0],
  tech:        [-10, 43,   -6,   0,   44,  80,    36,  66,    22,   0,   -30,   0],
  hold:        [  2, 44,   14,   0,   52,  80,    46,  68,    24,   0,   -22,   0],
  toss:        [  8, 36,   44,  12,   54,  30,    46,  24,    28,   0,   -24,   0],
  held:        [ -4, 52,  -12, -18,   22,  92,    18,  54,    12,   8,   -10,  10],
};

const STANCES: readonly Readonly<Record<Stance, Pose>>[] = [RILL, CAIRN].map(
  (rows) =>
    Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, poseFrom(row)])) as Record<Stance, Pose>,
);

export function stanceOf(character: number, stance: Stance): Pose {
  return STANCES[character]![stance];
}
