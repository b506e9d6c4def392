// The layout of a compiled game: generated constants make the compiler compute every offset, and become the schema.
import type {
  CallExpression,
  ClassPrototype,
  Element,
  NamedTypeNode,
  Node,
  Program,
  Source,
  TypeDefinition,
  TypeNode,
} from "assemblyscript";
import binaryen from "assemblyscript/binaryen";
import { type Field, isScalar, type Schema, type SchemaClass } from "../simulation/schema.js";
import { cannotLive, type DeclaredClass, type DeclaredField, type Refuse, text } from "./classes.js";
import { ElementKind } from "./compiler.js";
import { staticPages } from "./memory.js";
import { wholeMemory } from "./whole-memory.js";

/** The path of the generated source. An entry, so that it is compiled whether or not the game uses a class. */
export const LAYOUT_SOURCE = "samestep-layout";

const REGIONS = ["config", "inputs", "events", "trap", "phaseCell"];
const SIZES = ["CONFIG_HEADER", "INPUT_HEADER", "PLAYERS_MAX", "EVENTS_BYTES", "TRAP_BYTES", "PHASE_BYTES"];

/** What a game has that exports no such constant, and what it may ask for. */
const FRAMES_PER_SECOND = { otherwise: 60, min: 1, max: 240 };
const PLAYERS_MIN = { otherwise: 1, min: 1, max: 16 };
const PLAYERS_MAX = { otherwise: 8, min: 1, max: 16 };
const COMMANDS = { otherwise: 0, min: 0, max: 1 };
/** 16 MiB, all of which a rollback copies. */
const MEMORY_PAGES_MAX = 256;
const PAGE_BYTES = 65536;
/** The length of an input is a u16 on the wire, and a sequencer keeps many: a page is a long list of commands. */
const INPUT_BYTES_MAX = 4096;
/** A larger state could not be copied many times a frame; and with objects up to 2 KB no size overflows an i32. */
const COUNT_MAX = 1 << 20;
const FIXED_SCALE = 65536;

export interface Arena {
  readonly root: string;
  /** Where the author names the root. */
  readonly type: Node;
  readonly variable: string;
  readonly source: Source;
}

export interface Compiled {
  readonly module: binaryen.Module;
  readonly program: Program;
  readonly classes: readonly DeclaredClass[];
  /** A managed game may do without. */
  readonly arena: Arena | undefined;
  readonly managed: boolean;
  readonly entry: Source;
  readonly refuse: Refuse;
}

/** What of a game places the regions in memory, in bytes. */
export interface Sizes {
  readonly state: number;
  readonly input: number;
  readonly config: number;
  /** Input cells: eight, or more for a game that says so. */
  readonly players: number;
  /** Of a managed game. */
  readonly globals: number;
}

export interface Layout {
  readonly schema: Schema;
  readonly pages: number;
}

/** Exported constants for all that the schema says and only the compiler knows. */
export function layoutSource(
  classes: readonly DeclaredClass[],
  arena: Arena | undefined,
  regions: Source,
  globalsBytes: number | undefined,
): string {
  const lines = [importing([...REGIONS, ...SIZES], regions)];
  if (arena !== undefined) lines.push(importing([arena.variable], arena.source));
  for (const each of classes) lines.push(importing([each.name], each.source));
  const constant = (name: string, value: string) => lines.push(`export const ${name}: i32 = <i32>${value};`);
  for (const name of [...REGIONS, ...SIZES]) constant(name, `_${name}`);
  constant("state", arena === undefined ? "0" : `changetype<usize>(_${arena.variable})`);
  if (globalsBytes !== undefined) constant("globals", `memory.data(${Math.max(globalsBytes, 16)}, 16)`);
  for (const { name, fields } of classes) {
    constant(`${name}$bytes`, `_${name}.$bytes`);
    constant(`${name}$size`, `_${name}.$size`);
    for (const field of fields) {
      if (field.form === "scalar") continue;
      constant(`${name}$at$${field.name}`, `_${name}.$at_${field.name}`);
      if (field.form !== "nested") constant(`${name}$count$${field.name}`, `_${name}.$count_${field.name}`);
    }
  }
  return lines.join("\n");
}

