// A game with a state of 256 KiB, all of it different: for tests of how a state travels.
import { arena, inputOf, Numbers, numbers, Presence, playerCount, presence, seedLow } from "../../assembly/sdk";

export const framesPerSecond = 60;
export const playersMin = 1;
export const playersMax = 4;

const WORDS = 65_533;
const TOUCHED = 64;

@input
export class Pad {
  buttons: u8;
}
@state
export class World {
  frame: u32;
  sum: u32;
  here: u32;
  words: Numbers<u32> = numbers<u32>(65533);
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
  world.here = 0;
  for (let i = 0; i < playerCount(); i++) {
    if (presence(i) == Presence.absent) continue;
    world.here |= 1 << i;
    world.sum = world.sum * 31 + inputOf<Pad>(i).buttons + i;
  }
  for (let i = 0; i < TOUCHED; i++) {
    world.sum = world.sum * 1664525 + 1013904223;
    world.words.set(<i32>(world.sum % WORDS), world.sum);
  }
}
