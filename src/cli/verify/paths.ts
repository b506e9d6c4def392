// The replays that are meant: files as they are named, of a directory every replay below it, of a pattern those that match.
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, sep } from "node:path";

const WILD = /[*?{]/;

/**
 * Paths of files, in the order of the arguments; below a directory sorted, the same on every machine. What cannot be
 * listed stands for itself, and so does a directory or a pattern without a replay: who tries to read it says what is wrong.
 */
export async function replaysOf(paths: string[]): Promise<string[]> {
  const found = await Promise.all(
    paths.map((path) => (isPattern(path) ? replaysLike(path) : replaysBelow(path)).catch(() => [])),
  );
  return paths.flatMap((path, i) => (found[i]!.length > 0 ? found[i]! : [path]));
}

/** A file may be called like a pattern; then the file is meant. */
export function isPattern(path: string): boolean {
  return WILD.test(path) && !existsSync(path);
}

async function replaysBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => !entry.isDirectory() && entry.name.endsWith(".replay"));
  return files.map((entry) => join(entry.parentPath, entry.name)).sort();
}

/** A shell expands a pattern itself, unless it is quoted, in a script of package.json, or the shell knows no `**`. */
async function replaysLike(pattern: string): Promise<string[]> {
  const parts = pattern.replaceAll("\\", "/").split("/");
  const fixed = parts.slice(
    0,
    parts.findIndex((part) => WILD.test(part)),
  );
  const matches = patternOf(parts.slice(fixed.length));
  const base = fixed.length === 0 ? "." : `${fixed.join("/")}/`;
  const below = join(base, sep);
  return (await replaysBelow(base)).filter((path) =>
    matches.test((base === "." ? path : path.slice(below.length)).replaceAll(sep, "/")),
  );
}

/** As shells do it: `*` and `?` stay within a name, `**` are any directories, and neither sees what begins with a dot. */
function patternOf(parts: string[]): RegExp {
  const last = parts.length - 1;
  const sources = parts.map((part, i) => {
    if (part === "**") return i === last ? "(?:(?!\\.)[^/]+/)*(?!\\.)[^/]+" : "(?:(?!\\.)[^/]+/)*";
    return `${nameSource(part)}${i === last ? "" : "/"}`;
  });
  return new RegExp(`^${sources.join("")}$`);
}

function nameSource(part: string): string {
  const source = part.replace(/[\\^$+.()|[\]]/g, "\\$&").replace(/[*?]/g, (wild) => (wild === "*" ? "[^/]*" : "[^/]"));
  const choices = source.replace(/\{([^{}]*)\}/g, (_, list: string) => `(?:${list.replaceAll(",", "|")})`);
  return /^[*?]/.test(part) ? `(?!\\.)${choices}` : choices;
}
