// How a game's functions use its marked classes: mistakes that would compile, or be told in words that do not help.
import {
  type CallExpression,
  type ClassDeclaration,
  type DecoratorNode,
  type IdentifierExpression,
  type ImportStatement,
  type NewExpression,
  Node,
  type Parser,
  type Source,
} from "assemblyscript";
import type { ClassKind } from "../simulation/schema.js";
import { type DeclaredClass, KINDS, type Refuse, text } from "./classes.js";
import { DecoratorKind, NodeKind } from "./compiler.js";
import { refuseArrayWrites } from "./constant-arrays.js";
import type { Arena } from "./layout.js";

/** What each function of the SDK sees or makes. */
const TAKES: Readonly<Record<string, ClassKind>> = { inputOf: "input", configOf: "config", emit: "event" };

/** Refuses what the author wrote and cannot mean. A managed game's arrays may change: all of its memory is its state. */
export function refuseMisuse(
  parser: Parser,
  classes: readonly DeclaredClass[],
  arena: Arena | undefined,
  managed: boolean,
  refuse: Refuse,
): void {
  const byName = new Map(classes.map((each) => [each.name, each]));
  for (const { source, fields } of classes)
    for (const { type, node } of fields) if (byName.has(type)) refuseUnknown(type, node.type!, source, refuse);
  if (arena && byName.has(arena.root)) refuseUnknown(arena.root, arena.type, arena.source, refuse);
  const sources = authored(parser);
  for (const source of sources) {
    if (!managed) refuseArrayWrites(source, sources, within, refuse);
    for (const node of within(source)) {
      if (node.kind === NodeKind.New) refuseNew(node as NewExpression, byName, refuse);
      else if (node.kind === NodeKind.Call) refuseCall(node as CallExpression, byName, refuse);
    }
  }
}

/** Refuses a mark that is misspelled, or that stands where none counts. */
export function refuseMarks(parser: Parser, refuse: Refuse): void {
  for (const source of authored(parser)) {
    const classes = source.statements.filter((each) => each.kind === NodeKind.ClassDeclaration) as ClassDeclaration[];
    const counting = new Set<Node>(classes.flatMap((each) => each.decorators ?? []));
    for (const node of within(source))
      if (node.kind === NodeKind.Decorator) refuseMark(node as DecoratorNode, counting.has(node), refuse);
  }
}

function authored(parser: Parser): Source[] {
  return parser.sources.filter((source) => !source.internalPath.startsWith("~lib/"));
}

/** Refuses a class that a file names and neither declares nor imports. The compiler would point at generated code instead. */
function refuseUnknown(name: string, at: Node, source: Source, refuse: Refuse): void {
  const known = source.statements.some((statement) => {
    if (statement.kind === NodeKind.Import)
      return (statement as ImportStatement).declarations?.some((each) => each.name.text === name);
    return statement.kind === NodeKind.ClassDeclaration && (statement as ClassDeclaration).name.text === name;
  });
  if (!known) refuse(at.range, `'${name}' is not known in this file: import it, and export it where it is declared.`);
}

function refuseMark(mark: DecoratorNode, counts: boolean, refuse: Refuse): void {
  // The others are the compiler's own: @inline, @unmanaged.
  if (mark.decoratorKind !== DecoratorKind.Custom) return;
  const name = (mark.name as IdentifierExpression).text;
  if (!(KINDS as readonly string[]).includes(name))
    refuse(mark.range, `'@${name}' means nothing here. The marks of a class are @${KINDS.join(", @")}.`);
  else if (!counts)
    refuse(mark.range, `@${name} marks a class that stands by itself in a file: no function, interface or namespace.`);
}

function refuseNew(made: NewExpression, byName: ReadonlyMap<string, DeclaredClass>, refuse: Refuse): void {
  const name = made.typeName.identifier.text;
  const declared = byName.get(name);
  if (declared === undefined) return;
  const instead =
    declared.kind === "event"
      ? `Make it with emit<${name}>().`
      : `Use the one in a field of the state, or pass its numbers on by themselves.`;
  refuse(made.range, `'${name}' is never made with new: a @${declared.kind} class lies in place. ${instead}`);
}

function refuseCall(call: CallExpression, byName: ReadonlyMap<string, DeclaredClass>, refuse: Refuse): void {
  if (call.expression.kind !== NodeKind.Identifier) return;
  const called = (call.expression as IdentifierExpression).text;
  if (called === "fx") refuseRange(call, refuse);
  const kind = Object.hasOwn(TAKES, called) ? TAKES[called] : undefined;
  const type = call.typeArguments?.[0];
  if (kind === undefined || type === undefined) return;
  const declared = byName.get(text(type));
  if (declared !== undefined && declared.kind !== kind)
    refuse(type.range, `${called}<T>() takes the @${kind} class, and '${declared.name}' is a @${declared.kind} class.`);
}

/** A number too large for a fixed would become the largest there is. */
function refuseRange(call: CallExpression, refuse: Refuse): void {
  const [value] = call.args;
  const number = value === undefined ? Number.NaN : Number(text(value).replaceAll("_", ""));
  if (number < -32768 || number >= 32768)
    refuse(value!.range, `${number} does not fit: a fixed goes from -32768 to 32767.99998.`);
}

function* within(node: Node): Generator<Node> {
  yield node;
  for (const child of Object.values(node).flat()) if (child instanceof Node) yield* within(child);
}
