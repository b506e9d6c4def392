// Judges what a module has, before its code: what it imports, its memory, and what it exports.
import { type Export, KIND, type ModuleShape } from "./binary.js";
import { type Find, printable } from "./finding.js";

export function judgeShape(module: ModuleShape, find: Find): void {
  judgeImports(module, find);
  judgeMemory(module, find);
  judgeExports(module, find);
}

const IMPORT_ADVICE: Readonly<Record<string, string>> = {
  "env.seed": "Math.random() differs on every machine. Keep a Random in the state and seed it in init().",
  "env.trace": "trace() needs the host. Emit an @event instead.",
  "env.console.log": "console.log() needs the host. Emit an @event instead.",
  "env.Date.now": "A clock differs on every machine. Count frames in the state.",
  "env.performance.now": "A clock differs on every machine. Count frames in the state.",
  "env.abort": "Assertions have nowhere to go: build with `samestep build`, which sends them to the trap record.",
};

function judgeImports(module: ModuleShape, find: Find): void {
  for (const { module: from, name } of module.imports) {
    const full = printable(`${from}.${name}`);
    find({ rule: "import", message: `The game imports '${full}'. ${adviceOn(full)}` });
  }
}

function adviceOn(imported: string): string {
  if (Object.hasOwn(IMPORT_ADVICE, imported)) return IMPORT_ADVICE[imported]!;
  if (imported.startsWith("env.Math."))
    return "The host's mathematics differs from machine to machine. Math and Mathf are compiled into the game.";
  return "A game computes everything itself, from its state and its inputs.";
}

function judgeMemory({ memories }: ModuleShape, find: Find): void {
  const [memory] = memories;
  const refuse = (message: string) => find({ rule: "memory", message });
  if (memory === undefined) {
    refuse("The game has no memory of its own, and so no state.");
    return;
  }
  if (memories.length > 1) refuse(`The game has ${memories.length} memories; a snapshot holds one.`);
  if (memory.flags & 2) refuse("The memory is shared between threads, whose order differs from machine to machine.");
  if (memory.flags & 4) refuse("The memory has 64-bit addresses; a game's has 32.");
  if (memory.flags > 7) refuse("The memory is of an unknown kind.");
  if (memory.max !== memory.min)
    refuse(
      `The memory can grow from ${memory.min} pages to ${memory.max ?? "any number"}, and growing may fail on one machine only. Set the maximum to the initial size.`,
    );
}

function judgeExports(module: ModuleShape, find: Find): void {
  const refuse = (message: string) => find({ rule: "export", message });
  const exported = (name: string, kind: number) =>
    module.exports.some((each) => each.name === name && each.kind === kind);
  if (!exported("memory", KIND.memory)) refuse("The game does not export its memory as 'memory'.");
  for (const name of ["init", "step"]) {
    if (!exported(name, KIND.function)) refuse(`The game does not export ${name}().`);
  }
  for (const each of module.exports) {
    const name = printable(each.name);
    if (each.kind === KIND.function && (each.name === "init" || each.name === "step")) {
      if (!takesNothing(module, each)) refuse(`${name}() takes nothing and returns nothing; its inputs lie in memory.`);
    } else if (each.kind === KIND.function)
      refuse(
        `The game exports '${name}()'. Only init() and step() may change the state: remove \`export\` from it, or move it out of the entry file.`,
      );
    else if (each.kind !== KIND.global && !(each.kind === KIND.memory && each.name === "memory"))
      refuse(
        `The game exports '${name}', which could be changed from outside. Only memory, init, step and constants are exported.`,
      );
  }
}

function takesNothing(module: ModuleShape, { index }: Export): boolean {
  const type = module.types[module.functions[index - module.importedFunctions] ?? -1];
  return type !== undefined && type.params === 0 && type.results === 0;
}
