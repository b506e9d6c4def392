// The compiler transform: lays the marked classes out in place, sends assertions to the trap record, and writes the schema section.
import type {
  CallExpression,
  Element,
  FunctionDeclaration,
  FunctionPrototype,
  NamedTypeNode,
  Parser,
  Program,
  Source,
  VariableDeclaration,
  VariableStatement,
} from "assemblyscript";
import type binaryen from "assemblyscript/binaryen";
import { SCHEMA_SECTION } from "../simulation/schema.js";
import { type DeclaredClass, findClasses, parseAs, type Refuse, refuser, rewriteClass, text } from "./classes.js";
import { CommonFlags, DiagnosticCategory, DiagnosticCode, ElementKind, NodeKind, SourceKind } from "./compiler.js";
import { expandFx, lateConstants } from "./constants.js";
import { type Arena, LAYOUT_SOURCE, layoutSource, readLayout, type Sizes, sizesOf } from "./layout.js";
import { fixMemory } from "./memory.js";
import { collectAfterStep, globalsBytesMax, refuseGrowth } from "./runtime.js";
import type { Place } from "./source-map.js";
import { refuseMarks, refuseMisuse } from "./uses.js";

/** What the main file says about the game, when it exports it. */
const SETTINGS = ["framesPerSecond", "playersMin", "playersMax", "commands", "memoryPages"];

/** For the first compilation, in which nothing has its place yet. */
const UNMEASURED = { input: 0, config: 0, players: 8, globals: 0 };

/** The state region begins on a cache line. */
const ARENA_ALIGN = 64;

/**
 * One compilation's transform.
 *
 * Where a region lies depends on the sizes of the game's classes, and these on constants anywhere in its files: asked for
 * while files are still being compiled, some would be "used before their declaration" in one arrangement of the files and
 * not in another. So a game is compiled twice: first to measure, with every address zero, then with the sizes as numbers.
 */
export class GameTransform {
  /** What the first compilation measured. */
  sizes: Sizes | undefined;
  /** The game's constants that code would compute when the module loads. */
  lateConstants: ReadonlyMap<string, Place> = new Map();
  readonly #managed: boolean;
  readonly #measured: Sizes | undefined;
  #classes: DeclaredClass[] = [];
  #arena: Arena | undefined;
  #entry: Source | undefined;
  #sdk = "";
  #initialized: Program | undefined;

  /** Without sizes it measures them. */
  constructor(managed: boolean, measured?: Sizes) {
    this.#managed = managed;
    this.#measured = measured;
  }

