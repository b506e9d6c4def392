// Variables outside the state that hold nothing from one step to the next: written before they are read, on every way.
import { describe, expect, test } from "vitest";
import { prove } from "../../src/proof/proof.js";
import { assemble, leb, type Parts, text } from "./module.js";

const MUTABLE = [0x7f, 1, 0x41, 0, 0x0b];

const read = (global = 0) => [0x23, ...leb(global), 0x1a];
const write = (global = 0) => [0x41, 1, 0x24, ...leb(global)];
const [BLOCK, LOOP, IF, ELSE, END] = [[0x02, 0x40], [0x03, 0x40], [0x20, 0, 0x04, 0x40], [0x05], [0x0b]];
const branch = (label: number) => [0x0c, label];
const branchIf = (label: number) => [0x20, 0, 0x0d, label];
const branchTable = (...labels: number[]) => [0x20, 0, 0x0e, labels.length - 1, ...labels];
const [RETURN, UNREACHABLE] = [[0x0f], [0x00]];
const call = (index: number) => [0x10, ...leb(index)];

function refused(parts: Parts): string[] {
  const bytes = assemble({ globals: [MUTABLE, MUTABLE], ...parts });
  expect(WebAssembly.validate(bytes as BufferSource), "the module of the test is one").toBe(true);
  return prove(bytes).findings.map(({ message }) => message.slice(0, 4));
}

const step = (...code: number[][]) => refused({ step: code.flat() });

describe("accepted:", () => {
  const cases: [string, number[][]][] = [
    ["written, then read", [write(), read()]],
    ["written and never read", [write()]],
    ["written in both arms", [IF, write(), ELSE, write(), END, read()]],
    ["written before a loop that reads it", [write(), LOOP, read(), branchIf(0), END]],
    ["written in a loop, whose body runs at least once", [LOOP, write(), branchIf(0), END, read()]],
    ["written in a loop, on the way out of it", [LOOP, branchIf(0), write(), END, read()]],
    ["written on the only way that goes on", [IF, write(), ELSE, RETURN, END, read()]],
    ["written where the other arm stops the game", [IF, write(), ELSE, UNREACHABLE, END, read()]],
    ["written before every branch to an end", [BLOCK, write(), branchIf(0), branchTable(0, 0), END, read()]],
    ["read where nobody gets to", [RETURN, read()]],
  ];
  test.each(cases)("%s", (_, code) => {
    expect(step(...code)).toEqual([]);
  });

  test("written by a function that is called, and read by another", () => {
    const functions = [write(), read(), [...IF, ...write(), ...RETURN, ...END, ...write()].flat()];
    expect(refused({ functions, step: [call(2), call(3)].flat() })).toEqual([]);
    expect(refused({ functions, step: [call(4), call(3)].flat() })).toEqual([]);
  });

  test("each variable for itself", () => {
    expect(step(write(0), read(0), read(1))).toEqual(["'#1'"]);
    expect(step(write(1), read(0), read(1))).toEqual(["'#0'"]);
  });
});

describe("refused:", () => {
  const cases: [string, number[][]][] = [
    ["read, then written", [read(), write()]],
    ["written in one arm", [IF, write(), END, read()]],
    ["written in the other arm", [IF, ELSE, write(), END, read()]],
    ["written behind a branch", [BLOCK, branchIf(0), write(), END, read()]],
    ["written behind a branch out of two blocks", [BLOCK, BLOCK, branchIf(1), write(), END, write(), END, read()]],
    ["written behind a jump table", [BLOCK, BLOCK, branchTable(0, 1), END, write(), END, read()]],
    ["written on a way that goes round a loop", [BLOCK, LOOP, branchIf(1), write(), branch(0), END, END, read()]],
    ["read in a loop before it is written there", [LOOP, read(), write(), branchIf(0), END]],
    ["written where nobody gets to", [BLOCK, branch(0), write(), END, read()]],
  ];
  test.each(cases)("%s", (_, code) => {
    expect(step(...code)).toEqual(["'#0'"]);
  });

  test("written by a function on one of its ways only", () => {
    for (const leave of [branchIf(0), [IF, RETURN, END].flat()]) {
      const functions = [[...leave, ...write()]];
      expect(refused({ functions, step: [call(2), read()].flat() })).toEqual(["'#0'"]);
    }
  });

  test("read by a function before its caller writes", () => {
    expect(refused({ functions: [read()], step: [call(2), write(), call(2)].flat() })).toEqual(["'#0'"]);
  });

  test("written by the step before", () => {
    expect(step([IF, write(), ELSE, read(), END].flat())).toEqual(["'#0'"]);
  });

  test("written before it is read, but seen from outside", () => {
    const exports = [[...text("count"), 3, 0]];
    expect(refused({ exports, step: [write(), read()].flat() })).toEqual(["'#0'"]);
  });

  test("written by a function in a circle of calls: nobody knows when", () => {
    expect(refused({ functions: [call(3), call(2)], step: [call(2), read()].flat() })).toContain("'#0'");
  });

  test("read by what is called through a table", () => {
    const parts = { tables: [[0x70, 0, 1]], functions: [read()] };
    const through = [0x41, 0, 0x11, 0, 0];
    expect(refused({ ...parts, step: [...through, ...write(), ...read()] })).toContain("'#0'");
  });

  test("the thirty-second of them: more are not followed", () => {
    const globals = Array.from({ length: 32 }, () => MUTABLE);
    const code = globals.flatMap((_, index) => [...write(index), ...read(index)]);
    expect(refused({ globals, step: code })).toEqual(["'#31"]);
  });
});
