// What a blow does to the one it touches: blocked or not, damage, stun, push, fall.
import { emit, fixed } from "../../sdk";
import { tenths } from "./characters";
import { steering } from "./controls";
import { Hit } from "./events";
import { fall, isAloft, isBlocking, isCrouching, isFree, isStunned, wait } from "./fighters";
import { Effect, Level, Move } from "./moves";
import { Action, Button, JUGGLE_MAX, METER_MAX, Phase } from "./rules";
import { Fighter, world } from "./world";

const SCALING_STEP = 12;
const SCALING_LEAST = 30;
const JUGGLE_LIFT_LEAST = 45;
const FALL_SPEED: fixed = (24 << 16) / 10;
const KO_LIFT = 72;

/** Blocking is holding away from the threat, with the feet on the floor; once blocking, one goes on without holding. */
function guards(you: Fighter, level: i32, threat: i32): bool {
  const action: i32 = you.action;
  if (isAloft(you)) return false;
  const buttons = steering(you);
  const away: i32 = threat > 0 ? Button.Left : Button.Right;
  if (!isBlocking(action) && !(isFree(action) && (buttons & away) != 0)) return false;
  const crouching = (buttons & Button.Down) != 0;
  return level == Level.Mid || (level == Level.Low) == crouching;
}

/** Takes health away in the fight, and only there: what still lands after the last blow hurts nobody. */
export function wound(you: Fighter, damage: i32): void {
  if (world.phase != Phase.Fight) return;
  const left = <i32>you.health - damage;
  you.health = <i16>max<i32>(left, 0);
}

export function gainMeter(me: Fighter, gain: i32): void {
  const full = <i32>me.meter + gain;
  me.meter = <i16>min<i32>(full, METER_MAX);
}

/** Later hits of a combo hurt less. */
function scaled(damage: i32, combo: i32): i32 {
  const percent = 100 - combo * SCALING_STEP;
  return (damage * max<i32>(percent, SCALING_LEAST)) / 100;
}

/** `you` is touched by `blow` at x, y and pushed towards `side`; `combo` hits have come before. True when it was blocked. */
export function receive(seat: i32, blow: Move, side: i32, x: fixed, y: fixed, strength: i32, combo: i32): bool {
  const you = world.fighters.at(seat);
  const blocked = guards(you, blow.level, -side);
  const hit = emit<Hit>();
  hit.x = x;
  hit.y = y;
  hit.strength = <u8>strength;
  hit.player = <u8>seat;
  hit.blocked = blocked ? 1 : 0;
  you.hitStop = <u8>blow.hitStop;
  you.recoils = 0;
  if (blocked) block(you, blow);
  else suffer(you, blow, side, combo);
  if (you.action != Action.HitAir) {
    you.velocity.x = 0;
    you.push = side * tenths(blow.push);
  }
  return blocked;
}

function block(you: Fighter, blow: Move): void {
  const crouching = (steering(you) & Button.Down) != 0;
  wait(you, crouching ? Action.BlockCrouch : Action.BlockStand, blow.blockStun);
  gainMeter(you, <i32>blow.meter >> 2);
  wound(you, min<i32>(blow.chip, <i32>you.health - 1));
}

function suffer(you: Fighter, blow: Move, side: i32, combo: i32): void {
  wound(you, scaled(blow.damage, combo));
  gainMeter(you, <i32>blow.meter >> 1);
  const effect: i32 = blow.effect;
  const aloft = isAloft(you);
  if (!aloft && effect == Effect.None && you.health > 0) {
    wait(you, isCrouching(you.action) ? Action.HitCrouch : Action.HitStand, blow.hitStun);
    return;
  }
  const again = you.juggle > 0;
  const lift: i32 = blow.lift;
  you.juggle = you.health == 0 || effect == Effect.Knock ? JUGGLE_MAX : you.juggle + 1;
  const least = you.health == 0 ? KO_LIFT : JUGGLE_LIFT_LEAST;
  // Every further hit in the air lifts a little less, so that a juggle comes to an end.
  const height = again ? lift - 12 * <i32>you.juggle : lift;
  fall(you, side, FALL_SPEED, max<i32>(height, least));
}

/** Hits in a row count for the one who gives them; the count starts anew once the victim has been free. */
export function credit(me: Fighter, dealt: i32): void {
  me.comboDamage = <i16>(me.combo == 0 ? dealt : <i32>me.comboDamage + dealt);
  if (me.combo < 255) me.combo++;
  if (me.combo > me.comboBest) me.comboBest = me.combo;
}

/** Ends whatever combo was running against a victim that is no longer stunned when the next hit comes. */
export function comboAgainst(me: Fighter, you: Fighter): i32 {
  if (!isStunned(you.action)) me.combo = 0;
  return me.combo;
}
