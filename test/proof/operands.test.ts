// How high the stack of operands gets: each instruction takes and leaves what engines say, and blocks begin where they should.
import { expect, test } from "vitest";
import { Malformed, readModule } from "../../src/proof/binary.js";
import { behind, NUMERIC, VECTOR, walk } from "../../src/proof/opcodes.js";
import { ARITIES, operandsOf } from "../../src/proof/operands.js";
import { prove } from "../../src/proof/proof.js";
import type { Step } from "../../src/proof/vectors.js";
import { codeOf, misjudged } from "./arity.js";
import { assembleText } from "./corpus.js";
import { assemble } from "./module.js";

/** Blocks, branches and calls, which depend on a type or go elsewhere. */
const APART = [0x00, 0x02, 0x03, 0x04, 0x05, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10, 0x11];

const range = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i);

test("every instruction that the walker knows is counted, and no other", () => {
  const walked = [...range(0, NUMERIC), ...range(behind(NUMERIC, 0), 32), ...range(behind(VECTOR, 0), 256)].filter(
    (code) => {
      const body = [0, ...codeOf(code), ...new Array(20).fill(0)];
      try {
        walk(new Uint8Array(body), 0, body.length, () => {});
        return true;
      } catch (error) {
        // Its operands are there, though what comes after them may be nothing.
        return error instanceof Malformed;
      }
    },
  );
  const known = [...ARITIES.keys(), ...APART];
  expect(walked.filter((code) => !known.includes(code)).map((code) => codeOf(code))).toEqual([]);
  expect([...ARITIES.keys()].filter((code) => !walked.includes(code)).map((code) => codeOf(code))).toEqual([]);
});

test("what instructions take from the stack and leave there is what V8 says", () => {
  expect([...ARITIES].flatMap(([instruction, { pops, pushes }]) => misjudged(instruction, pops, pushes))).toEqual([]);
}, 60_000);

const CASES: [string, string, number][] = [
  ["nothing", "", 0],
  ["one after the other", "(drop (i32.const 1)) (drop (i32.const 2))", 1],
  ["a sum", "(drop (i32.add (i32.const 1) (i32.add (i32.const 2) (i32.const 3))))", 3],
  ["what a block leaves", "(drop (i32.add (i32.const 1) (block (result i32) (i32.const 2))))", 2],
  ["below a block", "i32.const 1 i32.const 2 (block (drop (i32.const 3))) drop drop", 3],
  [
    "the larger arm",
    "(drop (i32.add (i32.const 1) (if (result i32) (i32.const 0) (then (i32.const 1)) (else (i32.add (i32.const 1) (i32.const 2))))))",
    3,
  ],
  ["a block that takes", "i32.const 1 i32.const 2 (block (param i32 i32) (result i32) i32.add) drop", 2],
  ["what is left behind by a branch", "(block (i32.const 1) (i32.const 2) (br 0)) (drop (i32.const 1))", 2],
  ["behind a branch, where nothing runs", "(block (br 0) drop drop (drop (i32.const 1)))", 1],
  ["what a function gives", "(call $three) drop drop drop", 3],
  ["what a function takes", "(call $three) (call $take) (call $three) (call $take)", 3],
  ["what a function in a table takes", "i32.const 1 (call_indirect (param i32) (i32.const 0))", 2],
];

test.each(CASES)("the operands of %s", (_, code, most) => {
  const bytes = assembleText(
    "case.wat",
    `(module (memory (export "memory") 1 1) (table 1 1 funcref) (func (export "init"))
      (func $three (result i32 i32 i32) (i32.const 1) (i32.const 2) (i32.const 3))
      (func $take (param i32 i32 i32))
      (func (export "step") ${code}))`,
  );
  expect(WebAssembly.validate(bytes as BufferSource), "the module of the test is one").toBe(true);
  const module = readModule(bytes);
  const { begin, end } = module.bodies[3]!;
  const steps: Step[] = [];
  walk(bytes, begin, end, (instruction, operand, offset) => steps.push({ instruction, operand, offset }));
  expect(operandsOf(module, 3, steps)).toBe(most);
});

test("operands count as locals do", () => {
  const load = [0x41, 0, 0x28, 2, 0];
  const many = (count: number) => [...range(0, count).flatMap(() => load), 0x0f];
  expect(prove(assemble({ step: many(8000) })).findings).toEqual([]);
  expect(prove(assemble({ step: many(8200) })).findings.map(({ rule }) => rule)).toEqual(["stack"]);
});
