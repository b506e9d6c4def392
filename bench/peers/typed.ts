// The workload as a good user writes it in TypeScript: the state is one Int32Array.
import { ENTITY_WORDS, HEADER_WORDS, SEED } from "./workload.js";

// Words of an entity. Plain constants, so that the engine folds them.
const X = 0;
const Y = 1;
const VX = 2;
const VY = 3;
const HEALTH = 4;
const COOLDOWN = 5;
const TARGET = 6;
const FACING = 7;
const BOUNCES = 8;
const TOUCHES = 9;
const SCORE = 10;
const AGE = 11;
const PULL_X = 12;
const PULL_Y = 13;
const HOME_X = 14;
const HOME_Y = 15;

const FRAME = 0;
const RANDOM = 1;

const WIDTH = 1 << 20;
const HEIGHT = 1 << 19;
const REACH = 1 << 14;
const GRAVITY = 40;

function lcg(seed: number): number {
  return (Math.imul(seed, 1664525) + 1013904223) | 0;
}

export function typedWords(entities: number): number {
  return HEADER_WORDS + ENTITY_WORDS * entities;
}

export function startTyped(words: Int32Array): void {
  let seed = SEED;
  for (let at = HEADER_WORDS; at < words.length; at += ENTITY_WORDS) {
    seed = lcg(seed);
    const x = (seed >>> 8) & (WIDTH - 1);
    seed = lcg(seed);
    const y = (seed >>> 8) & (HEIGHT - 1);
    seed = lcg(seed);
    words[at + X] = x;
    words[at + Y] = y;
    words[at + VX] = ((seed >>> 8) & 2047) - 1024;
    words[at + HEALTH] = 1000;
    const next = at + ENTITY_WORDS;
    words[at + TARGET] = next === words.length ? 0 : (next - HEADER_WORDS) / ENTITY_WORDS;
    words[at + HOME_X] = x;
    words[at + HOME_Y] = y;
  }
  words[RANDOM] = seed;
}

function steer(words: Int32Array, at: number, buttons: number): void {
  if (buttons & 1) words[at + VX]! -= 96;
  if (buttons & 2) words[at + VX]! += 96;
  if (buttons & 4) words[at + VY]! += 400;
  if (buttons & 8) words[at + SCORE]!++;
}

export function stepTyped(words: Int32Array, first: number, second: number): void {
  words[FRAME]!++;
  steer(words, HEADER_WORDS, first);
  steer(words, HEADER_WORDS + ENTITY_WORDS, second);
  let seed = words[RANDOM]!;
  const end = words.length;
  const count = ((end - HEADER_WORDS) / ENTITY_WORDS) | 0;
  for (let at = HEADER_WORDS; at < end; at += ENTITY_WORDS) {
    let vx = words[at + VX]!;
    let vy = (words[at + VY]! - GRAVITY) | 0;
    let x = (words[at + X]! + vx) | 0;
    let y = (words[at + Y]! + vy) | 0;
    if (x < 0) {
      x = -x;
      vx = -vx;
      words[at + BOUNCES]!++;
    } else if (x > WIDTH) {
      x = (2 * WIDTH - x) | 0;
      vx = -vx;
      words[at + BOUNCES]!++;
    }
    if (y < 0) {
      y = -y;
      vy = (-vy * 3) >> 2;
      words[at + BOUNCES]!++;
    } else if (y > HEIGHT) {
      y = (2 * HEIGHT - y) | 0;
      vy = -vy;
      words[at + BOUNCES]!++;
    }
    if (words[at + COOLDOWN]! > 0) {
      words[at + COOLDOWN]!--;
    } else {
      seed = lcg(seed);
      words[at + COOLDOWN] = 8 + (seed >>> 27);
      vx = (vx + ((seed >>> 12) & 255) - 128) | 0;
      vy = (vy + ((seed >>> 20) & 127)) | 0;
      words[at + FACING]! ^= 1;
    }
    const target = words[at + TARGET]!;
    const other = (HEADER_WORDS + Math.imul(target, ENTITY_WORDS)) | 0;
    const dx = (words[other + X]! - x) | 0;
    const dy = (words[other + Y]! - y) | 0;
    if (dx < REACH && dx > -REACH && dy < REACH && dy > -REACH) {
      words[at + TOUCHES]!++;
      words[at + HEALTH]!--;
      vx = (vx + words[other + VX]!) >> 1;
      const next = (target + 7) | 0;
      words[at + TARGET] = next < count ? next : next - count;
    } else {
      words[at + PULL_X]! += dx >> 10;
      words[at + PULL_Y]! += dy >> 10;
    }
    words[at + X] = x;
    words[at + Y] = y;
    words[at + VX] = vx - (vx >> 6);
    words[at + VY] = vy;
    words[at + AGE]!++;
    words[at + SCORE]! += (x ^ y) & 3;
  }
  words[RANDOM] = seed;
}
