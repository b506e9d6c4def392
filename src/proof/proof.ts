// The verdict on a game module: whether the same inputs give the same state on every machine, decided from its bytes alone.
import { KIND, Malformed, type ModuleShape, readModule } from "./binary.js";
import { type Calls, calleesFirst, type Deepest, deepest } from "./calls.js";
import { type DisputedSite, DisputeWatch } from "./disputed.js";
import { type Find, type Finding, printable, RULES, type Rule } from "./finding.js";
import { keptGlobals } from "./globals.js";
import { NanWatch, type OpenSite } from "./nan.js";
import {
  CALL,
  CALL_INDIRECT,
  DISPUTED,
  GLOBAL_SET,
  HIDDEN_STATE,
  MEMORY_GROW,
  OutsideProfile,
  walk,
} from "./opcodes.js";
import { operandsOf } from "./operands.js";
import { scratchGlobals } from "./scratch.js";
import { judgeShape } from "./shape.js";
import type { Step } from "./vectors.js";

export type { Finding, Rule } from "./finding.js";

export interface Proof {
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  /** What no proof can settle and no rule forbids: how deep a managed game's calls go. */
  readonly notices: readonly Finding[];
  /** Rules of which nothing is known, beyond what was found, and why. */
  readonly undecided: ReadonlyMap<Rule, string>;
}

/**
 * What a snapshot of the game holds: of an arena game the state region, of a managed one the whole memory. A managed game
 * may therefore allocate, keep variables that its hooks bring into the memory, recurse, and call through variables.
 */
export type Profile = "arena" | "managed";

/** A stranger's module may break every rule in every function; past these nobody reads on. */
const FINDINGS_MAX = 100;
const NAMES_SHOWN = 5;
/** Circles of calls that are told; each costs a walk along the path that closed it. */
const CIRCLES_MAX = 10;

/** Judges the bytes of a game. Never throws and never runs them. */
export function prove(bytes: Uint8Array, profile: Profile = "arena"): Proof {
  const findings: Finding[] = [];
  const notices: Finding[] = [];
  const found = new Set<Rule>();
  const undecided = new Map<Rule, string>();
  const managed = profile === "managed";
  const find = (finding: Finding) => {
    // A managed game's standard library calls through variables all over; one such place says it all.
    const noticed = managed && NOTICED.has(finding.rule);
    const list = noticed ? notices : findings;
    const isFirst = !found.has(finding.rule);
    found.add(finding.rule);
    if (noticed && finding.rule === "indirect-call" && !isFirst) return;
    if (isFirst || list.length < FINDINGS_MAX) list.push(finding);
  };
  const leaveOpen = (rules: Iterable<Rule>, why: string) => {
    for (const rule of rules) if (!undecided.has(rule)) undecided.set(rule, why);
  };
  try {
    const module = readModule(bytes);
    judgeShape(module, find);
    if (module.hasTags)
      find({
        rule: "exceptions",
        message: "The module declares exceptions. Engines do not all have them: return a value instead.",
      });
    judgeCode(bytes, module, { managed, find, leaveOpen });
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    find({ rule: error.rule, message: `The module cannot be read: ${error.message}.` });
    leaveOpen(RULES, "the module cannot be read to its end");
  }
  // Whose depth nobody knows takes any stack.
  if (found.has("recursion") || found.has("indirect-call")) leaveOpen(["stack"], "how deep the calls go is not known");
  for (const rule of found) undecided.delete(rule);
  return { ok: findings.length === 0, findings, notices, undecided };
}

/** Rules that a managed game may break, and is told about. */
const NOTICED: ReadonlySet<Rule> = new Set(["indirect-call", "recursion"]);
const SHALLOW = "A managed game may, as long as its calls stay some hundred deep, which every machine can go.";

/** What only the code can tell. */
const OF_THE_CODE: readonly Rule[] = RULES.filter((rule) => !["malformed", "import", "start", "export"].includes(rule));

interface Judging {
  readonly managed: boolean;
  readonly find: Find;
  readonly leaveOpen: (rules: Iterable<Rule>, why: string) => void;
}

