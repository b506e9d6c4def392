// Throws: seizing somebody who stands, holding, the short time to break free, and the fall.
import { emit, fixed, fx } from "../../sdk";
import { gainMeter, wound } from "./blows";
import { characterOf, tenths } from "./characters";
import { backOf, forget, steering, wantsThrow } from "./controls";
import { Tech, Throw } from "./events";
import { begin, countLanded, fall, isAloft, isVulnerable, wait } from "./fighters";
import { moveOf } from "./moves";
import { insideWalls } from "./physics";
import { Action, HOLD_FRAMES, HOLD_RECOVERY, JUGGLE_MAX, TECH_FRAMES, TECH_WINDOW } from "./rules";
import { Fighter, world } from "./world";

const TECH_PUSH: fixed = 5 << 16;

export function judgeThrows(): void {
  const first = world.fighters.at(0);
  const second = world.fighters.at(1);
  const firstGrabs = grabs(first, second);
  const secondGrabs = grabs(second, first);
  if (!firstGrabs && !secondGrabs) return;
  // Whoever is throwing too, or is just about to, is free again at once.
  if ((firstGrabs && triesToThrow(second)) || (secondGrabs && triesToThrow(first))) breakFree();
  else if (firstGrabs) seize(first, second);
  else seize(second, first);
}

function triesToThrow(me: Fighter): bool {
  if (wantsThrow(me)) return true;
  if (me.action != Action.Throw) return false;
  const move = moveOf(me.character, Action.Throw);
  return <i32>me.actionFrame < <i32>move.startup + move.active;
}

function grabs(me: Fighter, you: Fighter): bool {
  if (me.action != Action.Throw || me.hitStop != 0) return false;
  const character = characterOf(me.character);
  const move = moveOf(me.character, Action.Throw);
  const frame = <i32>me.actionFrame - move.startup;
  if (frame < 0 || frame >= move.active || !isThrowable(you)) return false;
  const reach = <i32>character.halfWidth + characterOf(you.character).halfWidth + character.throwGap;
  const ahead = (you.position.x - me.position.x) * me.facing;
  return ahead >= 0 && ahead <= reach << 16;
}

function isThrowable(you: Fighter): bool {
  const action: i32 = you.action;
  if (you.unthrowable != 0 || you.hitStop != 0 || isAloft(you) || !isVulnerable(you)) return false;
  return action != Action.JumpSquat && !(action >= Action.Hold && action <= Action.Lose);
}

function seize(me: Fighter, you: Fighter): void {
  // Holding back when the hands close throws behind oneself.
  me.power = (steering(me) & backOf(me)) != 0 ? 1 : 0;
  begin(me, Action.Hold);
  begin(you, Action.Held);
  you.facing = -me.facing;
  still(me);
  still(you);
  carry(me, you);
}

function still(me: Fighter): void {
  me.velocity.x = 0;
  me.velocity.y = 0;
  me.push = 0;
  forget(me);
}

/** The held one stands where the hands are; at a wall the holder makes room. */
function carry(me: Fighter, you: Fighter): void {
  const room = (<i32>characterOf(me.character).halfWidth + characterOf(you.character).halfWidth) << 16;
  const facing: i32 = me.facing;
  you.position.x = insideWalls(me.position.x + facing * room);
  me.position.x = you.position.x - facing * room;
}

export function hold(seat: i32, me: Fighter): void {
  const frame: i32 = me.actionFrame;
  if (frame == HOLD_FRAMES) toss(seat, me);
  if (frame >= HOLD_FRAMES + HOLD_RECOVERY) begin(me, Action.Idle);
}

function toss(seat: i32, me: Fighter): void {
  const you = world.fighters.at(1 - seat);
  const move = moveOf(me.character, Action.Throw);
  const facing: i32 = me.facing;
  const side = me.power == 1 ? -facing : facing;
  wound(you, move.damage);
  countLanded(me, Action.Throw);
  gainMeter(me, move.meter);
  gainMeter(you, <i32>move.meter >> 1);
  fall(you, side, tenths(move.push), move.lift);
  you.juggle = JUGGLE_MAX;
  const thrown = emit<Throw>();
  thrown.x = you.position.x;
  thrown.y = you.position.y;
  thrown.player = <u8>(1 - seat);
}

/** The window is counted from the frame in which the hands closed. */
export function beHeld(_seat: i32, me: Fighter): void {
  if (<i32>me.actionFrame <= TECH_WINDOW && wantsThrow(me)) breakFree();
}

function breakFree(): void {
  const first = world.fighters.at(0);
  const second = world.fighters.at(1);
  const side = second.position.x >= first.position.x ? 1 : -1;
  letGo(first, -side);
  letGo(second, side);
  const tech = emit<Tech>();
  tech.x = (first.position.x + second.position.x) / 2;
  tech.y = fx(70);
}

function letGo(me: Fighter, side: i32): void {
  still(me);
  wait(me, Action.Tech, TECH_FRAMES);
  me.push = side * TECH_PUSH;
}
