// A game of long commands for two to eight players, for simulations of the network: scribes whose scrolls have up to 4 KB.
import {
  arena,
  inputLength,
  inputOf,
  Numbers,
  numbers,
  Presence,
  playerCount,
  presence,
  Slots,
  seedLow,
  slots,
} from "../../assembly/sdk";

export const framesPerSecond = 20;
export const playersMin = 2;
export const playersMax = 8;
export const commands: bool = true;

@input
export class Scroll {
  bytes: Numbers<u8> = numbers<u8>(4096);
}
@state
export class Scribe {
  scrolls: u32;
  read: u32;
  here: bool;
}
@state
export class World {
  frame: u32;
  seal: u32;
  scribes: Slots<Scribe> = slots<Scribe>(8);
}

export const world = arena<World>();

export function init(): void {
  world.seal = seedLow();
}

/** Every byte counts, and so does the order of the scrolls: the world's seal is folded over all that was ever read. */
export function step(): void {
  world.frame++;
  for (let seat = 0; seat < playerCount(); seat++) {
    const scribe = world.scribes.at(seat);
    scribe.here = presence(seat) != Presence.absent;
    const length = scribe.here ? inputLength(seat) : 0;
    if (length == 0) continue;
    const scroll = inputOf<Scroll>(seat);
    for (let i = 0; i < length; i++) world.seal = (world.seal ^ scroll.bytes.get(i) ^ (seat << 8)) * 16777619;
    scribe.scrolls++;
    scribe.read += length;
  }
}
