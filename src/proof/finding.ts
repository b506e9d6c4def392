// What the proof finds: which rule is broken, where, and what to do about it.
export const RULES = [
  "malformed",
  "import",
  "memory",
  "threads",
  "exceptions",
  "garbage-collection",
  "opcode",
  "relaxed-simd",
  "float",
  "disputed",
  "indirect-call",
  "recursion",
  "stack",
  "mutable-global",
  "hidden-state",
  "start",
  "export",
] as const;

export type Rule = (typeof RULES)[number];

export interface Finding {
  readonly rule: Rule;
  /** What is wrong and what to do about it. */
  readonly message: string;
  /** The function's name, or its index where the module has no names. */
  readonly function?: string;
  /** Of the instruction and of the function's body: bytes from the start of the module, as in its source map. */
  readonly offset?: number;
  readonly bodyOffset?: number;
}

export type Find = (finding: Finding) => void;

const NAME_LENGTH_MAX = 120;

/** A stranger's name, fit for a terminal. */
export function printable(name: string): string {
  const short = name.length > NAME_LENGTH_MAX ? `${name.slice(0, NAME_LENGTH_MAX)}…` : name;
  return short.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "?");
}
