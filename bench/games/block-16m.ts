// 16 MiB of state that hardly changes: what rollbacks cost a game that is too large for a snapshot of every frame.
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
  near: Numbers<u64> = numbers<u64>(1048576);
  far: Numbers<u64> = numbers<u64>(1048576);
}
export const world = arena<World>();

export function init(): void {
  for (let i = 0; i < world.near.length; i++) {
    world.near.set(i, <u64>i * 0x9e3779b97f4a7c15);
    world.far.set(i, <u64>i * 0xc2b2ae3d27d4eb4f);
  }
}

export function step(): void {
  const buttons = <u64>(inputOf<Pad>(0).buttons + 256 * inputOf<Pad>(1).buttons) + 1;
  world.near.set(0, world.near.get(0) + buttons);
  world.far.set(<i32>(world.near.get(0) & 0xfffff), world.near.get(0));
}
