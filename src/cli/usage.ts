// Reading a command's arguments: wrong ones get one clear line, the likely word that was meant, and how to get help.
import { type ParseArgsConfig, parseArgs } from "node:util";
import { Exit, type Io } from "./io.js";
import { reasonOf } from "./reasons.js";

export type Options = NonNullable<ParseArgsConfig["options"]>;

type Parsed<O extends Options> = ReturnType<typeof parseArgs<{ options: O; allowPositionals: true }>>;

/** The arguments, or the exit code when the command is over already: help was asked for, or the usage is wrong. */
export function readArgs<const O extends Options>(
  args: string[],
  io: Io,
  command: { name: string; help: string; options: O },
): Parsed<O> | number {
  const options = { ...command.options, help: { type: "boolean", short: "h" } } as const;
  try {
    const parsed = parseArgs({ args, options, allowPositionals: true });
    if (!(parsed.values as { help?: boolean }).help) return parsed as unknown as Parsed<O>;
    io.out(command.help);
    return Exit.ok;
  } catch (error) {
    const text = reasonOf(error).split(". To specify")[0]!.replaceAll("\n", " ");
    const unknown = /Unknown option '(-[^']*)'/.exec(text)?.[1];
    const meant = unknown && nearest(unknown.replace(/^-+/, ""), Object.keys(options));
    io.err(`samestep ${command.name}: ${text}${meant ? ` (did you mean --${meant}?)` : ""}`);
    return wrong(io, command.name);
  }
}

/** Says where to find help; answers the exit code for wrong usage. */
export function wrong(io: Io, command: string, message?: string): number {
  if (message !== undefined) io.err(`samestep ${command}: ${message}`);
  io.err(`See: samestep ${command} --help`);
  return Exit.usage;
}

/** A whole number in [min, max] from an option's text; undefined when it is none. */
export function wholeNumber(text: string, min: number, max: number): number | undefined {
  const value = Number(text);
  return Number.isInteger(value) && value >= min && value <= max && text.trim() !== "" ? value : undefined;
}

/** The word of the list that is at most two letters away, if there is one. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const ranked = words.map((other) => ({ other, away: editDistance(word, other) })).sort((a, b) => a.away - b.away);
  return ranked[0] !== undefined && ranked[0].away <= 2 ? ranked[0].other : undefined;
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
