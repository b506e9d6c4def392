// Numbers with their nouns, as a person would say them.

/** `1 field`, `1,500 fields`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}
