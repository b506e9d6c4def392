// Numbers with their nouns, as a person would say them.
import type { Schema } from "../simulation/schema.js";

/** `1 field`, `1,500 fields`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

/** `2 players`, `1 to 4 players`. */
export function playersOf({ min, max }: Schema["players"]): string {
  return min === max ? counted(max, "player") : `${min} to ${max} players`;
}
