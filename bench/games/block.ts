// 1 MiB of state that hardly changes: what a save and a restore of a large game cost.
import { arena, inputOf, Numbers, numbers } from "../../assembly/sdk";

export const framesPerSecond = 60;
export const playersMin = 1;
export const playersMax = 2;

@input
export class Pad {
  buttons: u16;
}

@state
export class World {
  words: Numbers<u32> = numbers<u32>(262144);
}
export const world = arena<World>();

export function init(): void {
  for (let i = 0; i < world.words.length; i++) world.words.set(i, <u32>i * 2654435761);
}

export function step(): void {
  world.words.set(0, world.words.get(0) + <u32>inputOf<Pad>(0).buttons + 1);
}
