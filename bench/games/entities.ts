// The workload that all peers share: what one entity is, and what a frame does to all of them, with integers only.
import { inputOf, Slots } from "../../assembly/sdk";

@input
export class Pad {
  buttons: u16;
}

/** 64 bytes. */
@state
export class Entity {
  x: i32;
  y: i32;
  vx: i32;
  vy: i32;
  health: i32;
  cooldown: i32;
  target: i32;
  facing: i32;
  bounces: i32;
  touches: i32;
  score: i32;
  age: i32;
  pullX: i32;
  pullY: i32;
  homeX: i32;
  homeY: i32;
}

const WIDTH: i32 = 1 << 20;
const HEIGHT: i32 = 1 << 19;
const REACH: i32 = 1 << 14;
const GRAVITY: i32 = 40;

function lcg(seed: i32): i32 {
  return seed * 1664525 + 1013904223;
}

/** Spreads the entities over the field. Returns the seed that comes next. */
export function spread<Length>(entities: Slots<Entity, Length>, seed: i32): i32 {
  for (let i = 0; i < entities.length; i++) {
    const me = entities.at(i);
    seed = lcg(seed);
    me.x = (seed >>> 8) & (WIDTH - 1);
    seed = lcg(seed);
    me.y = (seed >>> 8) & (HEIGHT - 1);
    seed = lcg(seed);
    me.vx = ((seed >>> 8) & 2047) - 1024;
    me.health = 1000;
    me.target = i + 1 == entities.length ? 0 : i + 1;
    me.homeX = me.x;
    me.homeY = me.y;
  }
  return seed;
}

/** The first two entities are the players'. */
export function steer(me: Entity, seat: i32): void {
  const buttons = <i32>inputOf<Pad>(seat).buttons;
  if (buttons & 1) me.vx -= 96;
  if (buttons & 2) me.vx += 96;
  if (buttons & 4) me.vy += 400;
  if (buttons & 8) me.score++;
}

/** Moves everybody by one frame. Returns the seed that comes next. */
export function move<Length>(entities: Slots<Entity, Length>, seed: i32): i32 {
  const count = entities.length;
  for (let i = 0; i < count; i++) {
    const me = entities.at(i);
    let vx = me.vx;
    let vy = me.vy - GRAVITY;
    let x = me.x + vx;
    let y = me.y + vy;
    if (x < 0) {
      x = -x;
      vx = -vx;
      me.bounces++;
    } else if (x > WIDTH) {
      x = 2 * WIDTH - x;
      vx = -vx;
      me.bounces++;
    }
    if (y < 0) {
      y = -y;
      vy = (-vy * 3) >> 2;
      me.bounces++;
    } else if (y > HEIGHT) {
      y = 2 * HEIGHT - y;
      vy = -vy;
      me.bounces++;
    }
    if (me.cooldown > 0) {
      me.cooldown--;
    } else {
      seed = lcg(seed);
      me.cooldown = 8 + (seed >>> 27);
      vx += ((seed >>> 12) & 255) - 128;
      vy += (seed >>> 20) & 127;
      me.facing ^= 1;
    }
    const other = entities.at(me.target);
    const dx = other.x - x;
    const dy = other.y - y;
    if (dx < REACH && dx > -REACH && dy < REACH && dy > -REACH) {
      me.touches++;
      me.health--;
      vx = (vx + other.vx) >> 1;
      const next = me.target + 7;
      me.target = next < count ? next : next - count;
    } else {
      me.pullX += dx >> 10;
      me.pullY += dy >> 10;
    }
    me.x = x;
    me.y = y;
    me.vx = vx - (vx >> 6);
    me.vy = vy;
    me.age++;
    me.score += (x ^ y) & 3;
  }
  return seed;
}
