// A game that counts, of each seat, the frames in which its input was replaced: what deadlines tell a simulation.
import { arena, inputOf, Presence, playerCount, presence, Slots, slots } from "../../assembly/sdk";

export const framesPerSecond = 60;
export const playersMin = 2;
export const playersMax = 4;

@input
export class Pad {
  buttons: u16;
}
@state
export class Pupil {
  pressed: u32;
  here: u32;
  replaced: u32;
}
@state
export class World {
  frame: u32;
  pupils: Slots<Pupil> = slots<Pupil>(4);
}

export const world = arena<World>();

export function init(): void {}

export function step(): void {
  world.frame++;
  for (let seat = 0; seat < playerCount(); seat++) {
    const pupil = world.pupils.at(seat);
    pupil.pressed = pupil.pressed * 31 + inputOf<Pad>(seat).buttons;
    if (presence(seat) == Presence.here) pupil.here++;
    if (presence(seat) == Presence.substituted) pupil.replaced++;
  }
}
