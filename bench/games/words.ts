// The ledger's game: every player's 32 bytes are folded into one word of state, so that a wrong input never goes unseen.
import { arena, inputOf, Numbers, numbers, playerCount } from "../../assembly/sdk";

export const framesPerSecond = 60;
export const playersMin = 2;
export const playersMax = 4;

@input
export class Words {
  words: Numbers<u32> = numbers<u32>(8);
}

@state
export class World {
  frame: u32;
  folded: Numbers<u32> = numbers<u32>(4);
}
export const world = arena<World>();

export function init(): void {}

export function step(): void {
  world.frame++;
  for (let player = 0; player < playerCount(); player++) {
    const words = inputOf<Words>(player).words;
    let folded = world.folded.get(player);
    for (let i = 0; i < words.length; i++) folded = (folded ^ words.get(i)) * 16777619;
    world.folded.set(player, folded);
  }
}
