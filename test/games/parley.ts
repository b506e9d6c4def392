// A game of commands for two to sixteen players, for simulations of the network: envoys whose letters are long, short or none.
import {
  arena,
  emit,
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

export const framesPerSecond = 30;
export const playersMin = 2;
export const playersMax = 16;
export const commands: bool = true;

const SEATS = 16;
const LETTER = 96;

@input
export class Letter {
  bytes: Numbers<u8> = numbers<u8>(LETTER);
}
@event
export class Read {
  seat: u8;
  length: u16;
}
@state
export class Envoy {
  letters: u32;
  read: u32;
  seal: u32;
  here: bool;
  newest: Numbers<u8> = numbers<u8>(LETTER);
}
@state
export class World {
  frame: u32;
  seal: u32;
  envoys: Slots<Envoy> = slots<Envoy>(SEATS);
}

export const world = arena<World>();

export function init(): void {
  world.seal = seedLow();
}

export function step(): void {
  world.frame++;
  for (let seat = 0; seat < playerCount(); seat++) {
    const envoy = world.envoys.at(seat);
    envoy.here = presence(seat) != Presence.absent;
    if (envoy.here && inputLength(seat) > 0) read(seat, envoy);
  }
}

/** Every byte counts, and so does the order of the letters: the world's seal is folded over all that was ever read. */
function read(seat: i32, envoy: Envoy): void {
  const letter = inputOf<Letter>(seat);
  const length = inputLength(seat);
  envoy.letters++;
  envoy.read += length;
  for (let i = 0; i < length; i++) {
    const byte = letter.bytes.get(i);
    envoy.newest.set(i, byte);
    world.seal = (world.seal ^ byte ^ (seat << 8)) * 16777619;
  }
  envoy.seal = world.seal;
  const told = emit<Read>();
  told.seat = <u8>seat;
  told.length = <u16>length;
}
