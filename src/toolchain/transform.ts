// The compiler transform: lays the marked classes out in place, sends assertions to the trap record, and writes the schema section.
import type {
  CallExpression,
  ImportStatement,
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
import { CommonFlags, DiagnosticCategory, DiagnosticCode, NodeKind, SourceKind } from "./compiler.js";
import { type Arena, LAYOUT_SOURCE, layoutSource, readLayout } from "./layout.js";
import { fixMemory } from "./memory.js";

/** The state region begins on a cache line. */
const ARENA_ALIGN = 64;

/** One compilation's transform. */
export class GameTransform {
  #classes: DeclaredClass[] = [];
  #arena: Arena | undefined;
  #entry: Source | undefined;
  #sdk = "";
  #initialized: Program | undefined;

  afterParse(parser: Parser): void {
    const refuse = refuser(parser);
    const entry = parser.sources.find(isGameEntry)!;
    this.#entry = entry;
    const regions = parser.sources.find((source) => /(^|\/)assembly\/sdk\/regions$/.test(source.internalPath));
    if (regions === undefined) {
      refuse(entry.range, "A game imports its state, inputs and events from the SDK, 'samestep/assembly/sdk'.");
      return;
    }
    this.#sdk = regions.internalPath.slice(0, -"regions".length);
    this.#classes = findClasses(parser);
    const input = this.#only("input", refuse);
    const config = this.#only("config", refuse);
    this.#arena = findArena(parser, this.#classes, entry, refuse);
    if (input === undefined) refuse(entry.range, "No input: mark the class of one player's input with @input.");
    if (this.#arena === undefined || input === undefined) return;
    if (parser.diagnostics.some((each) => each.category === DiagnosticCategory.Error)) return;
    for (const [id, each] of this.#classes.entries()) rewriteClass(each, id);
    writeSize(regions, "INPUT_BYTES", input);
    writeSize(regions, "CONFIG_BYTES", config);
    parser.parseFile(layoutSource(this.#classes, this.#arena, regions), `${LAYOUT_SOURCE}.ts`, true);
  }

  afterInitialize(program: Program): void {
    this.#initialized = program;
    const abort = program.elementsByName.get(`${this.#sdk}trap/abort`);
    if (abort) program.elementsByName.set("abort", abort);
    const exported = program.filesByName.get(this.#entry!.internalPath)?.exports;
    for (const name of ["init", "step"]) {
      if (exported?.has(name)) continue;
      const message = `No ${name}: a game exports \`function ${name}(): void\`.`;
      program.error(DiagnosticCode.User_defined_0, this.#entry!.range.atStart, message);
    }
  }

  afterCompile(module: binaryen.Module): void {
    const program = this.#initialized!;
    const refuse: Refuse = (range, message) => program.error(DiagnosticCode.User_defined_0, range, message);
    const schema = readLayout({
      module,
      program,
      classes: this.#classes,
      arena: this.#arena!,
      entry: this.#entry!,
      refuse,
    });
    module.addCustomSection(SCHEMA_SECTION, new TextEncoder().encode(JSON.stringify(schema)));
    fixMemory(module);
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
  entry: Source,
  refuse: Refuse,
): Arena | undefined {
  let arena: Arena | undefined;
  for (const source of parser.sources) {
    for (const variable of variables(source)) {
      const call = variable.initializer as CallExpression | null;
      if (call?.kind !== NodeKind.Call || text(call.expression) !== "arena") continue;
      const type = call.typeArguments?.[0] as NamedTypeNode | undefined;
      const root = type === undefined ? "" : text(type);
      if (arena !== undefined) refuse(call.range, "A game has one arena<T>(): one root holds the whole state.");
      else if (!classes.some((each) => each.name === root && each.kind === "state"))
        refuse(call.range, `arena<T>() needs the @state class of the whole state: arena<World>().`);
      arena ??= { root, variable: variable.name.text, source };
      const line = source.lineAt(variable.range.start);
      const code = `const x = changetype<${root}>(memory.data(<i32>${root}.$size, ${ARENA_ALIGN}));`;
      variable.initializer = (parseAs(source, line, code)[0] as VariableStatement).declarations[0]!.initializer;
      variable.flags |= CommonFlags.Export;
    }
  }
  if (arena === undefined) refuse(entry.range, "No state: declare `export const world = arena<World>();` once.");
  return arena;
}

function variables(source: Source): VariableDeclaration[] {
  return source.statements.flatMap((statement) =>
    statement.kind === NodeKind.Variable ? (statement as VariableStatement).declarations : [],
  );
}

/** Declares, in the SDK's regions, how many bytes the game's class needs there. */
function writeSize(regions: Source, name: string, declared: DeclaredClass | undefined): void {
  if (declared === undefined) {
    regions.statements.unshift(...parseAs(regions, 1, `@lazy const ${name}: i32 = 0;`));
    return;
  }
  const code = `import { ${declared.name} } from "./game"; @lazy const ${name}: i32 = <i32>${declared.name}.$size;`;
  const [imported, size] = parseAs(regions, 1, code);
  (imported as ImportStatement).internalPath = declared.source.internalPath;
  regions.statements.unshift(imported!, size!);
}
