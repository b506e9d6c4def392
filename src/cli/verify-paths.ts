// The replays that are meant: files as they are named, and of a directory every replay below it.
import { readdir } from "node:fs/promises";
import { join } from "node:path";

/**
 * Paths of files, in the order of the arguments; below a directory sorted, the same on every machine. What cannot be
 * listed stands for itself, and so does a directory without a replay: who tries to read it says what is wrong.
 */
export async function replaysOf(paths: string[]): Promise<string[]> {
  const found = await Promise.all(paths.map((path) => replaysBelow(path).catch(() => [])));
  return paths.flatMap((path, i) => (found[i]!.length > 0 ? found[i]! : [path]));
}

async function replaysBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => !entry.isDirectory() && entry.name.endsWith(".replay"));
  return files.map((entry) => join(entry.parentPath, entry.name)).sort();
}
