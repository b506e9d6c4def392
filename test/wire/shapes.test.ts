// Bodies of one type have one shape in the engine, however many players and rooms make them: else each field is looked up.
import { setFlagsFromString } from "node:v8";
import { expect, test } from "vitest";
import { blank, MESSAGES, type MessageType } from "../../src/wire/messages.js";

setFlagsFromString("--allow-natives-syntax");
const sameShape = new Function("a", "b", "return %HaveSameMap(a, b)") as (a: object, b: object) => boolean;

test.each(Object.keys(MESSAGES) as MessageType[])("all bodies of %s have one shape", (type) => {
  // The first few of a literal may share one that later ones do not.
  const bodies = Array.from({ length: 20 }, () => blank(type));
  expect(bodies.slice(10).filter((body) => !sameShape(body, bodies[10]!))).toEqual([]);
});
