// What a bot's hands can do: short scripts of held buttons, written relative to the side the opponent is on.
import { Button } from "./rules.js";

/** Directions without a side; the bot turns them into left and right when it presses them. */
export const FORWARD = 256;
export const BACK = 512;

export interface Step {
  readonly hold: number;
  readonly frames: number;
}

export type Plan = readonly Step[];

const { Up, Down, Light, Medium, Heavy, Throw } = Button;

export function hold(buttons: number, frames: number): Plan {
  return [{ hold: buttons, frames }];
}

/** One press, held as long as a thumb does, and let go. */
export function press(buttons: number, after = 4): Plan {
  return [
    { hold: buttons, frames: 3 },
    { hold: buttons & (Down | FORWARD | BACK), frames: after },
  ];
}

export function inTurn(...plans: readonly Plan[]): Plan {
  return plans.flat();
}

/** A quarter circle towards `side` and an attack at its end, as hands do it: a few frames for each direction. */
export function quarter(side: number, attack: number): Plan {
  return [
    { hold: Down, frames: 3 },
    { hold: Down | side, frames: 3 },
    { hold: side, frames: 1 },
    { hold: side | attack, frames: 3 },
    { hold: 0, frames: 8 },
  ];
}

export function dash(side: number): Plan {
  return [
    { hold: side, frames: 3 },
    { hold: 0, frames: 3 },
    { hold: side, frames: 2 },
    { hold: 0, frames: 10 },
  ];
}

/** A jump towards `side` (or 0) with an attack on the way down, and one on the ground after it. */
export function jumpIn(side: number, wait: number, attack: number, follow: Plan): Plan {
  return [
    { hold: Up | side, frames: 6 },
    { hold: 0, frames: wait },
    { hold: attack, frames: 3 },
    { hold: 0, frames: 12 },
    ...follow,
  ];
}

export const STAND_LIGHT: Plan = press(Light);
export const STAND_MEDIUM: Plan = press(Medium, 6);
export const STAND_HEAVY: Plan = press(Heavy, 10);
export const CROUCH_LIGHT: Plan = press(Down | Light);
export const CROUCH_MEDIUM: Plan = press(Down | Medium, 6);
export const SWEEP: Plan = press(Down | Heavy, 12);
export const OVERHEAD: Plan = press(FORWARD | Heavy, 12);
export const THROW: Plan = press(Throw, 6);
export const THROW_BACK: Plan = [...press(BACK | Throw, 0), ...hold(BACK, 6)];
/** The two buttons of a throw, a frame apart, as fingers are. */
export const THROW_BY_TWO: Plan = [{ hold: Light, frames: 1 }, { hold: Light | Medium, frames: 3 }, ...hold(0, 6)];
