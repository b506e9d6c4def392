// Arrays that a game declares outside of its functions are constants: whoever wrote to one would write outside the state.
import type {
  BinaryExpression,
  ClassDeclaration,
  ElementAccessExpression,
  FunctionDeclaration,
  ImportStatement,
  Node,
  Source,
  UnaryExpression,
  VariableStatement,
} from "assemblyscript";
import { type Refuse, text } from "./classes.js";
import { CommonFlags, NodeKind, Token } from "./compiler.js";

/** Refuses an assignment to an element of one, in whatever file it stands. */
export function refuseArrayWrites(
  source: Source,
  sources: readonly Source[],
  within: (node: Node) => Iterable<Node>,
  refuse: Refuse,
): void {
  const known = arraysIn(source);
  for (const name of importedArrays(source, sources)) known.add(name);
  for (const statement of source.statements) {
    for (const { node, names } of scoped(statement, known, within)) {
      const written = writtenBy(node);
      if (written?.kind !== NodeKind.ElementAccess) continue;
      const array = text((written as ElementAccessExpression).expression);
      if (names.has(array))
        refuse(
          written.range,
          `'${array}' lies outside the state, so a rollback would not restore its elements. Keep what changes in the state: Numbers<T> in a @state class.`,
        );
    }
  }
}

/** Variables of the file by their names, static fields as `Class.field`. */
function arraysIn(source: Source): Set<string> {
  const names = new Set<string>();
  for (const statement of source.statements) {
    if (statement.kind === NodeKind.Variable)
      for (const { name } of (statement as VariableStatement).declarations) names.add(name.text);
    if (statement.kind !== NodeKind.ClassDeclaration) continue;
    const { name, members } = statement as ClassDeclaration;
    for (const member of members) if (member.is(CommonFlags.Static)) names.add(`${name.text}.${member.name.text}`);
  }
  return names;
}

function importedArrays(source: Source, sources: readonly Source[]): string[] {
  return source.statements.flatMap((statement) => {
    if (statement.kind !== NodeKind.Import) return [];
    const { declarations, internalPath } = statement as ImportStatement;
    const from = sources.find(
      (each) => each.internalPath === internalPath || `${each.internalPath}/index` === internalPath,
    );
    if (from === undefined) return [];
    const there = arraysIn(from);
    return (declarations ?? []).flatMap(({ name, foreignName }) =>
      [...there]
        .filter((each) => each === foreignName.text || each.startsWith(`${foreignName.text}.`))
        .map((each) => name.text + each.slice(foreignName.text.length)),
    );
  });
}

/** The nodes of a statement, each with the names that no parameter and no variable of its function hides. */
function scoped(
  statement: Node,
  known: ReadonlySet<string>,
  within: (node: Node) => Iterable<Node>,
): { node: Node; names: ReadonlySet<string> }[] {
  const nodes = [...within(statement)];
  const hidden = new Set<string>();
  for (const node of nodes) {
    if (node.kind === NodeKind.Function || node.kind === NodeKind.FunctionDeclaration)
      for (const { name } of (node as FunctionDeclaration).signature?.parameters ?? []) hidden.add(name.text);
    if (node.kind === NodeKind.Variable && node !== statement)
      for (const { name } of (node as VariableStatement).declarations) hidden.add(name.text);
  }
  const names = new Set([...known].filter((name) => !hidden.has(name.split(".")[0]!)));
  return nodes.map((node) => ({ node, names }));
}

/** What an assignment, `++` or `--` writes to. */
function writtenBy(node: Node): Node | undefined {
  if (node.kind === NodeKind.Binary) {
    const { operator, left } = node as BinaryExpression;
    return operator >= Token.Equals && operator <= Token.Caret_Equals ? left : undefined;
  }
  if (node.kind !== NodeKind.UnaryPrefix && node.kind !== NodeKind.UnaryPostfix) return undefined;
  const { operator, operand } = node as UnaryExpression;
  return operator === Token.Plus_Plus || operator === Token.Minus_Minus ? operand : undefined;
}
