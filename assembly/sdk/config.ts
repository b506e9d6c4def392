// What the match was started with: written once, before `init`.
import { CONFIG_HEADER, config } from "./regions";

/** The match's settings, seen through the game's @config class. */
export function configOf<T>(): T {
  return changetype<T>(config + CONFIG_HEADER);
}

export function playerCount(): i32 {
  return load<i32>(config);
}

/** The lower half of the match's seed; the same on every machine. */
export function seedLow(): u32 {
  return load<u32>(config, 4);
}

export function seedHigh(): u32 {
  return load<u32>(config, 8);
}
