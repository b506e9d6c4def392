// Two players who walk and punch: the smallest game that uses all of the SDK's rooms.
import {
  arena,
  configOf,
  emit,
  fixed,
  fromInt,
  fx,
  inputOf,
  mul,
  Numbers,
  numbers,
  Presence,
  phase,
  playerCount,
  presence,
  Random,
  Slots,
  seedHigh,
  seedLow,
  slots,
  Vec,
} from "../../assembly/sdk";

export const framesPerSecond = 50;
export const playersMin = 2;
export const playersMax = 2;

const PLAYERS = 2;
const LEFT = 1;
const RIGHT = 2;
const PUNCH = 16;

type Speed = fixed;
enum Mood {
  calm,
  angry,
}

@input
export class Pad {
  buttons: u16;
}
@config
export class Rules {
  health: i16;
  speed: Speed;
}
@event
export class Spark {
  x: fixed;
  y: fixed;
  strength: u8;
}
@event
export class Silence {
  frames: u64;
}
@state
export class Fighter {
  position: Vec;
  velocity: Vec;
  health: i16;
  stun: u8;
  alive: bool;
  mood: Mood;
  motion: Numbers<u8> = numbers<u8>(16);
}
@state
export class World {
  frame: u32;
  total: i64;
  random: Random;
  fighters: Slots<Fighter> = slots<Fighter>(PLAYERS);
  heights: Numbers<Speed> = numbers<Speed>(3);
}
export const world = arena<World>();

export function init(): void {
  world.random.seed(seedLow(), seedHigh());
  for (let i = 0; i < playerCount(); i++) {
    const me = world.fighters.at(i);
    me.health = configOf<Rules>().health;
    me.position.x = fx(-2) + fromInt(4 * i);
    me.alive = true;
  }
}

export function step(): void {
  phase(1);
  world.frame++;
  for (let i = 0; i < world.fighters.length; i++) {
    const me = world.fighters.at(i);
    const you = world.fighters.at(1 - i);
    const buttons = presence(i) == Presence.absent ? 0 : inputOf<Pad>(i).buttons;
    me.velocity.x =
      mul(me.velocity.x, fx(0.92)) +
      (buttons & RIGHT ? configOf<Rules>().speed : buttons & LEFT ? -configOf<Rules>().speed : 0);
    me.position.x += me.velocity.x;
    me.motion.set(<i32>(world.frame & 15), <u8>buttons);
    if (buttons & PUNCH && you.stun == 0) {
      you.health -= 30;
      you.mood = Mood.angry;
      you.alive = you.health > 0;
      you.stun = 12 + <u8>world.random.below(3);
      const spark = emit<Spark>();
      spark.x = you.position.x;
      spark.y = you.position.y;
      spark.strength = 2;
    }
    if (me.stun > 0) me.stun--;
    world.total += me.position.x;
  }
  phase(2);
}
