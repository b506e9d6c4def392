// Questions about one fighter, and the few ways in which its action changes.
import { fixed } from "../../sdk";
import { tenths } from "./characters";
import { FIRST_MOVE, isCrouchMove, isMove, moveOf } from "./moves";
import { Action, Contact, JUGGLE_MAX } from "./rules";
import { Fighter, world } from "./world";

/** Free to do anything: walk, block, jump, attack. */
export function isFree(action: i32): bool {
  return action <= Action.WalkBack;
}

export function isBlocking(action: i32): bool {
  return action == Action.BlockStand || action == Action.BlockCrouch;
}

export function isStunned(action: i32): bool {
  return action >= Action.BlockStand && action <= Action.HitAir;
}

export function isCrouching(action: i32): bool {
  return action == Action.Crouch || action == Action.BlockCrouch || action == Action.HitCrouch || isCrouchMove(action);
}

export function isAloft(me: Fighter): bool {
  return me.position.y > 0 || me.velocity.y > 0;
}

/** Whether a blow can hurt this fighter at all in this frame. */
export function isVulnerable(me: Fighter): bool {
  const action: i32 = me.action;
  if (action == Action.Hold || action == Action.Held || action == Action.Tech) return false;
  if (action == Action.Down || action == Action.WakeUp) return false;
  if (action == Action.HitAir) return me.juggle < JUGGLE_MAX;
  return !isMove(action) || <i32>me.actionFrame >= moveOf(me.character, action).invulnerable;
}

export function begin(me: Fighter, action: i32): void {
  me.action = action;
  me.actionFrame = 0;
  me.contact = Contact.None;
}

/** Begins a move, and counts it. */
export function start(me: Fighter, move: Action): void {
  begin(me, move);
  const counted = me.tried;
  const index = <i32>move - FIRST_MOVE;
  counted.set(index, counted.get(index) + 1);
}

/** The move has hurt somebody. */
export function countLanded(me: Fighter, move: Action): void {
  const counted = me.landed;
  const index = <i32>move - FIRST_MOVE;
  counted.set(index, counted.get(index) + 1);
}

/** Stays in `action` where the fighter is in it already, so that its frames go on counting. */
export function settle(me: Fighter, action: i32): void {
  if (me.action != action) begin(me, action);
}

export function wait(me: Fighter, action: i32, frames: i32): void {
  begin(me, action);
  me.stun = <u8>frames;
}

/** Off the feet, towards `side`, to land lying down. */
export function fall(me: Fighter, side: i32, speed: fixed, lift: i32): void {
  begin(me, Action.HitAir);
  me.velocity.x = side * speed;
  me.velocity.y = tenths(lift);
  me.push = 0;
}

/** The combo that the other one was landing on `seat` is over. */
export function endCombo(seat: i32): void {
  world.fighters.at(1 - seat).combo = 0;
}

/** +1 where the other one stands to the right of `me`, -1 to the left; eye to eye, where `me` looks. */
export function sideOf(me: Fighter, you: Fighter): i32 {
  const gap = you.position.x - me.position.x;
  return gap > 0 ? 1 : gap < 0 ? -1 : me.facing;
}
