// A game's @state, @input, @event and @config classes: what the author declared, checked, and rewritten to live in place.
import {
  type CallExpression,
  type ClassDeclaration,
  type DeclarationStatement,
  type Expression,
  type FieldDeclaration,
  type IdentifierExpression,
  type NamedTypeNode,
  Node,
  Parser,
  type Range,
  type Source,
  type Statement,
} from "assemblyscript";
import type { ClassKind } from "../simulation/schema.js";
import { CommonFlags, DiagnosticCode, NodeKind } from "./compiler.js";

export const KINDS: readonly ClassKind[] = ["state", "input", "event", "config"];

/** A field as written: a scalar stays a field; the others become getters of a constant offset. */
export interface DeclaredField {
  readonly name: string;
  readonly form: "scalar" | "nested" | "slots" | "numbers";
  /** The type's name as written; of an array, its element's. */
  readonly type: string;
  readonly node: FieldDeclaration;
}

export interface DeclaredClass {
  readonly name: string;
  readonly kind: ClassKind;
  readonly node: ClassDeclaration;
  readonly source: Source;
  readonly fields: DeclaredField[];
}

/** Names the generated types use themselves. */
const RESERVED = ["Game", "Numbers"];

export type Refuse = (range: Range, message: string) => void;

/** Every marked class of every source, the SDK's included, in the order of their names: the index is the class id. */
export function findClasses(parser: Parser): DeclaredClass[] {
  const refuse = refuser(parser);
  const found: DeclaredClass[] = [];
  for (const source of parser.sources) {
    for (const statement of source.statements) {
      if (statement.kind !== NodeKind.ClassDeclaration) continue;
      const node = statement as ClassDeclaration;
      const kinds = KINDS.filter((kind) => decorated(node, kind));
      const kind = kinds[0];
      if (kind === undefined) continue;
      if (kinds.length > 1) refuse(node.name.range, `'${node.name.text}' is one of @${kinds.join(", @")}, not both.`);
      found.push({ name: node.name.text, kind, node, source, fields: [] });
    }
  }
  found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const byName = new Map<string, DeclaredClass>();
  for (const each of found) {
    if (byName.has(each.name))
      refuse(each.node.name.range, `Two classes are called '${each.name}'; the schema tells classes apart by name.`);
    byName.set(each.name, each);
  }
  for (const each of found) readClass(each, byName, refuse);
  for (const each of found) refuseCycles(each, byName, refuse);
  for (const each of found.filter(({ kind }) => kind === "input" || kind === "config")) closeFields(each, found);
  return found;
}

/** The host writes inputs and settings, and no rollback would undo what a game did to them. A state may keep one, and write to it. */
function closeFields(declared: DeclaredClass, classes: readonly DeclaredClass[]): void {
  const isKept = classes.some(({ fields }) => fields.some(({ type }) => type === declared.name));
  if (isKept) return;
  for (const { node } of declared.fields) node.flags |= CommonFlags.Readonly;
}

