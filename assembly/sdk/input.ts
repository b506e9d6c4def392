// What the players pressed in this frame, as the host wrote it.
import { INPUT_HEADER, INPUT_STRIDE, inputs, PLAYERS_MAX } from "./regions";

export enum Presence {
  absent = 0,
  here = 1,
  /** The input came too late and was replaced. */
  substituted = 2,
}

/** Whether the player is in the match in this frame: a member of `Presence`. */
export function presence(player: i32): u8 {
  return load<u8>(cell(player));
}

/** The player's input, seen through the game's @input class. All zero where the player sent fewer bytes. */
export function inputOf<T>(player: i32): T {
  return changetype<T>(cell(player) + INPUT_HEADER);
}

/** How many bytes the player sent. */
export function inputLength(player: i32): i32 {
  return <i32>load<u16>(cell(player), 2);
}

function cell(player: i32): usize {
  assert(<u32>player < <u32>PLAYERS_MAX, "the player is outside the input cells");
  return inputs + <usize>(player * INPUT_STRIDE);
}
