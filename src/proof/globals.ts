// Whether a managed game's variables live in its memory between steps, so that a snapshot of the memory holds them too.
//
//   init   set every global to a constant · code of the game · store every global
//   step   load every global              · code of the game · store every global
//
// Each of the three is a call. What is loaded first and stored last needs no snapshot of its own: a step is then a function
// of the memory alone. The hooks run straight on, without a branch, so that whoever calls one has run all of it.
import { type Export, KIND, type ModuleShape } from "./binary.js";
import { CLOSING } from "./floats.js";
import {
  behind,
  CALL,
  END,
  GLOBAL_GET,
  GLOBAL_SET,
  type Instruction,
  LOCAL_GET,
  LOCAL_TEE,
  OutsideProfile,
  SELECT,
  VECTOR,
  VECTOR_CONST,
  walk,
} from "./opcodes.js";

/** Constants of all types. */
const CONSTANTS: readonly Instruction[] = [0x41, 0x42, 0x43, 0x44, VECTOR_CONST];
/** Additions, subtractions and multiplications of integers, as a constant may have them. */
const EXTENDED: readonly Instruction[] = [0x6a, 0x6b, 0x6c, 0x7c, 0x7d, 0x7e];
const LOADS: readonly Instruction[] = [0x28, 0x29, 0x2a, 0x2b, behind(VECTOR, 0)];
const STORES: readonly Instruction[] = [0x36, 0x37, 0x38, 0x39, behind(VECTOR, 11)];
/** What closes a float before it is stored: see nan.ts. */
const CLOSING_STEPS: readonly Instruction[] = [LOCAL_GET, LOCAL_TEE, CLOSING.f32.equal, CLOSING.f64.equal, SELECT];

const SETTING: ReadonlySet<Instruction> = new Set([...CONSTANTS, ...EXTENDED, ...LOADS, END]);
const STORING: ReadonlySet<Instruction> = new Set([...CONSTANTS, ...STORES, ...CLOSING_STEPS, END]);

/** The globals, by their index in the module, that both init and step set before all else and store after it. */
export function keptGlobals(bytes: Uint8Array, module: ModuleShape): ReadonlySet<number> {
  const [init, step] = ["init", "step"].map((name) => {
    const entry = module.exports.find((each) => each.kind === KIND.function && each.name === name);
    return entry === undefined ? new Set<number>() : keptBy(bytes, module, entry);
  });
  return new Set([...init!].filter((index) => step!.has(index)));
}

function keptBy(bytes: Uint8Array, module: ModuleShape, entry: Export): ReadonlySet<number> {
  const calls = callsOf(bytes, module, entry.index);
  const [first, last] = [calls[0], calls.at(-1)];
  if (first === undefined || last === undefined) return new Set();
  const stored = storedBy(bytes, module, last);
  return new Set([...setBy(bytes, module, first)].filter((index) => stored.has(index)));
}

/** Whom a function calls, when it does nothing else. */
function callsOf(bytes: Uint8Array, module: ModuleShape, index: number): number[] {
  const calls: number[] = [];
  const straight = each(bytes, module, index, (instruction, operand) => {
    if (instruction === CALL) calls.push(operand);
    return instruction === CALL || instruction === END;
  });
  return straight ? calls : [];
}

/** The globals a function sets from memory and constants, when it does nothing else. */
function setBy(bytes: Uint8Array, module: ModuleShape, index: number): ReadonlySet<number> {
  const found = new Set<number>();
  const straight = each(bytes, module, index, (instruction, operand) => {
    if (instruction === GLOBAL_SET) found.add(operand);
    return (
      instruction === GLOBAL_SET ||
      SETTING.has(instruction) ||
      (instruction === GLOBAL_GET && !isMutable(module, operand))
    );
  });
  return straight ? found : new Set();
}

/** The globals a function stores in memory as they are, when it does nothing else. */
function storedBy(bytes: Uint8Array, module: ModuleShape, index: number): ReadonlySet<number> {
  const found = new Set<number>();
  let taken: number | undefined;
  const straight = each(bytes, module, index, (instruction, operand) => {
    if (instruction === GLOBAL_GET) taken = operand;
    if (STORES.includes(instruction) && taken !== undefined) {
      found.add(taken);
      taken = undefined;
    }
    return instruction === GLOBAL_GET || STORING.has(instruction);
  });
  return straight ? found : new Set();
}

/** Visits a function's instructions while they are allowed; answers whether all were. */
function each(
  bytes: Uint8Array,
  module: ModuleShape,
  index: number,
  allows: (instruction: Instruction, operand: number) => boolean,
): boolean {
  const body = module.bodies[index - module.importedFunctions];
  if (body === undefined) return false;
  let straight = true;
  try {
    walk(bytes, body.begin, body.end, (instruction, operand) => {
      straight = straight && allows(instruction, operand);
    });
  } catch (error) {
    if (!(error instanceof OutsideProfile)) throw error;
    return false;
  }
  return straight;
}

/** Imported globals count as mutable: a game has none. */
function isMutable(module: ModuleShape, index: number): boolean {
  const imported = module.imports.filter(({ kind }) => kind === KIND.global).length;
  return module.globals[index - imported] ?? true;
}
