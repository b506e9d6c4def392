// The fighter's numbers and words for the page and the bot: what `assembly/games/fighter` calls rules, characters and moves.
// The simulation has its own copy, compiled in; a test reads both.

/** Bits of `Pad.buttons`. */
export const Button = {
  Left: 1,
  Right: 2,
  Up: 4,
  Down: 8,
  Light: 16,
  Medium: 32,
  Heavy: 64,
  Throw: 128,
} as const;

/** Values of `Fighter.action`. The moves, from StandLight to GreatStrike, stand in the order of the move table. */
export const Action = {
  Idle: 0,
  Crouch: 1,
  WalkForward: 2,
  WalkBack: 3,
  DashForward: 4,
  DashBack: 5,
  JumpSquat: 6,
  Jump: 7,
  Land: 8,
  StandLight: 9,
  StandMedium: 10,
  StandHeavy: 11,
  CrouchLight: 12,
  CrouchMedium: 13,
  CrouchHeavy: 14,
  AirLight: 15,
  AirMedium: 16,
  AirHeavy: 17,
  Overhead: 18,
  Throw: 19,
  Shot: 20,
  GreatShot: 21,
  Strike: 22,
  GreatStrike: 23,
  Hold: 24,
  Held: 25,
  Tech: 26,
  BlockStand: 27,
  BlockCrouch: 28,
  HitStand: 29,
  HitCrouch: 30,
  HitAir: 31,
  Down: 32,
  WakeUp: 33,
  Win: 34,
  Lose: 35,
} as const;

/** Values of `World.phase`. */
export const Phase = {
  Intro: 0,
  Fight: 1,
  Ko: 2,
  RoundOver: 3,
  MatchOver: 4,
} as const;

/** Values of `Fighter.contact`. */
export const Contact = {
  None: 0,
  Blocked: 1,
  Hit: 2,
} as const;

/** Values of `Hazard.stage`. */
export const Stage = {
  Resting: 0,
  Warning: 1,
  Striking: 2,
} as const;

/** Values of the winners: masks of seats, so that a draw is won by both. */
export const Winner = {
  None: 0,
  First: 1,
  Second: 2,
  Draw: 3,
} as const;

/** Values of `Rules.hazard`. */
export const Hazards = {
  Default: 0,
  Off: 1,
  On: 2,
} as const;

/** The name of every action, by its number. */
export const ACTION_NAMES: readonly string[] = Object.keys(Action);

// Lengths in stage units with y upwards from the floor, times in frames.
export const STAGE_WIDTH = 960;
export const WALL = 36;
export const INTRO_FRAMES = 120;
export const ROUND_SECONDS = 60;
export const ROUNDS_TO_WIN = 2;
export const METER_MAX = 1000;
export const HAZARD_WARNING = 60;
export const HAZARD_STRIKE = 8;
export const HAZARD_HALF_WIDTH = 34;
