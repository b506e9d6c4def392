// A game with a state of 64 KiB, all of which is another in every frame: nothing of it travels in few bytes.
import { arena, inputOf, Numbers, numbers, playerCount, seedLow } from "../../assembly/sdk";

export const framesPerSecond = 60;
export const playersMin = 1;
export const playersMax = 4;

const WORDS = 16_382;

@input
export class Pad {
  buttons: u8;
}
@state
export class World {
  frame: u32;
  sum: u32;
  words: Numbers<u32> = numbers<u32>(16382);
}

export const world = arena<World>();

export function init(): void {
  world.sum = seedLow() | 1;
}

export function step(): void {
  world.frame++;
  for (let i = 0; i < playerCount(); i++) world.sum = world.sum * 31 + inputOf<Pad>(i).buttons + i;
  let word = world.sum;
  for (let i = 0; i < WORDS; i++) {
    word = (word ^ world.words.get(i)) * 1664525 + 1013904223;
    world.words.set(i, word ^ (word >> 13));
  }
}