/** Turns the class into one that lives in place: nested fields become getters, and its size, id and counts become constants. */
export function rewriteClass(declared: DeclaredClass, id: number): void {
  const { name, node, source } = declared;
  const inPlace = declared.fields.filter((field) => field.form !== "scalar");
  let end = `offsetof<${name}>()`;
  let body = "";
  let siblings = "";
  const counts = new Map<string, Expression>();
  for (const field of inPlace) {
    body += `@lazy static readonly $at_${field.name}: usize = (${end} + 7) & ~7;`;
    end = `${name}.$at_${field.name} + `;
    if (field.form === "nested") {
      body += getter(name, field.name, field.type);
      end += `${field.type}.$size`;
    } else {
      const length = `${name}_${field.name}`;
      counts.set(`$count_${field.name}`, (field.node.initializer as CallExpression).args[0]!);
      body += `@lazy static readonly $count_${field.name}: i32 = 0;`;
      siblings += `@unmanaged class ${length} { __length(): i32 { return ${name}.$count_${field.name}; } }`;
      body += getter(name, field.name, `${field.form === "slots" ? "Slots" : "Numbers"}<${field.type}, ${length}>`);
      end += `<usize>${name}.$count_${field.name} * `;
      end += field.form === "slots" ? `${field.type}.$size` : `sizeof<${field.type}>()`;
    }
  }
  body += `@lazy static readonly $bytes: usize = ${end};@lazy static readonly $size: usize = (${name}.$bytes + 7) & ~7;`;
  body += `__size(): i32 { return <i32>${name}.$size; } __id(): i32 { return ${id}; }`;
  const line = source.lineAt(node.range.start);
  const [generated, ...others] = parseAs(source, line, `class ${name} {${body}} ${siblings}`);
  // The author's own expressions, so that the compiler points at them when it cannot read them.
  for (const member of (generated as ClassDeclaration).members)
    if (counts.has(member.name.text)) (member as FieldDeclaration).initializer = counts.get(member.name.text)!;
  const kept = node.members.filter((member) => !inPlace.some((field) => field.node === member));
  node.members = [...kept, ...(generated as ClassDeclaration).members];
  source.statements.push(...others);
  // Exported, so that the generated code beside the game can name it; unmanaged, so that it has no header.
  node.flags |= CommonFlags.Export;
  node.decorators!.push(
    Node.createDecorator(Node.createIdentifierExpression("unmanaged", node.range), null, node.range),
  );
}

/** Parses generated code under a source's own path, at the given line: asc asserts the path, and the source map shows the line. */
export function parseAs(source: Source, line: number, code: string): Statement[] {
  const parser = new Parser([]);
  parser.parseFile("\n".repeat(line - 1) + code, source.normalizedPath, true);
  const failed = parser.diagnostics[0];
  if (failed !== undefined) throw new Error(`generated code does not parse: ${failed.message}\n${code}`);
  return parser.sources[0]!.statements;
}

export function text(node: Node): string {
  return node.range.source.text.substring(node.range.start, node.range.end);
}

/** Reports through the compiler, which adds file, line, column and caret. */
export function refuser(parser: Parser): Refuse {
  return (range, message) => parser.error(DiagnosticCode.User_defined_0, range, message);
}

function decorated(node: DeclarationStatement, name: string): boolean {
  return node.decorators?.some((decorator) => (decorator.name as IdentifierExpression).text === name) ?? false;
}

function readClass(declared: DeclaredClass, byName: ReadonlyMap<string, DeclaredClass>, refuse: Refuse): void {
  const { name, kind, node } = declared;
  if (RESERVED.includes(name))
    refuse(node.name.range, `'${name}' is a name of the generated types: call this class otherwise.`);
  if (node.extendsType)
    refuse(
      node.extendsType.range,
      `@${kind} class '${name}' cannot extend another: give it a field of that class instead.`,
    );
  for (const type of node.implementsTypes ?? [])
    refuse(type.range, `@${kind} class '${name}' cannot implement an interface: no call goes through one.`);
  if (node.typeParameters && node.typeParameters.length > 0)
    refuse(node.name.range, `@${kind} class '${name}' cannot be generic: its layout is one fixed row of bytes.`);
  for (const member of node.members) {
    if (member.is(CommonFlags.Constructor))
      refuse(
        member.range,
        `@${kind} class '${name}' cannot have a constructor: it is never constructed, it lies in place. Set its values in init().`,
      );
    if (member.kind !== NodeKind.FieldDeclaration || member.is(CommonFlags.Static)) continue;
    const field = readField(declared, member as FieldDeclaration, byName, refuse);
    if (field !== undefined) declared.fields.push(field);
  }
  if (declared.fields.length === 0 && !node.extendsType)
    refuse(node.name.range, `@${kind} class '${name}' has no fields.`);
}

