// A directory with all that leads to it: Node's recursive mkdir never ends in /proc, where each new name is "no such file".
import { mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/** @throws what Node's mkdir throws: EEXIST or ENOTDIR where a file is in the way, EACCES, EROFS, ENOENT in /proc. */
export async function makeDirectory(path: string): Promise<void> {
  const missing: string[] = [];
  let at = resolve(path);
  while (!(await isDirectory(at)) && dirname(at) !== at) {
    missing.unshift(at);
    at = dirname(at);
  }
  for (const each of missing) await make(each);
}

async function make(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (!(await isDirectory(path))) throw error; // else somebody else was as quick
  }
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
