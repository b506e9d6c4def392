// Which function calls which: every function after those it calls, the circles among them, and how deep a stack they take.
import type { ModuleShape } from "./binary.js";
import { Reader } from "./reader.js";

/** For each function defined in the module, whom it calls, and the offset of the first call. */
export type Calls = readonly ReadonlyMap<number, number>[];

/**
 * The functions that some can reach, callees first. Depth-first, with a stack of its own: a stranger's chain of calls may
 * be longer than ours can go. In a circle somebody comes before his callee; whoever asks is told each circle, from its
 * first to its last, until the answer is false.
 */
export function calleesFirst(
  roots: Iterable<number>,
  calls: Calls,
  circle?: (path: readonly number[]) => boolean,
): number[] {
  const [open, done] = [1, 2];
  const marks = new Uint8Array(calls.length);
  const order: number[] = [];
  const path: { index: number; rest: Iterator<number> }[] = [];
  const enter = (index: number) => {
    if (calls[index] === undefined || marks[index] !== 0) return;
    marks[index] = open;
    path.push({ index, rest: calls[index].keys() });
  };
  for (const root of roots) {
    enter(root);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.rest.next();
      if (next.done) {
        marks[top.index] = done;
        order.push(top.index);
        path.pop();
      } else if (marks[next.value] === open && circle !== undefined) {
        const first = path.findIndex(({ index }) => index === next.value);
        if (!circle(path.slice(first).map(({ index }) => index))) return order;
      } else enter(next.value);
    }
  }
  return order;
}

/** What engines put on the stack for a call beside its locals and operands: addresses, saved registers. */
const CALL_BYTES = 64;
/** The largest local or operand is a vector. */
const VALUE_BYTES = 16;

export interface Deepest {
  readonly bytes: number;
  /** Where the calls begin that take so much. */
  readonly index: number;
}

/**
 * The most bytes of stack that calls can take, each function counted once on its way. `operands`: how many each function
 * has at once.
 */
export function deepest(bytes: Uint8Array, module: ModuleShape, calls: Calls, operands: readonly number[]): Deepest {
  const depths: number[] = [];
  let found: Deepest = { bytes: 0, index: 0 };
  for (const index of calleesFirst(calls.keys(), calls)) {
    let below = 0;
    for (const callee of calls[index]!.keys()) below = Math.max(below, depths[callee] ?? 0);
    const values = localsOf(bytes, module, index) + operands[index]!;
    const depth = below + CALL_BYTES + VALUE_BYTES * values;
    depths[index] = depth;
    if (depth > found.bytes) found = { bytes: depth, index };
  }
  return found;
}

function localsOf(bytes: Uint8Array, module: ModuleShape, index: number): number {
  const { begin, end } = module.bodies[index]!;
  const reader = new Reader(bytes, begin, end);
  let locals = module.types[module.functions[index]!]?.params ?? 0;
  for (let groups = reader.u32(); groups > 0; groups--) {
    locals += reader.u32();
    reader.valueType();
  }
  return locals;
}
