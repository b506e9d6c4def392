// The workload as most users write it: an object for the world and one for each entity.
import { ENTITY_WORDS, HEADER_WORDS, SEED } from "./workload.js";

export interface Entity {
  x: number;
  y: number;
  vx: number;
  vy: number;
  health: number;
  cooldown: number;
  target: number;
  facing: number;
  bounces: number;
  touches: number;
  score: number;
  age: number;
  pullX: number;
  pullY: number;
  homeX: number;
  homeY: number;
}

export interface World {
  frame: number;
  seed: number;
  entities: Entity[];
}

const WIDTH = 1 << 20;
const HEIGHT = 1 << 19;
const REACH = 1 << 14;
const GRAVITY = 40;

function lcg(seed: number): number {
  return (Math.imul(seed, 1664525) + 1013904223) | 0;
}

export function newWorld(count: number): World {
  let seed = SEED;
  const entities: Entity[] = [];
  for (let i = 0; i < count; i++) {
    seed = lcg(seed);
    const x = (seed >>> 8) & (WIDTH - 1);
    seed = lcg(seed);
    const y = (seed >>> 8) & (HEIGHT - 1);
    seed = lcg(seed);
    entities.push({
      x,
      y,
      vx: ((seed >>> 8) & 2047) - 1024,
      vy: 0,
      health: 1000,
      cooldown: 0,
      target: i + 1 === count ? 0 : i + 1,
      facing: 0,
      bounces: 0,
      touches: 0,
      score: 0,
      age: 0,
      pullX: 0,
      pullY: 0,
      homeX: x,
      homeY: y,
    });
  }
  return { frame: 0, seed, entities };
}

function steer(me: Entity, buttons: number): void {
  if (buttons & 1) me.vx -= 96;
  if (buttons & 2) me.vx += 96;
  if (buttons & 4) me.vy += 400;
  if (buttons & 8) me.score++;
}

export function stepWorld(world: World, first: number, second: number): void {
  const { entities } = world;
  const count = entities.length;
  world.frame++;
  steer(entities[0]!, first);
  steer(entities[1]!, second);
  let seed = world.seed;
  for (let i = 0; i < count; i++) {
    const me = entities[i]!;
    let vx = me.vx;
    let vy = (me.vy - GRAVITY) | 0;
    let x = (me.x + vx) | 0;
    let y = (me.y + vy) | 0;
    if (x < 0) {
      x = -x;
      vx = -vx;
      me.bounces++;
    } else if (x > WIDTH) {
      x = (2 * WIDTH - x) | 0;
      vx = -vx;
      me.bounces++;
    }
    if (y < 0) {
      y = -y;
      vy = (-vy * 3) >> 2;
      me.bounces++;
    } else if (y > HEIGHT) {
      y = (2 * HEIGHT - y) | 0;
      vy = -vy;
      me.bounces++;
    }
    if (me.cooldown > 0) {
      me.cooldown--;
    } else {
      seed = lcg(seed);
      me.cooldown = 8 + (seed >>> 27);
      vx = (vx + ((seed >>> 12) & 255) - 128) | 0;
      vy = (vy + ((seed >>> 20) & 127)) | 0;
      me.facing ^= 1;
    }
    const other = entities[me.target]!;
    const dx = (other.x - x) | 0;
    const dy = (other.y - y) | 0;
    if (dx < REACH && dx > -REACH && dy < REACH && dy > -REACH) {
      me.touches++;
      me.health--;
      vx = (vx + other.vx) >> 1;
      const next = (me.target + 7) | 0;
      me.target = next < count ? next : next - count;
    } else {
      me.pullX = (me.pullX + (dx >> 10)) | 0;
      me.pullY = (me.pullY + (dy >> 10)) | 0;
    }
    me.x = x;
    me.y = y;
    me.vx = vx - (vx >> 6);
    me.vy = vy;
    me.age++;
    me.score += (x ^ y) & 3;
  }
  world.seed = seed;
}

/** A copy by hand: every field named, as fast as objects get. */
export function cloneWorld({ frame, seed, entities }: World): World {
  return { frame, seed, entities: entities.map(cloneEntity) };
}

function cloneEntity(from: Entity): Entity {
  return {
    x: from.x,
    y: from.y,
    vx: from.vx,
    vy: from.vy,
    health: from.health,
    cooldown: from.cooldown,
    target: from.target,
    facing: from.facing,
    bounces: from.bounces,
    touches: from.touches,
    score: from.score,
    age: from.age,
    pullX: from.pullX,
    pullY: from.pullY,
    homeX: from.homeX,
    homeY: from.homeY,
  };
}

/** The world in the layout that the typed and the compiled state have. */
export function worldWords({ frame, seed, entities }: World): Int32Array {
  const words = new Int32Array(HEADER_WORDS + ENTITY_WORDS * entities.length);
  words[0] = frame;
  words[1] = seed;
  for (const [index, me] of entities.entries()) words.set(entityWords(me), HEADER_WORDS + ENTITY_WORDS * index);
  return words;
}

function entityWords(me: Entity): number[] {
  const { x, y, vx, vy, health, cooldown, target, facing } = me;
  const { bounces, touches, score, age, pullX, pullY, homeX, homeY } = me;
  return [x, y, vx, vy, health, cooldown, target, facing, bounces, touches, score, age, pullX, pullY, homeX, homeY];
}
