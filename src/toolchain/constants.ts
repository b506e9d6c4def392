// The game's module-level constants: `fx` made foldable in them, and those that are worked out too late for a game.
import {
  type CallExpression,
  type Element,
  type Expression,
  type File,
  type Global,
  type IdentifierExpression,
  Node,
  type Program,
  type PropertyAccessExpression,
  type VariableStatement,
} from "assemblyscript";
import binaryen from "assemblyscript/binaryen";
import { parseAs } from "./classes.js";
import { CommonFlags, ElementKind, NodeKind } from "./compiler.js";
import type { Place } from "./source-map.js";

/** What `fx` does, as one expression. The compiler folds that outside of functions, where it calls `fx` when the module loads. */
const FX = "const x = <i32>f64.nearest(<f64>value * 65536.0);";

/** Puts the body of the SDK's `fx` where it is called outside of functions: constants, static fields, enums, tables. */
export function expandFx(program: Program, sdk: string): void {
  const fx = program.elementsByName.get(`${sdk}fixed/fx`);
  for (const file of program.filesByName.values()) {
    const expand = (call: CallExpression) => {
      const [value] = call.args;
      if (value === undefined || call.args.length > 1 || called(file, call.expression) !== fx) return call;
      const line = file.source.lineAt(call.range.start);
      const [statement] = parseAs(file.source, line, FX);
      const body = (statement as VariableStatement).declarations[0]!.initializer!;
      return replaced(body, (node) => (isNamed(node, "value") ? value : node));
    };
    for (const statement of file.source.statements)
      replaced(statement, (node) => (node.kind === NodeKind.Call ? expand(node as CallExpression) : node));
  }
}

/** The constants outside of functions that the compiler could not fold: code computes them when the module loads. By internal name. */
export function lateConstants(program: Program, module: binaryen.Module): Map<string, Place> {
  const late = new Map<string, Place>();
  for (const [name, element] of program.elementsByName) {
    const constant = element.is(CommonFlags.Const) || element.is(CommonFlags.Static | CommonFlags.Readonly);
    if (element.kind !== ElementKind.Global || !constant || name.startsWith("~lib/")) continue;
    const global = module.getGlobal(name);
    if (!global || !binaryen.getGlobalInfo(global).mutable) continue;
    const { range } = (element as Global).identifierNode;
    const { source } = range;
    const line = source.lineAt(range.start);
    late.set(name, { file: source.normalizedPath, line, column: source.columnAt() });
  }
  return late;
}

/** Visits what is computed when the module loads, innermost first, and puts in each node's place what `change` makes of it. */
function replaced(node: Node, change: (node: Node) => Node): Node {
  if (node.kind === NodeKind.Function || node.kind === NodeKind.FunctionDeclaration) return node;
  if (node.kind === NodeKind.MethodDeclaration) return node;
  const children = node as unknown as Record<string, unknown>;
  for (const [name, child] of Object.entries(children)) {
    if (Array.isArray(child))
      children[name] = child.map((each) => (each instanceof Node ? replaced(each, change) : each));
    else if (child instanceof Node) children[name] = replaced(child, change);
  }
  return change(node);
}

function isNamed(node: Node, name: string): boolean {
  return node.kind === NodeKind.Identifier && (node as IdentifierExpression).text === name;
}

/** The function that `name(…)` or `namespace.name(…)` calls. */
function called(file: File, expression: Expression): Element | null {
  if (expression.kind === NodeKind.Identifier) return file.lookup((expression as IdentifierExpression).text);
  if (expression.kind !== NodeKind.PropertyAccess) return null;
  const { expression: left, property } = expression as PropertyAccessExpression;
  return called(file, left)?.getMember(property.text) ?? null;
}