  afterParse(parser: Parser): void {
    const refuse = refuser(parser);
    const entry = parser.sources.find(isGameEntry)!;
    this.#entry = entry;
    const regions = parser.sources.find((source) => /(^|\/)assembly\/sdk\/regions$/.test(source.internalPath));
    if (regions === undefined) {
      refuse(entry.range.atStart, "A game imports its state, inputs and events from the SDK, 'samestep/assembly/sdk'.");
      return;
    }
    this.#sdk = regions.internalPath.slice(0, -"regions".length);
    refuseMarks(parser, refuse);
    this.#classes = findClasses(parser);
    const input = this.#only("input", refuse);
    this.#only("config", refuse);
    this.#arena = findArena(parser, this.#classes, refuse, this.#measured?.state);
    if (this.#arena === undefined && !this.#managed)
      refuse(
        entry.range.atStart,
        "No state: declare `export const world = arena<World>();` once, outside of functions, with the @state class of the whole state.",
      );
    if (input === undefined) refuse(entry.range.atStart, "No input: mark the class of one player's input with @input.");
    refuseMisuse(parser, this.#classes, this.#arena, this.#managed, refuse);
    refuseHidden(entry, refuse);
    if (input === undefined) return;
    if (parser.diagnostics.some((each) => each.category === DiagnosticCategory.Error)) return;
    for (const [id, each] of this.#classes.entries()) rewriteClass(each, id);
    if (this.#managed) refuseGrowth(parser);
    const { input: inputBytes, config: configBytes, players, globals } = this.#measured ?? UNMEASURED;
    const sizes = `const INPUT_BYTES: i32 = ${inputBytes}; const CONFIG_BYTES: i32 = ${configBytes}; const INPUT_CELLS: i32 = ${players};`;
    regions.statements.unshift(...parseAs(regions, 1, sizes));
    const layout = layoutSource(this.#classes, this.#arena, regions, this.#managed ? globals : undefined);
    parser.parseFile(layout, `${LAYOUT_SOURCE}.ts`, true);
  }

  afterInitialize(program: Program): void {
    this.#initialized = program;
    expandFx(program, this.#sdk);
    const abort = program.elementsByName.get(`${this.#sdk}trap/abort`);
    if (abort) program.elementsByName.set("abort", abort);
    const refuse: Refuse = (range, message) => program.error(DiagnosticCode.User_defined_0, range, message);
    const exported = program.filesByName.get(this.#entry!.internalPath)?.exports;
    for (const name of ["init", "step"]) refuseEntry(name, exported?.get(name), this.#entry!, refuse);
  }

  afterCompile(module: binaryen.Module): void {
    const program = this.#initialized!;
    const refuse: Refuse = (range, message) => program.error(DiagnosticCode.User_defined_0, range, message);
    const compiled = {
      module,
      program,
      classes: this.#classes,
      arena: this.#arena,
      managed: this.#managed,
      entry: this.#entry!,
      refuse,
    };
    const globals = globalsBytesMax(module);
    this.sizes = sizesOf(compiled, globals);
    const { schema, pages } = readLayout(compiled, globals);
    this.lateConstants = lateConstants(program, module);
    module.addCustomSection(SCHEMA_SECTION, new TextEncoder().encode(JSON.stringify(schema)));
    if (this.#managed) collectAfterStep(module);
    fixMemory(module, pages);
  }

  #only(kind: "input" | "config", refuse: Refuse): DeclaredClass | undefined {
    const [first, ...others] = this.#classes.filter((each) => each.kind === kind);
    for (const other of others)
      refuse(other.node.name.range, `A game has one @${kind} class, and '${first!.name}' is it already.`);
    return first;
  }
}

function isGameEntry(source: Source): boolean {
  return source.sourceKind === SourceKind.UserEntry && !source.internalPath.startsWith("~lib/");
}

/** Finds the one `const world = arena<World>()`, and makes it the address of the state region. */
function findArena(
  parser: Parser,
  classes: readonly DeclaredClass[],
  refuse: Refuse,
  bytes: number | undefined,
): Arena | undefined {
  const address = bytes === undefined ? "0" : `memory.data(${bytes}, ${ARENA_ALIGN})`;
  let arena: Arena | undefined;
  for (const source of parser.sources) {
    for (const variable of variables(source)) {
      const call = variable.initializer as CallExpression | null;
      if (call?.kind !== NodeKind.Call || text(call.expression) !== "arena") continue;
      const type = call.typeArguments?.[0] as NamedTypeNode | undefined;
      const root = type === undefined ? "" : text(type);
      const marked = classes.some((each) => each.name === root && each.kind === "state");
      const none =
        classes.some((each) => each.name === root) || root === "" ? "" : `, and '${root}' is none: mark it with @state`;
      if (arena !== undefined) refuse(call.range, "A game has one arena<T>(): one root holds the whole state.");
      else if (type === undefined || !marked)
        refuse(call.range, `arena<T>() needs the @state class of the whole state${none || ": arena<World>()"}.`);
      else if (!variable.is(CommonFlags.Const))
        refuse(variable.range, `The state stays where it is: export const ${variable.name.text} = arena<${root}>();`);
      arena ??= { root, type: type ?? call, variable: variable.name.text, source };
      if (!marked) continue;
      const line = source.lineAt(variable.range.start);
      const code = `const x = changetype<${root}>(${address});`;
      variable.initializer = (parseAs(source, line, code)[0] as VariableStatement).declarations[0]!.initializer;
      variable.flags |= CommonFlags.Export;
    }
  }
  return arena;
}

/** The host calls init and step with nothing, and looks at nothing they return. */
function refuseEntry(name: string, element: Element | undefined, entry: Source, refuse: Refuse): void {
  if (element?.kind !== ElementKind.FunctionPrototype) {
    refuse(entry.range.atStart, `No ${name}: a game exports \`function ${name}(): void\`.`);
    return;
  }
  const { signature, name: identifier } = (element as FunctionPrototype).declaration as FunctionDeclaration;
  if (signature.parameters.length > 0 || text(signature.returnType) !== "void")
    refuse(
      identifier.range,
      `${name}() takes nothing and returns nothing: \`export function ${name}(): void\`. Inputs are read with inputOf<T>(player), settings with configOf<T>().`,
    );
}

/** A setting that is not exported would be the default, in silence. */
function refuseHidden(entry: Source, refuse: Refuse): void {
  for (const { name, flags } of variables(entry)) {
    if (SETTINGS.includes(name.text) && !(flags & CommonFlags.Export))
      refuse(
        name.range,
        `'${name.text}' is a setting of the game only when it is exported: export const ${name.text}.`,
      );
  }
}

function variables(source: Source): VariableDeclaration[] {
  return source.statements.flatMap((statement) =>
    statement.kind === NodeKind.Variable ? (statement as VariableStatement).declarations : [],
  );
}