function judgeCode(bytes: Uint8Array, module: ModuleShape, { managed, find, leaveOpen }: Judging): void {
  // For each function, whom it calls, and where first.
  const calls: Map<number, number>[] = module.bodies.map(() => new Map());
  // The first instruction that sets each mutable global: where the author can look.
  const setters = new Map<number, Site>();
  const operands: number[] = [];
  const nans = new NanWatch(bytes);
  const disputes = new DisputeWatch(bytes);
  for (const [index, body] of module.bodies.entries()) {
    const code: Step[] = [];
    nans.enter(index, code);
    disputes.enter(index, code);
    try {
      walk(bytes, body.begin, body.end, (instruction, operand, offset) => {
        const step = { instruction, operand, offset };
        nans.see(step);
        disputes.see(step);
        code.push(step);
        const callee = operand - module.importedFunctions;
        if (instruction === CALL && !calls[index]!.has(callee)) calls[index]!.set(callee, offset);
        else if (instruction === GLOBAL_SET && !setters.has(operand)) setters.set(operand, { index, offset });
        else {
          const refused = judgeInstruction(instruction, managed);
          if (refused !== undefined) find({ ...refused, ...placeOf(module, { index, offset }) });
        }
      });
    } catch (error) {
      if (!(error instanceof OutsideProfile)) throw error;
      const advice =
        error.rule === "relaxed-simd"
          ? "Its results differ from processor to processor by design. Use the plain SIMD instruction."
          : "It is outside the profile a game may use: integers, SIMD and bulk memory of WebAssembly 2.0.";
      find({
        rule: error.rule,
        message: `The game uses ${error.message}. ${advice}`,
        ...placeOf(module, { index, offset: error.offset }),
      });
      leaveOpen(OF_THE_CODE, `${functionName(module, index)} cannot be read to its end`);
    }
    operands.push(operandsOf(module, index, code));
  }
  for (const site of nans.sites) judgeNan(module, site, find);
  for (const site of disputes.sites) judgeDispute(module, site, find);
  const scratch = module.globals.includes(true) && !managed ? scratchGlobals(bytes, module, calls) : new Set<number>();
  const allocates = !managed && judgeGlobals(module, setters, calls, scratch, { find, leaveOpen });
  if (managed) judgeKept(bytes, module, find);
  // An allocator's start code is no code of the author's, and gone when nothing allocates.
  if (module.start !== undefined && allocates)
    leaveOpen(["start"], "the game allocates memory, which starts by itself");
  else if (module.start !== undefined) judgeStart(module, module.start, find);
  judgeRecursion(module, calls, managed, find);
  judgeStack(deepest(bytes, module, calls, operands), module, find);
}

/** What is wrong with an instruction wherever it stands. */
function judgeInstruction(instruction: number, managed: boolean): Pick<Finding, "rule" | "message"> | undefined {
  const hidden = HIDDEN_STATE.get(instruction);
  if (hidden !== undefined)
    return {
      rule: "hidden-state",
      message: `${hidden} changes what no snapshot holds, so a rollback would not undo it. Keep it in the state.`,
    };
  // A memory of one size cannot grow, but by nothing it can: then every view that a host has of it is cut off.
  if (instruction === MEMORY_GROW)
    return {
      rule: "memory",
      message:
        "memory.grow takes the memory away from the host, even where it grows by nothing. A game's memory has one size; `samestep build` and `samestep wrap` make its growth fail.",
    };
  const disputed = DISPUTED.get(instruction);
  if (disputed !== undefined)
    return {
      rule: "disputed",
      message: `${disputed} of 0 and -0 differs between browsers. Use ${disputed.replace("max", "pmax")} instead.`,
    };
  if (instruction !== CALL_INDIRECT) return undefined;
  return {
    rule: "indirect-call",
    message: `A function is called through a variable, so the depth of the calls cannot be known. ${managed ? SHALLOW : "Use a switch."}`,
  };
}

function judgeNan(module: ModuleShape, site: OpenSite, find: Find): void {
  const shows = site.lanes === "f32" || site.lanes === "f64" ? "lets the bits of a NaN be seen" : "can make a NaN";
  find({
    rule: "float",
    message: `${site.name} ${shows} here, and these differ between machines and even between two runs of one. Build the game with \`samestep build\`, which makes every NaN the same.`,
    ...placeOf(module, site),
  });
}

const KNOWN: Readonly<Record<DisputedSite["name"], string>> = {
  "v128.bitselect": "with a mask that a compiler may know",
  "i32.shr_u": "of constants, by 32 or more,",
  "f32.copysign": "with the sign of a constant",
  "f64.copysign": "with the sign of a constant",
};

function judgeDispute(module: ModuleShape, site: DisputedSite, find: Find): void {
  find({
    rule: "disputed",
    message: `${site.name} ${KNOWN[site.name]} differs between browsers. Put the module through \`samestep build\` or \`samestep wrap\` again, which write it otherwise.`,
    ...placeOf(module, site),
  });
}

/** The variables of AssemblyScript's Math.random(). */
const RANDOM = "~lib/math/random_";

