// A small game for two to sixteen players, for simulations of the network: runners collect coins, push each other, and draw lots.
import {
  arena,
  configOf,
  emit,
  fixed,
  fx,
  inputOf,
  mul,
  Presence,
  playerCount,
  presence,
  Random,
  Slots,
  seedHigh,
  seedLow,
  slots,
  Vec,
} from "../../assembly/sdk";

export const framesPerSecond = 60;
export const playersMin = 2;
export const playersMax = 16;

const LEFT = 1;
const RIGHT = 2;
const UP = 4;
const DOWN = 8;
const SHOVE = 16;
const FIELD = 320;
const COINS = 16;
const REACH: fixed = 12 << 16;

@input
export class Pad {
  buttons: u16;
}
@config
export class Rules {
  coinValue: u8;
}
@event
export class Coin {
  player: u8;
  x: fixed;
  y: fixed;
}
@state
export class Runner {
  position: Vec;
  velocity: Vec;
  score: u32;
  stun: u8;
  here: bool;
}
@state
export class World {
  frame: u32;
  random: Random;
  runners: Slots<Runner> = slots<Runner>(16);
  coins: Slots<Vec> = slots<Vec>(COINS);
}

export const world = arena<World>();

export function init(): void {
  world.random.seed(seedLow(), seedHigh());
  for (let i = 0; i < COINS; i++) place(world.coins.at(i));
  for (let i = 0; i < playerCount(); i++) place(world.runners.at(i).position);
}

export function step(): void {
  world.frame++;
  const players = playerCount();
  for (let i = 0; i < players; i++) {
    const me = world.runners.at(i);
    me.here = presence(i) != Presence.absent;
    const buttons: i32 = me.here && me.stun == 0 ? inputOf<Pad>(i).buttons : 0;
    if (me.stun > 0) me.stun--;
    steer(me, buttons);
    if (buttons & SHOVE) shove(i, players);
    collect(i, me);
  }
}

function steer(me: Runner, buttons: i32): void {
  const right: i32 = (buttons & RIGHT ? 1 : 0) - (buttons & LEFT ? 1 : 0);
  const down: i32 = (buttons & DOWN ? 1 : 0) - (buttons & UP ? 1 : 0);
  me.velocity.x = mul(me.velocity.x, fx(0.9)) + right * fx(0.5);
  me.velocity.y = mul(me.velocity.y, fx(0.9)) + down * fx(0.5);
  me.position.x = wrap(me.position.x + me.velocity.x);
  me.position.y = wrap(me.position.y + me.velocity.y);
}

function shove(mine: i32, players: i32): void {
  const me = world.runners.at(mine);
  for (let i = 0; i < players; i++) {
    if (i == mine) continue;
    const you = world.runners.at(i);
    if (!near(me.position, you.position)) continue;
    you.velocity.x += (you.position.x - me.position.x) >> 2;
    you.velocity.y += (you.position.y - me.position.y) >> 2;
    you.stun = 8 + <u8>world.random.below(8);
  }
}

function collect(mine: i32, me: Runner): void {
  for (let i = 0; i < COINS; i++) {
    const coin = world.coins.at(i);
    if (!near(me.position, coin)) continue;
    me.score += configOf<Rules>().coinValue + 1;
    const told = emit<Coin>();
    told.player = <u8>mine;
    told.x = coin.x;
    told.y = coin.y;
    place(coin);
  }
}

function place(at: Vec): void {
  at.x = <fixed>world.random.below(FIELD << 16);
  at.y = <fixed>world.random.below(FIELD << 16);
}

function near(a: Vec, b: Vec): bool {
  return abs<i32>(a.x - b.x) < REACH && abs<i32>(a.y - b.y) < REACH;
}

function wrap(at: fixed): fixed {
  const field = FIELD << 16;
  return at < 0 ? at + field : at >= field ? at - field : at;
}
