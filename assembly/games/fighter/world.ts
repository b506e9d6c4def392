// The whole state of a match.
import { arena, fixed, Numbers, numbers, Random, Slots, slots, Vec } from "../../sdk";
import { Action, Command, Contact, MOVES, Phase, PLAYERS, Stage, Winner } from "./rules";

// Motions look back less than a third of a second; the page shows the last four seconds of a player's buttons.
export const HISTORY = 256;
// The rounds a match remembers for its score board; a longer match forgets its first ones.
export const ROUNDS_KEPT = 8;
// One ordinary shot each, and one in flight while the next is thrown.
export const PROJECTILES = 4;

@state
export class Fighter {
  /** Between the feet; y grows upwards from the floor. */
  position: Vec;
  velocity: Vec;
  /** Being pushed back: a horizontal speed of its own that fades and may be handed to the attacker at a wall. */
  push: fixed;
  health: i16;
  meter: i16;
  comboDamage: i16;
  buttons: u16;
  /** Attacks pressed lately and not yet answered, for how many more frames, and after which motion. */
  wanted: u16;
  wantedFrames: u8;
  command: Command;
  character: u8;
  facing: i8;
  action: Action;
  actionFrame: u16;
  /** Strength of the button behind a special: 0 light, 1 medium, 2 heavy. A throw backwards has 1. */
  power: u8;
  /** Frames until an action without a length of its own ends. */
  stun: u8;
  hitStop: u8;
  contact: Contact;
  /** Hits this fighter has landed in the running combo. */
  combo: u8;
  comboBest: u8;
  /** How often this fighter was struck since leaving the floor. */
  juggle: u8;
  unthrowable: u8;
  /** 1 while a blow at a wall pushes the other one back instead. */
  recoils: u8;
  roundsWon: u8;
  /** The buttons of the last frames: that of frame f at f modulo HISTORY. */
  history: Numbers<u8> = numbers<u8>(HISTORY);
  /** In this match, per move: how often it was begun, and how often it hurt. */
  tried: Numbers<u16> = numbers<u16>(MOVES);
  landed: Numbers<u16> = numbers<u16>(MOVES);
}

@state
export class Projectile {
  /** Its middle. */
  position: Vec;
  velocity: Vec;
  /** Frames it still flies; 0 when the place is free. */
  life: u16;
  owner: u8;
  character: u8;
  great: u8;
  /** Blows it can still give or take. */
  hits: u8;
  hitStop: u8;
}

@state
export class Hazard {
  x: fixed;
  frames: u16;
  stage: Stage;
  /** Mask of the seats this strike has already hurt. */
  struck: u8;
}

/** One round that is over. */
@state
export class Round {
  winner: Winner;
  byTime: u8;
  secondsLeft: u8;
  firstHealth: i16;
  secondHealth: i16;
}

@state
export class World {
  frame: u32;
  random: Random;
  phase: Phase;
  phaseFrame: u16;
  /** Frames left in the round. */
  timer: u16;
  round: u8;
  matches: u16;
  roundWinner: Winner;
  matchWinner: Winner;
  byTime: u8;
  fighters: Slots<Fighter> = slots<Fighter>(PLAYERS);
  projectiles: Slots<Projectile> = slots<Projectile>(PROJECTILES);
  hazard: Hazard;
  /** Round n, counted from 1, at (n - 1) modulo ROUNDS_KEPT. */
  rounds: Slots<Round> = slots<Round>(ROUNDS_KEPT);
}

export const world = arena<World>();