function importing(names: readonly string[], source: Source): string {
  const path = source.internalPath.startsWith("~lib/") ? source.internalPath : `./${source.internalPath}`;
  return `import { ${names.map((name) => `${name} as _${name}`).join(", ")} } from "${path}";`;
}

/** Reads the constants back out of the module, removes them from it, and says what they mean. */
export function readLayout(compiled: Compiled, globalsBytes: number): Layout {
  const { module, classes, arena, managed, entry, refuse } = compiled;
  const value = (name: string) => globalValue(module, `${LAYOUT_SOURCE}/${name}`)!;
  const setting = (name: string, bounds: { otherwise: number; min: number; max: number }) => {
    const exported = module.getExport(name);
    if (!exported) return bounds.otherwise;
    const found = globalValue(module, binaryen.getExportInfo(exported).value);
    if (found !== undefined && found >= bounds.min && found <= bounds.max) return found;
    refuse(
      entry.range.atStart,
      `${name} is a whole number from ${bounds.min} to ${bounds.max}: export const ${name} = ${bounds.otherwise};`,
    );
    return bounds.otherwise;
  };
  const input = classes.find((each) => each.kind === "input")!;
  const config = classes.find((each) => each.kind === "config");
  const bytesMax = value(`${input.name}$size`);
  if (bytesMax > INPUT_BYTES_MAX)
    refuse(
      input.node.name.range,
      `@input class '${input.name}' has ${bytesMax} bytes; an input has at most ${INPUT_BYTES_MAX}.`,
    );
  const players = { min: setting("playersMin", PLAYERS_MIN), max: setting("playersMax", PLAYERS_MAX) };
  if (players.min > players.max) refuse(entry.range.atStart, "playersMin is above playersMax.");
  const schema: Schema = {
    format: 1,
    kind: "arena",
    framesPerSecond: setting("framesPerSecond", FRAMES_PER_SECOND),
    players,
    root: arena?.root ?? "",
    input: input.name,
    ...(setting("commands", COMMANDS) === 1 && { commands: true }),
    ...(config && { config: config.name }),
    regions: {
      state: { address: value("state"), size: arena === undefined ? 0 : value(`${arena.root}$size`) },
      config: { address: value("config"), size: value("CONFIG_HEADER") + (config ? value(`${config.name}$size`) : 0) },
      inputs: {
        address: value("inputs"),
        players: value("PLAYERS_MAX"),
        stride: value("INPUT_HEADER") + bytesMax,
        bytesMax,
      },
      events: { address: value("events"), size: value("EVENTS_BYTES") },
      trap: { address: value("trap"), size: value("TRAP_BYTES") },
      phase: { address: value("phaseCell"), size: value("PHASE_BYTES") },
      ...(managed && { globals: { address: value("globals"), size: globalsBytes } }),
    },
    classes: Object.fromEntries(classes.map((each, id) => [each.name, readClass(each, id, compiled, value)])),
  };
  const least = staticPages(module);
  // A page for objects, beside what lies there from the start.
  const pages = managed ? setting("memoryPages", { otherwise: least + 1, min: least, max: MEMORY_PAGES_MAX }) : least;
  if (!managed && module.getExport("memoryPages"))
    refuse(
      entry.range.atStart,
      "memoryPages is for managed games, built with --runtime: the memory of any other is as large as its state needs.",
    );
  removeConstants(module);
  return { schema: managed ? wholeMemory(schema, pages * PAGE_BYTES) : schema, pages };
}

/** What the first compilation measures. */
export function sizesOf({ module, classes, arena }: Compiled, globals: number): Sizes {
  const bytes = (name: string | undefined) =>
    name === undefined ? 0 : globalValue(module, `${LAYOUT_SOURCE}/${name}$size`)!;
  const named = (kind: DeclaredClass["kind"]) => classes.find((each) => each.kind === kind)?.name;
  const most = module.getExport("playersMax");
  const players = most === 0 ? undefined : globalValue(module, binaryen.getExportInfo(most).value);
  return {
    ...{ state: bytes(arena?.root), input: bytes(named("input")), config: bytes(named("config")), globals },
    players: Math.min(PLAYERS_MAX.max, Math.max(PLAYERS_MAX.otherwise, players ?? 0)),
  };
}

