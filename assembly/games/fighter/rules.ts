// The words of the game: every number with a name that both the simulation and the page use.
// `src/games/fighter/rules.ts` mirrors this room; a test reads both.

export const enum Button {
  Left = 1,
  Right = 2,
  Up = 4,
  Down = 8,
  Light = 16,
  Medium = 32,
  Heavy = 64,
  Throw = 128,
}

/** What a fighter is doing. The moves, from StandLight to GreatStrike, stand in the order of the move table. */
export const enum Action {
  Idle = 0,
  Crouch = 1,
  WalkForward = 2,
  WalkBack = 3,
  DashForward = 4,
  DashBack = 5,
  JumpSquat = 6,
  Jump = 7,
  Land = 8,
  StandLight = 9,
  StandMedium = 10,
  StandHeavy = 11,
  CrouchLight = 12,
  CrouchMedium = 13,
  CrouchHeavy = 14,
  AirLight = 15,
  AirMedium = 16,
  AirHeavy = 17,
  Overhead = 18,
  Throw = 19,
  Shot = 20,
  GreatShot = 21,
  Strike = 22,
  GreatStrike = 23,
  Hold = 24,
  Held = 25,
  Tech = 26,
  BlockStand = 27,
  BlockCrouch = 28,
  HitStand = 29,
  HitCrouch = 30,
  HitAir = 31,
  Down = 32,
  WakeUp = 33,
  Win = 34,
  Lose = 35,
}

export const enum Phase {
  Intro = 0,
  Fight = 1,
  Ko = 2,
  RoundOver = 3,
  MatchOver = 4,
}

/** Whether the move that is being performed has touched anybody yet. */
export const enum Contact {
  None = 0,
  Blocked = 1,
  Hit = 2,
}

/** The motion that was complete when an attack was pressed. */
export const enum Command {
  None = 0,
  QuarterForward = 1,
  QuarterBack = 2,
}

export const enum Stage {
  Resting = 0,
  Warning = 1,
  Striking = 2,
}

/** Who won, as a mask of seats: a draw is won by both. */
export const enum Winner {
  None = 0,
  First = 1,
  Second = 2,
  Draw = 3,
}

/** Values of `Rules.hazard`. */
export const enum Hazards {
  Default = 0,
  Off = 1,
  On = 2,
}

export const PLAYERS = 2;
/** From Action.StandLight to Action.GreatStrike. */
export const MOVES = 15;

// Lengths in stage units (one pixel of a 960-pixel view), speeds in units per frame, times in frames.
export const STAGE_WIDTH = 960;
export const WALL = 36;
export const START_X = 310;

export const INTRO_FRAMES = 120;
export const KO_FRAMES = 100;
export const ROUND_OVER_FRAMES = 120;
export const MATCH_OVER_FRAMES = 240;
// At the last blow both stand still longer, so that everybody sees it.
export const KO_HIT_STOP: u8 = 24;

export const ROUND_SECONDS = 60;
export const ROUNDS_TO_WIN = 2;

export const METER_MAX = 1000;
export const JUGGLE_MAX: u8 = 3;
export const DOWN_FRAMES: u8 = 26;

export const TECH_WINDOW = 9;
export const TECH_FRAMES = 18;
export const HOLD_FRAMES = 24;
export const HOLD_RECOVERY = 16;
// Nobody may be thrown in the first frames after standing up or leaving a stun: a throw must be a read, not a trap.
export const THROW_GUARD: u8 = 6;

export const HAZARD_REST_MIN = 300;
export const HAZARD_REST_MAX = 540;
export const HAZARD_WARNING: u16 = 60;
export const HAZARD_STRIKE: u16 = 8;
export const HAZARD_HALF_WIDTH = 34;
