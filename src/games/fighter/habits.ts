// What a bot does when nothing forces it: weighted plans for each distance.

import type { Dice } from "../dice.js";
import { CHARACTERS } from "./characters.js";
import {
  BACK,
  CROUCH_LIGHT,
  CROUCH_MEDIUM,
  dash,
  FORWARD,
  hold,
  inTurn,
  jumpIn,
  OVERHEAD,
  type Plan,
  quarter,
  STAND_HEAVY,
  STAND_LIGHT,
  STAND_MEDIUM,
  SWEEP,
  THROW,
  THROW_BACK,
  THROW_BY_TWO,
} from "./plans.js";
import { Action, Button, METER_MAX } from "./rules.js";
import type { Seen } from "./sight.js";
import type { Fighter } from "./types.js";

export interface Situation {
  readonly me: Fighter;
  readonly you: Readonly<Seen>;
  readonly dice: Dice;
}

type Habits = readonly (readonly [weight: number, plan: Plan])[];

// Gaps between the bodies, in stage units.
const FAR = 260;
const MIDDLE = 95;
const THROW_GAP = 14;

export function decide({ me, you, dice }: Situation): Plan {
  if (me.position.y > 0) return hold(0, 2);
  const bodies = CHARACTERS[me.character]!.halfWidth + CHARACTERS[you.character]!.halfWidth;
  const gap = Math.abs(you.x - me.position.x) - bodies;
  if (you.action === Action.Down || you.action === Action.WakeUp) return dice.pick(gap > MIDDLE ? CHASE : wakeUp(gap));
  if (gap > FAR) return dice.pick(far(me, dice));
  if (gap > MIDDLE) return dice.pick(middle(me, dice));
  return dice.pick(near(me, gap, dice));
}

/** The opponent has missed and is still recovering. */
export function punish(me: Fighter, distance: number, dice: Dice): Plan {
  const full = me.meter === METER_MAX;
  return dice.pick([
    [full ? 4 : 0, quarter(BACK, Button.Heavy)],
    [distance < 120 ? 3 : 1, STAND_HEAVY],
    [2, SWEEP],
    [3, CROUCH_MEDIUM],
    [distance < 75 ? 3 : 0, THROW],
    [distance > 110 ? 3 : 0, quarter(FORWARD, Button.Medium)],
  ]);
}

function strength(me: Fighter, dice: Dice): number {
  if (me.meter === METER_MAX && dice.chance(0.6)) return Button.Heavy;
  return dice.pick([
    [3, Button.Light],
    [3, Button.Medium],
    [2, Button.Heavy],
  ]);
}

function walk(side: number, dice: Dice): Plan {
  return hold(side, dice.between(10, 28));
}

/** The later the button, the lower it hits; a character in the air for longer has to wait for longer. */
function jump(me: Fighter, dice: Dice): Plan {
  const character = CHARACTERS[me.character]!;
  const flight = Math.floor((20 * character.jumpSpeed) / character.gravity);
  const attack = dice.pick([
    [3, Button.Light],
    [4, Button.Medium],
    [5, Button.Heavy],
  ]);
  const follow = dice.pick<Plan>([
    [3, CROUCH_LIGHT],
    [3, STAND_MEDIUM],
    [2, CROUCH_MEDIUM],
    [1, THROW],
    [1, []],
  ]);
  const side = dice.pick([
    [8, FORWARD],
    [1, 0],
    [1, BACK],
  ]);
  return jumpIn(side, Math.max(2, flight - dice.between(15, 19)), attack, follow);
}

function far(me: Fighter, dice: Dice): Habits {
  return [
    [8, walk(FORWARD, dice)],
    [6, dash(FORWARD)],
    [6, quarter(FORWARD, strength(me, dice))],
    [3, jump(me, dice)],
    [1, walk(BACK, dice)],
    [1, hold(Button.Down, 10)],
  ];
}

function middle(me: Fighter, dice: Dice): Habits {
  const charges = CHARACTERS[me.character]!.shotGravity !== 0;
  return [
    [8, walk(FORWARD, dice)],
    [4, dash(FORWARD)],
    [3, quarter(FORWARD, strength(me, dice))],
    [6, jump(me, dice)],
    [charges ? 4 : 1, quarter(BACK, strength(me, dice))],
    [2, walk(BACK, dice)],
    [1, dash(BACK)],
    [1, OVERHEAD],
    [3, hold(BACK | Button.Down, dice.between(8, 24))],
  ];
}

function near(me: Fighter, gap: number, dice: Dice): Habits {
  const close = gap <= THROW_GAP;
  return [
    [6, inTurn(STAND_LIGHT, STAND_LIGHT)],
    [6, inTurn(CROUCH_LIGHT, CROUCH_LIGHT, CROUCH_MEDIUM)],
    [6, STAND_MEDIUM],
    [6, CROUCH_MEDIUM],
    [5, STAND_HEAVY],
    [4, SWEEP],
    [3, OVERHEAD],
    [close ? 6 : 0, THROW],
    [close ? 2 : 0, THROW_BACK],
    [close ? 2 : 0, THROW_BY_TWO],
    [2, quarter(BACK, strength(me, dice))],
    [2, jump(me, dice)],
    [9, hold(BACK | Button.Down, dice.between(12, 34))],
    [6, hold(BACK, dice.between(12, 28))],
    [close ? 1 : 5, walk(FORWARD, dice)],
    [2, dash(BACK)],
  ];
}

/** Over somebody who is getting up: low, high or a throw, timed for the first frames of being up. */
function wakeUp(gap: number): Habits {
  return [
    [4, gap > THROW_GAP ? hold(FORWARD, 6) : hold(BACK | Button.Down, 6)],
    [3, CROUCH_MEDIUM],
    [2, OVERHEAD],
    [gap > THROW_GAP ? 0 : 3, THROW],
    [2, SWEEP],
  ];
}

const CHASE: Habits = [
  [4, hold(FORWARD, 14)],
  [3, dash(FORWARD)],
  [2, quarter(FORWARD, Button.Light)],
];