function readClass(
  declared: DeclaredClass,
  id: number,
  compiled: Compiled,
  value: (name: string) => number,
): SchemaClass {
  const { name, kind } = declared;
  const prototype = findPrototype(compiled.program, declared);
  const fields: Field[] = [];
  for (const field of declared.fields) {
    const offset =
      field.form === "scalar"
        ? scalarOffset(compiled.program, prototype, field.name)
        : value(`${name}$at$${field.name}`);
    const count =
      field.form === "slots" || field.form === "numbers" ? countOf(declared, field, compiled, value) : undefined;
    const counted = count === undefined ? {} : { count };
    if (field.form === "nested" || field.form === "slots")
      fields.push({ name: field.name, offset, type: field.type, kind: "nested", ...counted });
    else
      fields.push({
        name: field.name,
        offset,
        ...numberType(declared, field, prototype, compiled),
        kind: "number",
        ...counted,
      });
  }
  fields.sort((a, b) => a.offset - b.offset);
  return { kind, id, size: value(`${name}$size`), bytes: value(`${name}$bytes`), fields };
}

function countOf(
  { name }: DeclaredClass,
  field: DeclaredField,
  { refuse }: Compiled,
  value: (name: string) => number | undefined,
): number {
  const count = value(`${name}$count$${field.name}`);
  const { range } = (field.node.initializer as CallExpression).args[0]!;
  if (count === undefined)
    refuse(
      range,
      `The length of '${name}.${field.name}' is a compile-time constant: numbers, other constants and operators.`,
    );
  else if (count < 1 || count > COUNT_MAX)
    refuse(range, `'${name}.${field.name}' has ${count} elements; an array has from 1 to ${COUNT_MAX}.`);
  return count ?? 0;
}

function findPrototype(program: Program, declared: DeclaredClass): ClassPrototype {
  for (const element of program.elementsByName.values()) {
    if ((element as ClassPrototype).declaration === declared.node && element.kind === ElementKind.ClassPrototype)
      return element as ClassPrototype;
  }
  throw new Error(`the compiler lost the class ${declared.name}`);
}

function scalarOffset(program: Program, prototype: ClassPrototype, field: string): number {
  const member = program.resolver.resolveClass(prototype, null)!.members!.get(field)!;
  const property = (member as Element & { instance?: { memoryOffset: number } }).instance!;
  return property.memoryOffset;
}

function numberType(
  owner: DeclaredClass,
  field: DeclaredField,
  prototype: ClassPrototype,
  { program, refuse }: Compiled,
): { type: string; scale?: number; bool?: true } {
  const written = field.node.type as NamedTypeNode;
  const node = field.form === "numbers" ? written.typeArguments![0]! : written;
  const type = program.resolver.resolveType(node, null, prototype)?.toString() ?? "";
  if (!isScalar(type)) refuse(node.range, cannotLive(`${owner.name}.${field.name}`, text(node)));
  if (type === "bool") return { type, bool: true };
  return isFixed(node, prototype) ? { type, scale: FIXED_SCALE } : { type };
}

/** Follows aliases of aliases until one is the SDK's `fixed`. */
function isFixed(node: TypeNode, from: Element): boolean {
  const named = node as NamedTypeNode;
  const found = from.lookup(named.name.identifier.text, true);
  if (found?.kind !== ElementKind.TypeDefinition) return false;
  if (/(^|\/)assembly\/sdk\/fixed\/fixed$/.test(found.internalName)) return true;
  return isFixed((found as TypeDefinition).typeNode, found);
}

function globalValue(module: binaryen.Module, name: string): number | undefined {
  const global = module.getGlobal(name);
  if (!global) return undefined;
  const { mutable, init } = binaryen.getGlobalInfo(global);
  if (mutable || !init) return undefined;
  const value = (binaryen.getExpressionInfo(init) as { value?: unknown }).value;
  return typeof value === "number" && Number.isInteger(value) ? value : undefined;
}

function removeConstants(module: binaryen.Module): void {
  const exports = Array.from({ length: module.getNumExports() }, (_, i) =>
    binaryen.getExportInfo(module.getExportByIndex(i)),
  );
  for (const { name, value } of exports) {
    if (!value.startsWith(`${LAYOUT_SOURCE}/`)) continue;
    module.removeExport(name);
    module.removeGlobal(value);
  }
}
