// The TypeScript declarations of a game's classes, written from its schema.
import type { Field, Schema, SchemaClass } from "../simulation/schema.js";

const NUMBERS = `/** Numbers side by side in the state. \`at\` throws outside of it. */
export interface Numbers<T> extends Iterable<T> {
  readonly length: number;
  at(index: number): T;
}
`;

/** The text of a `.d.ts`: one interface for each class, and `Game`, which says which of them is what. */
export function gameTypes(schema: Schema): string {
  const classes = Object.entries(schema.classes);
  const events = classes.filter(([, { kind }]) => kind === "event").map(([name]) => name);
  const interfaces = classes.map(([name, each]) => interfaceOf(name, each));
  const game = [
    "export interface Game {",
    `  readonly state: ${schema.root};`,
    `  readonly input: ${schema.input};`,
    `  readonly config: ${schema.config ?? "Record<string, never>"};`,
    `  readonly event: ${events.join(" | ") || "never"};`,
    "}",
    "",
  ];
  const used = interfaces.some((text) => text.includes(": Numbers<")) ? [NUMBERS] : [];
  return [
    "// Written by samestep build from the game's classes. Change them there.\n",
    ...used,
    ...interfaces,
    game.join("\n"),
  ].join("\n");
}

function interfaceOf(name: string, { kind, fields }: SchemaClass): string {
  const lines = fields.map((field) => `  readonly ${field.name}: ${typeOf(field, kind === "state")};`);
  if (kind === "event") lines.unshift(`  readonly type: "${name}";`);
  return [`export interface ${name} {`, ...lines, "}", ""].join("\n");
}

const TUPLE_MAX = 8;

function typeOf({ type, kind, count, bool }: Field, live: boolean): string {
  const one = kind === "nested" ? type : bool ? "boolean" : type === "i64" || type === "u64" ? "bigint" : "number";
  if (count === undefined) return one;
  // A view of the state reads numbers where they lie; everything else is a plain object with plain arrays.
  if (kind === "number" && live) return `Numbers<${one}>`;
  // A short array is a tuple, so that its elements are known to be there.
  return count <= TUPLE_MAX ? `readonly [${new Array(count).fill(one).join(", ")}]` : `readonly ${one}[]`;
}
