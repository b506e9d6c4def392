// For how many players a game has room: the input cells that the build gives it, and what it may not reach beyond them.
import { expect, test } from "vitest";
import { buildSource, Running } from "./project.js";

const source = (most: number): string => `
  import { arena, inputOf } from "samestep/assembly/sdk";
  export const playersMax = ${most};
  @input class Pad { a: u8; }
  @state class World { last: u8; }
  const world = arena<World>();
  export function init(): void {}
  export function step(): void { world.last = inputOf<Pad>(15).a; }
`;

test("a game has eight input cells, or as many as it says players when these are more", async () => {
  const [few, many] = await Promise.all([buildSource(source(2)), buildSource(source(16))]);
  expect(few.schema.regions.inputs.players).toBe(8);
  expect(many.schema.regions.inputs.players).toBe(16);
  const running = new Running(many);
  running.press(15, 1, Uint8Array.of(7));
  running.step();
  expect(running.state[0]).toBe(7);
  expect(() => new Running(few).step()).toThrow();
});
