// A game with a state of 1 MiB, all of it different: for tests of how a desync in much state is found.
import { arena, inputOf, Numbers, numbers, playerCount, seedLow } from "../../assembly/sdk";

export const framesPerSecond = 60;
export const playersMin = 1;
export const playersMax = 4;

const WORDS = 262_142;
const TOUCHED = 64;

@input
export class Pad {
  buttons: u8;
}
@state
export class World {
  frame: u32;
  sum: u32;
  words: Numbers<u32> = numbers<u32>(262142);
}

export const world = arena<World>();

export function init(): void {
  let word = seedLow() | 1;
  for (let i = 0; i < WORDS; i++) {
    word = word * 1664525 + 1013904223;
    world.words.set(i, word);
  }
}

export function step(): void {
  world.frame++;
  for (let i = 0; i < playerCount(); i++) world.sum = world.sum * 31 + inputOf<Pad>(i).buttons + i;
  for (let i = 0; i < TOUCHED; i++) {
    world.sum = world.sum * 1664525 + 1013904223;
    world.words.set(<i32>(world.sum % WORDS), world.sum);
  }
}
