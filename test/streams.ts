// What a command writes, kept for a test to read.
import type { Io } from "../src/cli/io.js";

export function streams(): Io & { text(): string; errors(): string } {
  const out: string[] = [];
  const err: string[] = [];
  return {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    text: () => out.join("\n"),
    errors: () => err.join("\n"),
  };
}
