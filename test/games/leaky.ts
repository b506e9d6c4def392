// A game with a mistake: a counter that lies in memory, but outside of the @state arena, so no snapshot covers it.
import { arena, inputOf } from "../../assembly/sdk";

export const playersMin = 1;
export const playersMax = 2;

@input
export class Pad {
  buttons: u8;
}
@state
export class World {
  frame: u32;
  steps: u32;
}

export const world = arena<World>();

const counter: usize = memory.data(4);

export function init(): void {}

export function step(): void {
  store<u32>(counter, load<u32>(counter) + 1);
  world.frame++;
  world.steps = load<u32>(counter);
  assert(inputOf<Pad>(0).buttons != 255, "the button that breaks the game");
}
