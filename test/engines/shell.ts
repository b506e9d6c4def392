// What the shells of engines offer, each under a name of its own: to read a file, and to say something.
// It is bundled into the scripts that the shells run, which know neither imports nor each other's files.
declare const readFile: ((path: string, kind: "binary") => Uint8Array) | undefined;
declare const os: { readonly file: { readFile(path: string, kind: "binary"): Uint8Array } } | undefined;
declare const print: ((text: string) => void) | undefined;

export function readBytes(path: string): Uint8Array {
  if (typeof readFile === "function") return readFile(path, "binary");
  if (typeof os === "object") return os.file.readFile(path, "binary");
  return (require("node:fs") as typeof import("node:fs")).readFileSync(path);
}

export const say: (text: string) => void = typeof print === "function" ? print : console.log;
