// Our own mistakes: an assert states what must be true, and is kept in production.
export function assert(condition: boolean, law: string): asserts condition {
  if (!condition) throw new Error(`Samestep broke its own law: ${law}. This is a bug in Samestep; please report it.`);
}
