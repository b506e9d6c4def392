// What an instruction takes from the stack and leaves there, asked of V8: modules with one operand too few or too many are none.
import { Malformed } from "../../src/proof/binary.js";
import { behind, type Instruction, NUMERIC, VECTOR, walk } from "../../src/proof/opcodes.js";
import { assemble, leb, text } from "./module.js";

const DROP = 0x1a;

const CONSTANTS: readonly number[][] = [
  [0x41, 0],
  [0x42, 0],
  [0x43, 0, 0, 0, 0],
  [0x44, 0, 0, 0, 0, 0, 0, 0, 0],
  [0xfd, 12, ...new Array(16).fill(0)],
  [0xd0, 0x70],
];

const operands = (count: number): number[][] =>
  count === 0 ? [[]] : operands(count - 1).flatMap((rest) => CONSTANTS.map((constant) => [...rest, ...constant]));

/** Immediates that an instruction may need, each naming what `around` has. */
const IMMEDIATES: readonly number[][] = [
  ...[0, 1, 2, 3, 4, 8, 16].map((count) => new Array<number>(count).fill(0)),
  ...[[1, 0x7f], [0x70]],
];

/** Whatever an instruction may name. */
const AROUND = {
  tables: [[0x70, 0, 1]],
  globals: [[0x7f, 1, 0x41, 0, 0x0b]],
  data: [[1, 0]],
  elements: [[1, 0, 0]],
  exports: [[...text("combo"), 3, 0]],
};

/** The bytes of an instruction without its immediates. */
export function codeOf(instruction: Instruction): number[] {
  if (instruction >= behind(VECTOR, 0)) return [VECTOR, ...leb(instruction - behind(VECTOR, 0))];
  if (instruction >= behind(NUMERIC, 0)) return [NUMERIC, ...leb(instruction - behind(NUMERIC, 0))];
  return [instruction];
}

/** What is wrong about `pops` and `pushes`; nothing when they are what V8 says. */
export function misjudged(instruction: Instruction, pops: number, pushes: number): string[] {
  const code = codeOf(instruction);
  const immediates = IMMEDIATES.filter((bytes) => widthOf([...code, ...bytes]) === code.length + bytes.length);
  const valid = (taken: number, left: number) =>
    operands(taken).some((values) =>
      immediates.some((bytes) => {
        const step = [...values, ...code, ...bytes, ...new Array(left).fill(DROP)];
        return WebAssembly.validate(assemble({ ...AROUND, step }) as BufferSource);
      }),
    );
  const name = code.map((byte) => byte.toString(16)).join(" ");
  return [
    ...(valid(pops, pushes) ? [] : [`${name} does not take ${pops} and leave ${pushes}`]),
    ...(pops > 0 && valid(pops - 1, pushes) ? [`${name} takes less than ${pops}`] : []),
    ...(valid(pops, pushes + 1) ? [`${name} leaves more than ${pushes}`] : []),
  ];
}

/** Bytes of an instruction with its immediates, as our walker reads them; NaN where these cannot be its immediates. */
function widthOf(code: readonly number[]): number {
  const offsets: number[] = [];
  const body = [0, ...code, ...new Array(20).fill(0)];
  try {
    walk(new Uint8Array(body), 0, body.length, (_, __, offset) => offsets.push(offset));
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
  }
  return offsets[1]! - offsets[0]!;
}
