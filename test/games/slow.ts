// A game whose steps take ms and do nothing: for tests of who waits for a verification.
import { arena } from "../../assembly/sdk";

export const playersMin = 1;
export const playersMax = 1;

const TURNS = 2_000_000;

@input
export class Pad {
  buttons: u8;
}
@state
export class World {
  frame: u32;
  sum: u32;
}

export const world = arena<World>();

export function init(): void {}

export function step(): void {
  world.frame++;
  for (let i = 0; i < TURNS; i++) world.sum = world.sum * 1664525 + world.frame;
}
