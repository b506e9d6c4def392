// A one-file game with a hole for a fault, whose lines are known: what the tests of refusals are made of.
import { buildSource, failureOf } from "./project.js";

export const SDK = `import { AnyLength, arena, configOf, emit, fixed, fx, inputOf, Numbers, numbers, Random, Slots, slots, Vec } from "samestep/assembly/sdk";`;

export interface Parts {
  imports?: string;
  input?: string;
  fields?: string;
  before?: string;
  arena?: string;
  init?: string;
  step?: string;
  after?: string;
}

/** A one-file game whose lines are known: a part goes on a line of its own. */
export function game(parts: Parts): string {
  return [
    parts.imports ?? SDK, // 1
    parts.input ?? "@input class Pad { buttons: u8; }", // 2
    `@state class World { frame: i32; ${parts.fields ?? ""} }`, // 3
    parts.arena ?? "const world = arena<World>();", // 4
    parts.before ?? "", // 5
    parts.init ?? "export function init(): void {}", // 6
    "export function step(): void { world.frame++;", // 7
    parts.step ?? "", // 8
    "}", // 9
    parts.after ?? "", // 10
  ].join("\n");
}

/** What the caret of the first message points at. */
export function pointed(message: string): string {
  const [, source, carets] = message.match(/\d+ │ (.*)\n +│ ( *~+)/)!;
  return source!.slice(carets!.indexOf("~"), carets!.length);
}

/** A complaint about the game as a whole stands at the start of its main file. */
export const ENTRY = "game.ts(1,1)";

export const refused = (parts: Parts): Promise<string> => failureOf(buildSource(game(parts)));
