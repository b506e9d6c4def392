// 1022 entities in 64 KiB of state: the larger size of the workload that all peers share.
import { arena, Numbers, numbers, Slots, seedLow, slots } from "../../assembly/sdk";
import { Entity, move, spread, steer } from "./entities";

export const framesPerSecond = 60;
export const playersMin = 2;
export const playersMax = 2;

@state
export class World {
  frame: u32;
  seed: i32;
  /** Fills the header to 128 bytes. */
  spare: Numbers<i32> = numbers<i32>(30);
  entities: Slots<Entity> = slots<Entity>(1022);
}
export const world = arena<World>();

export function init(): void {
  world.seed = spread(world.entities, <i32>seedLow());
}

export function step(): void {
  world.frame++;
  steer(world.entities.at(0), 0);
  steer(world.entities.at(1), 1);
  world.seed = move(world.entities, world.seed);
}