function readField(
  owner: DeclaredClass,
  node: FieldDeclaration,
  byName: ReadonlyMap<string, DeclaredClass>,
  refuse: Refuse,
): DeclaredField | undefined {
  const field = `${owner.name}.${node.name.text}`;
  if (owner.kind === "event" && node.name.text === "type")
    refuse(node.name.range, `'${field}': an event tells its class as 'type': call this field otherwise.`);
  const reject = (at: Node, message: string) => {
    refuse(at.range, message);
    return undefined;
  };
  if (!node.type) return reject(node, `'${field}' needs a type: its place in the state depends on it.`);
  if (node.type.kind !== NodeKind.NamedType) return reject(node.type, cannotLive(field, text(node.type)));
  const type = node.type as NamedTypeNode;
  if (type.isNullable)
    return reject(type, `'${field}' cannot be null: it lies in place. Say with a bool beside it whether it counts.`);
  const name = type.name.identifier.text;
  if (name === "Slots" || name === "Numbers") return readArray(field, name, node, type, byName, reject);
  if (node.initializer)
    return reject(
      node.initializer,
      `'${field}' cannot have an initial value here: the state starts as zeros. Set it in init().`,
    );
  if (byName.has(name)) return { name: node.name.text, form: "nested", type: name, node };
  if (type.typeArguments && type.typeArguments.length > 0) return reject(type, cannotLive(field, text(type)));
  return { name: node.name.text, form: "scalar", type: text(type), node };
}

function readArray(
  field: string,
  array: "Slots" | "Numbers",
  node: FieldDeclaration,
  type: NamedTypeNode,
  byName: ReadonlyMap<string, DeclaredClass>,
  reject: (at: Node, message: string) => undefined,
): DeclaredField | undefined {
  const maker = array === "Slots" ? "slots" : "numbers";
  const element = type.typeArguments?.[0];
  if (!element) return reject(type, `'${field}' needs the type of its elements: ${array}<T>.`);
  const elementName = text(element);
  const call = node.initializer as CallExpression | null;
  if (call?.kind !== NodeKind.Call || text(call.expression) !== maker || call.args.length !== 1)
    return reject(node, `'${field}' needs its length: ${array}<${elementName}> = ${maker}<${elementName}>(count).`);
  if (array === "Slots" && !byName.has(elementName))
    return reject(
      element,
      `Slots hold objects of a @state class, and '${elementName}' is none: mark it with @state. Numbers are kept in Numbers<T>.`,
    );
  if (array === "Numbers" && byName.has(elementName))
    return reject(
      element,
      `Numbers hold plain numbers. Objects of '${elementName}' are kept in Slots<${elementName}>.`,
    );
  const made = call.typeArguments?.[0];
  if (made && text(made) !== elementName)
    return reject(made, `'${field}' holds '${elementName}': ${maker}<${elementName}>(count).`);
  return { name: node.name.text, form: maker, type: elementName, node };
}

export function cannotLive(field: string, type: string): string {
  return `'${field}' is a '${type}', which cannot live in the state. What can: numbers, bool, enums, @state classes, Slots and Numbers.`;
}

function refuseCycles(start: DeclaredClass, byName: ReadonlyMap<string, DeclaredClass>, refuse: Refuse): void {
  const seen = new Set<string>();
  const holds = (each: DeclaredClass): boolean =>
    each.fields.some((field) => {
      if (field.type === start.name) return true;
      const inner = byName.get(field.type);
      if (inner === undefined || seen.has(inner.name)) return false;
      seen.add(inner.name);
      return holds(inner);
    });
  if (holds(start))
    refuse(start.node.name.range, `'${start.name}' contains itself, and would never end. Keep an index instead.`);
}

function getter(owner: string, field: string, type: string): string {
  return `get ${field}(): ${type} { return changetype<${type}>(changetype<usize>(this) + ${owner}.$at_${field}); }`;
}
