// Files of one directory over HTTP: nothing outside of it, nothing hidden, no listings.
import { createReadStream } from "node:fs";
import { open, realpath } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join, sep } from "node:path";
import { pipeline } from "node:stream/promises";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".webp": "image/webp",
  ".ico": "image/x-icon",
  ".ogg": "audio/ogg",
  ".mp3": "audio/mpeg",
  ".wav": "audio/wav",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
};

/** What every browser asks for, unasked: a page that has none is no error. */
const ICON = "favicon.ico";

/** Path segments that a page never needs: hidden files, the way up, Windows drives and separators. */
const REFUSED = /^\.|[\\:\0]/;

/** The file of a directory that a URL's path names, or undefined when it names none. */
export function relativePath(pathname: string): string | undefined {
  let path: string;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
  if (path.endsWith("/")) path += "index.html";
  const segments = path.split("/").slice(1);
  if (segments.some((segment) => segment === "" || REFUSED.test(segment))) return undefined;
  return join(...segments);
}

/** Answers a GET or HEAD from the directory, with 404 for all that it does not have but an icon. */
export async function serveFile(
  directory: string,
  pathname: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = relativePath(pathname);
  const file = path === undefined ? undefined : await openInside(directory, path);
  if (file === undefined) {
    if (path === ICON) response.writeHead(204).end();
    else response.writeHead(404, { "Content-Type": "text/plain; charset=utf-8" }).end("Not found.\n");
    return;
  }
  const { handle, size, tag } = file;
  const headers = {
    "Content-Type": TYPES[extname(path!).toLowerCase()] ?? "application/octet-stream",
    // Names carry no hash, so a browser asks each time, and mostly hears that nothing has changed.
    "Cache-Control": "no-cache",
    ETag: tag,
    "X-Content-Type-Options": "nosniff",
  };
  const known = request.headers["if-none-match"] === tag;
  if (known || request.method === "HEAD") {
    await handle.close();
    response.writeHead(known ? 304 : 200, known ? headers : { ...headers, "Content-Length": size }).end();
    return;
  }
  response.writeHead(200, { ...headers, "Content-Length": size });
  // A reader who goes away in the middle is nobody's error.
  await pipeline(createReadStream("", { fd: handle, end: Math.max(0, size - 1) }), response).catch(() => {});
}

// The real path is what counts: a link out of the directory leads nowhere.
async function openInside(directory: string, path: string) {
  try {
    const root = await realpath(directory);
    const real = await realpath(join(root, path));
    if (!real.startsWith(root + sep)) return undefined;
    const handle = await open(real, "r");
    const stats = await handle.stat();
    if (stats.isFile()) return { handle, size: stats.size, tag: `"${stats.size}-${Math.trunc(stats.mtimeMs)}"` };
    await handle.close();
    return undefined;
  } catch {
    return undefined;
  }
}
