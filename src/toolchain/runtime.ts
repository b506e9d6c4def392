// AssemblyScript's own runtime in a managed game: it collects after every step, and says so when the memory is full.
import type { FunctionDeclaration, Parser } from "assemblyscript";
import binaryen from "assemblyscript/binaryen";
import { SamestepError } from "../error.js";
import { parseAs } from "./classes.js";
import { NodeKind } from "./compiler.js";

/** minimal collects after a step only; incremental also within one that makes much garbage. */
export type Runtime = "incremental" | "minimal";

/**
 * The incremental runtime keeps a stack of its own in memory, for the collector to find what functions hold. The compiler's
 * 32 KiB would be copied with every snapshot; this is room for some 2 000 objects held at once.
 */
const STACK_BYTES = 8192;

const COLLECT = "__collect";
/** What the compiler exports with the collector, for hosts that make objects themselves. */
const RUNTIME_EXPORTS = [COLLECT, "__new", "__pin", "__unpin", "__rtti_base"];
const STEP = "samestep/step-and-collect";

/** @throws SamestepError BAD_USAGE with the reason why the name is none. */
export function runtimeOf(name: string): Runtime {
  if (name === "incremental" || name === "minimal") return name;
  const why =
    name === "stub"
      ? "the runtime 'stub' never frees an object, so a long match would run out of memory"
      : `there is no runtime '${name}'`;
  throw new SamestepError(
    "BAD_USAGE",
    `${why}: use 'minimal', which frees after every step, or 'incremental', which also frees within one; or none, and keep all state in the arena`,
  );
}

export function runtimeFlags(runtime: Runtime | undefined): string[] {
  if (runtime === undefined) return ["--runtime", "stub"];
  const stack = runtime === "incremental" ? ["--stackSize", String(STACK_BYTES)] : [];
  return ["--runtime", runtime, "--exportRuntime", ...stack];
}

/** The memory has its final size from the start, so what asks for more of it stops the game with the reason. */
export function refuseGrowth(parser: Parser): void {
  const source = parser.sources.find(({ internalPath }) => internalPath === "~lib/rt/tlsf");
  const grow = source?.statements.find(
    (each) => each.kind === NodeKind.FunctionDeclaration && (each as FunctionDeclaration).name.text === "growMemory",
  ) as FunctionDeclaration | undefined;
  // The compiler is pinned, so this is a slip of ours.
  if (source === undefined || grow === undefined) throw new Error("the runtime has no growMemory");
  const why = "out of memory: export const memoryPages = N gives the game N pages of 64 KiB";
  const code = `function growMemory(root: Root, size: usize): void { assert(false, "${why}"); }`;
  const [made] = parseAs(source, source.lineAt(grow.range.start), code);
  grow.body = (made as FunctionDeclaration).body;
}

/** Lets the exported step end with a collection, and takes the runtime out of the host's hands. */
export function collectAfterStep(module: binaryen.Module): void {
  const exported = (name: string) => {
    const found = module.getExport(name);
    return found ? binaryen.getExportInfo(found).value : undefined;
  };
  const [step, collect] = [exported("step"), exported(COLLECT)];
  for (const name of RUNTIME_EXPORTS) if (exported(name) !== undefined) module.removeExport(name);
  if (step === undefined || collect === undefined) return;
  const body = module.block(null, [module.call(step, [], binaryen.none), module.call(collect, [], binaryen.none)]);
  module.addFunction(STEP, binaryen.none, binaryen.none, [], body);
  module.removeExport("step");
  module.addFunctionExport(STEP, "step");
}

/** Bytes that the module's variables take at most: the optimiser makes constants of some, and never a new one. */
export function globalsBytesMax(module: binaryen.Module): number {
  const reader = module as unknown as { getNumGlobals(): number; getGlobalByIndex(index: number): number };
  let bytes = 0;
  for (let i = 0; i < reader.getNumGlobals(); i++) {
    const { mutable, type } = binaryen.getGlobalInfo(reader.getGlobalByIndex(i));
    if (mutable) bytes += type === binaryen.v128 ? 16 : type === binaryen.i32 || type === binaryen.f32 ? 4 : 8;
  }
  return bytes;
}