/** Returns whether one of them is the allocator's: its start code is then no code of the author's. */
function judgeGlobals(
  module: ModuleShape,
  setters: ReadonlyMap<number, Site>,
  calls: Calls,
  scratch: ReadonlySet<number>,
  { find, leaveOpen }: Omit<Judging, "managed">,
): boolean {
  let allocates = false;
  const imported = module.imports.filter(({ kind }) => kind === KIND.global).length;
  for (const [index, mutable] of module.globals.entries()) {
    if (!mutable || scratch.has(imported + index)) continue;
    const name = printable(module.globalNames.get(imported + index) ?? `#${imported + index}`);
    // Its seed is refused already, and says what to do.
    if (name.startsWith(RANDOM) && module.imports.some((each) => `${each.module}.${each.name}` === "env.seed")) {
      leaveOpen(["mutable-global"], "Math.random() keeps a variable, and goes with its seed");
      continue;
    }
    const setter = setters.get(imported + index);
    if (name.startsWith("~lib/rt/")) {
      // The allocator has several; one finding says it all.
      if (allocates) continue;
      allocates = true;
      const message =
        "The game allocates memory: `new`, array and object literals, strings put together. What it makes lies outside the state, and a rollback would not undo it. Declare it as a field of a @state class: nested, Slots or Numbers. Or build a managed game, which may: `samestep build --runtime minimal`.";
      find({ rule: "mutable-global", message, ...(setter && placeOf(module, calledFrom(module, setter, calls))) });
    } else {
      const message = `'${name}' is a variable outside the state, so a rollback would not restore it. Move it into a @state class, or make it a constant.`;
      find({ rule: "mutable-global", message, ...(setter && placeOf(module, setter)) });
    }
  }
  return allocates;
}

/** The variables of a managed game live in its memory between steps, because its hooks bring them there. */
function judgeKept(bytes: Uint8Array, module: ModuleShape, find: Find): void {
  const imported = module.imports.filter(({ kind }) => kind === KIND.global).length;
  const kept = keptGlobals(bytes, module);
  const lost = module.globals.flatMap((mutable, i) => (mutable && !kept.has(imported + i) ? [imported + i] : []));
  if (lost.length === 0) return;
  const names = lost
    .slice(0, NAMES_SHOWN)
    .map((index) => `'${printable(module.globalNames.get(index) ?? `#${index}`)}'`);
  const more = lost.length > names.length ? ` and ${lost.length - names.length} more` : "";
  find({
    rule: "mutable-global",
    message: `Variables that init() and step() do not set before all else and store after it, so that a rollback would not restore them: ${names.join(", ")}${more}. Build the game with \`samestep build --runtime\`, or put a module of another language through \`samestep wrap\`.`,
  });
}

/** Where the author's code leads to this site in the standard library: the nearest caller that is not part of it. */
function calledFrom(module: ModuleShape, site: Site, calls: Calls): Site {
  const callers: Site[][] = module.bodies.map(() => []);
  for (const [index, callees] of calls.entries())
    for (const [callee, offset] of callees) callers[callee]?.push({ index, offset });
  const seen = new Set([site.index]);
  for (const callee of seen) {
    for (const caller of callers[callee]!) {
      if (!functionName(module, caller.index).startsWith("~")) return caller;
      seen.add(caller.index);
    }
  }
  return site;
}

function judgeStart(module: ModuleShape, start: number, find: Find): void {
  const index = start - module.importedFunctions;
  const body = module.bodies[index];
  const message = "Code runs when the module is loaded. Move it into init(), which every match calls.";
  find({ rule: "start", message, ...(body && placeOf(module, { index, offset: body.end - 1 })) });
}

function judgeRecursion(module: ModuleShape, calls: Calls, managed: boolean, find: Find): void {
  let circles = 0;
  calleesFirst(calls.keys(), calls, (circle) => {
    if (++circles > CIRCLES_MAX) return false;
    const names = circle.slice(0, NAMES_SHOWN).map((index) => functionName(module, index));
    const way = [...names, circle.length > NAMES_SHOWN ? "…" : "", names[0]].filter(Boolean).join(" → ");
    const advice = managed ? SHALLOW : "Use a loop, with a stack of fixed length in the state.";
    const last = circle.at(-1)!;
    const site = { index: last, offset: calls[last]!.get(circle[0]!)! };
    const message = `Recursion: ${way}. How deep a machine can go differs. ${advice}`;
    find({ rule: "recursion", message, ...placeOf(module, site) });
    return true;
  });
}

/** Engines have a megabyte of stack, some of which the page has taken; an eighth is there on every machine. */
const STACK_BYTES_MAX = 128 * 1024;

function judgeStack(found: Deepest, module: ModuleShape, find: Find): void {
  if (found.bytes <= STACK_BYTES_MAX) return;
  find({
    rule: "stack",
    message: `The calls that begin here take up to ${found.bytes} bytes of stack, and a game's take ${STACK_BYTES_MAX} at most: how much a machine has differs. Let functions have fewer variables, and keep what is large in the state.`,
    ...placeOf(module, { index: found.index, offset: module.bodies[found.index]!.begin }),
  });
}

interface Site {
  /** Of the function, among those defined here. */
  readonly index: number;
  readonly offset: number;
}

function placeOf(module: ModuleShape, { index, offset }: Site): Pick<Finding, "function" | "offset" | "bodyOffset"> {
  return { function: functionName(module, index), offset, bodyOffset: module.bodies[index]!.begin };
}

function functionName(module: ModuleShape, index: number): string {
  const name = module.functionNames.get(module.importedFunctions + index);
  return name === undefined ? `function ${module.importedFunctions + index}` : printable(name);
}
