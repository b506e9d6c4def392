// What a player's buttons mean: opposite directions cancel, presses are remembered for a few frames, motions are read.
import { inputOf, Presence, presence } from "../../sdk";
import { Pad } from "./outside";
import { Button, Command, Phase } from "./rules";
import { Fighter, HISTORY, world } from "./world";

const ATTACKS: i32 = Button.Light | Button.Medium | Button.Heavy | Button.Throw;
const SIDES: i32 = Button.Left | Button.Right;
const LEVELS: i32 = Button.Up | Button.Down;
const DIRECTIONS: i32 = SIDES | LEVELS;
// A press waits this long for the fighter to become free; hit-stop does not count.
const WANTED_FRAMES: u8 = 5;
// The three directions of a quarter circle have to fit in so many frames.
const MOTION_FRAMES = 18;
// Two taps of a dash have to fit in so many frames.
const DASH_FRAMES = 12;

export function forwardOf(me: Fighter): i32 {
  return me.facing > 0 ? Button.Right : Button.Left;
}

export function backOf(me: Fighter): i32 {
  return me.facing > 0 ? Button.Left : Button.Right;
}

/** The buttons that act; outside the fight nobody moves, whatever is held. */
export function steering(me: Fighter): i32 {
  return world.phase == Phase.Fight ? me.buttons : 0;
}

function direction(me: Fighter, age: i32): i32 {
  return me.history.get((<i32>world.frame - age) & (HISTORY - 1)) & DIRECTIONS;
}

/** Whether down, down and `side`, `side` have been held in this order lately; other directions between them do no harm. */
function quarter(me: Fighter, side: i32): bool {
  let wanted = side;
  for (let age = 0; age < MOTION_FRAMES; age++) {
    if (direction(me, age) != wanted) continue;
    if (wanted == Button.Down) return true;
    wanted = wanted == side ? side | Button.Down : Button.Down;
  }
  return false;
}

/** Whether `side` has just been tapped for the second time, with nothing held in between. */
export function tappedTwice(me: Fighter, side: i32): bool {
  if (direction(me, 0) != side || direction(me, 1) != 0) return false;
  for (let age = 2; age < DASH_FRAMES; age++) {
    const held = direction(me, age);
    if (held == side) return true;
    if (held != 0) return false;
  }
  return false;
}

export function listen(seat: i32): void {
  const me = world.fighters.at(seat);
  let held: i32 = presence(seat) == Presence.absent ? 0 : inputOf<Pad>(seat).buttons & (DIRECTIONS | ATTACKS);
  if ((held & SIDES) == SIDES) held &= ~SIDES;
  if ((held & LEVELS) == LEVELS) held &= ~LEVELS;
  const pressed = held & ~(<i32>me.buttons) & ATTACKS;
  me.buttons = <u16>held;
  me.history.set(<i32>world.frame & (HISTORY - 1), <u8>held);
  if (world.phase != Phase.Fight) {
    forget(me);
    return;
  }
  if (pressed != 0) {
    // Buttons pressed a frame apart belong together, or nobody could press two at once.
    if (me.wantedFrames == 0) forget(me);
    me.wanted |= <u16>pressed;
    me.wantedFrames = WANTED_FRAMES;
    if (quarter(me, forwardOf(me))) me.command = Command.QuarterForward;
    else if (quarter(me, backOf(me))) me.command = Command.QuarterBack;
  } else if (me.wantedFrames > 0 && me.hitStop == 0) {
    me.wantedFrames--;
    if (me.wantedFrames == 0) forget(me);
  }
}

/** The remembered press has been answered, or its time is over. */
export function forget(me: Fighter): void {
  me.wanted = 0;
  me.wantedFrames = 0;
  me.command = Command.None;
}

export function wantsThrow(me: Fighter): bool {
  const both: i32 = Button.Light | Button.Medium;
  const wanted: i32 = me.wanted;
  return (wanted & Button.Throw) != 0 || (wanted & both) == both;
}
