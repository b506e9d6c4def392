// Variables that hold nothing from one step to the next: on every way through init and step they are written before they are read.
//
// A snapshot does not hold them and need not: whatever a rollback, a trap or an older match left there is never seen. The
// mathematics of AssemblyScript's library hands results about in such variables.
//
// One pass over each function, callees first. What was surely written only grows along a way, so a loop need not be
// walked twice: whoever comes back to its head has written at least what the first one had.
import { KIND, type ModuleShape } from "./binary.js";
import { type Calls, calleesFirst } from "./calls.js";
import { BRANCH_TABLE, CALL, CALL_INDIRECT, END, GLOBAL_GET, GLOBAL_SET, OutsideProfile, walk } from "./opcodes.js";
import { Reader } from "./reader.js";

const UNREACHABLE = 0x00;
const BLOCK = 0x02;
const LOOP = 0x03;
const IF = 0x04;
const ELSE = 0x05;
const BRANCH = 0x0c;
const BRANCH_IF = 0x0d;
const RETURN = 0x0f;

/** A set of variables as bits; those past the last bit are never scratch. Where nobody gets to, everything is written. */
type Variables = number;
const VARIABLES_MAX = 31;
const ALL: Variables = -1;
const NONE: Variables = 0;

interface Summary {
  /** What the function may read before it has written it. */
  readonly reads: Variables;
  /** What it has written whenever it returns. */
  readonly writes: Variables;
}

/** What is known of a function that was not looked at. */
const UNKNOWN: Summary = { reads: ALL, writes: NONE };

interface Block {
  readonly kind: number;
  readonly start: Variables;
  /** Written on every branch to its end. */
  end: Variables;
}

/** The mutable globals, by index, that no step reads before it has written them, and that nobody outside can see. */
export function scratchGlobals(bytes: Uint8Array, module: ModuleShape, calls: Calls): ReadonlySet<number> {
  const summaries: Summary[] = module.bodies.map(() => UNKNOWN);
  const imported = module.imports.filter(({ kind }) => kind === KIND.global).length;
  const entries = module.exports.filter(({ kind }) => kind === KIND.function).map(({ index }) => index);
  const defined = entries.map((index) => index - module.importedFunctions).filter((index) => calls[index]);
  const variables = module.globals.flatMap((mutable, index) => (mutable ? [imported + index] : []));
  const bits = new Map(variables.slice(0, VARIABLES_MAX).map((global, i) => [global, 1 << i]));
  // In a circle somebody comes before his callee, and takes it for unknown.
  for (const index of calleesFirst(defined, calls))
    summaries[index] = summarise(bytes, module, index, { bits, summaries });
  let reads = NONE;
  for (const index of defined) reads |= summaries[index]!.reads;
  const seen = new Set(module.exports.filter(({ kind }) => kind === KIND.global).map(({ index }) => index));
  return new Set(
    [...bits].filter(([global, bit]) => (reads & bit) === 0 && !seen.has(global)).map(([global]) => global),
  );
}

interface Known {
  readonly bits: ReadonlyMap<number, Variables>;
  readonly summaries: readonly Summary[];
}

function summarise(bytes: Uint8Array, module: ModuleShape, index: number, known: Known): Summary {
  const { begin, end } = module.bodies[index]!;
  const way = new Way(known);
  try {
    walk(bytes, begin, end, (instruction, operand, offset) => {
      if (instruction === CALL) way.call(operand - module.importedFunctions);
      else if (instruction === BRANCH_TABLE) way.branchTable(new Reader(bytes, offset + 1, end));
      else way.step(instruction, operand);
    });
  } catch (error) {
    if (error instanceof OutsideProfile) return UNKNOWN;
    throw error;
  }
  return way.summary ?? UNKNOWN;
}

/** The way through one function: what is written where it stands now, and at the ends of the blocks around it. */
class Way {
  readonly #known: Known;
  readonly #blocks: Block[] = [{ kind: BLOCK, start: NONE, end: ALL }];
  #written: Variables = NONE;
  #reads: Variables = NONE;
  /** Once the function's own end is reached. */
  summary: Summary | undefined;

  constructor(known: Known) {
    this.#known = known;
  }

  step(instruction: number, operand: number): void {
    switch (instruction) {
      case BLOCK:
      case LOOP:
      case IF:
        this.#blocks.push({ kind: instruction, start: this.#written, end: ALL });
        return;
      case ELSE:
        this.#otherwise();
        return;
      case END:
        this.#end();
        return;
      case BRANCH:
        this.#branch(operand);
        this.#written = ALL;
        return;
      case BRANCH_IF:
        this.#branch(operand);
        return;
      case RETURN:
        this.#branch(this.#blocks.length - 1);
        this.#written = ALL;
        return;
      case UNREACHABLE:
        this.#written = ALL;
        return;
      case GLOBAL_GET:
        this.#reads |= (this.#known.bits.get(operand) ?? NONE) & ~this.#written;
        return;
      case GLOBAL_SET:
        this.#written |= this.#known.bits.get(operand) ?? NONE;
        return;
      case CALL_INDIRECT:
        this.#reads |= ~this.#written;
        return;
    }
  }

  call(index: number): void {
    const { reads, writes } = this.#known.summaries[index] ?? UNKNOWN;
    this.#reads |= reads & ~this.#written;
    this.#written |= writes;
  }

  /** Its operands: how many labels, each of them, and the one for everything else. */
  branchTable(operands: Reader): void {
    for (let count = operands.u32() + 1; count > 0; count--) this.#branch(operands.u32());
    this.#written = ALL;
  }

  /** A branch to a loop goes to its head, where nothing has to be known; any other to the end of its block. */
  #branch(label: number): void {
    const target = this.#blocks[this.#blocks.length - 1 - label];
    if (target !== undefined) target.end &= this.#written;
  }

  #otherwise(): void {
    const block = this.#blocks.pop();
    if (block === undefined) return;
    this.#blocks.push({ kind: ELSE, start: NONE, end: block.end & this.#written });
    this.#written = block.start;
  }

  #end(): void {
    const block = this.#blocks.pop();
    if (block === undefined) return;
    if (block.kind !== LOOP) this.#written &= block.end;
    // Without an else, the way past the block is one of those that meet here.
    if (block.kind === IF) this.#written &= block.start;
    if (this.#blocks.length === 0) this.summary = { reads: this.#reads, writes: this.#written };
  }
}
