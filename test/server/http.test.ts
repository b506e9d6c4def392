// The server's HTTP side: files, counts, ports.
import { mkdir, mkdtemp, symlink, writeFile } from "node:fs/promises";
import { connect, createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { PORT_FIRST } from "../../src/server/server.js";
import { relativePath } from "../../src/server/static-files.js";
import { bare, closed, type Hosted, host } from "./play.js";

let hosted: Hosted | undefined;

afterEach(async () => {
  await hosted?.server.close();
  hosted = undefined;
});

describe("files", () => {
  let directory: string;

  beforeAll(async () => {
    const outside = await mkdtemp(join(tmpdir(), "samestep-"));
    directory = join(outside, "site");
    await mkdir(join(directory, "sub"), { recursive: true });
    await writeFile(join(outside, "secret.txt"), "secret");
    await writeFile(join(directory, "index.html"), "<h1>hello</h1>");
    await writeFile(join(directory, "game.wasm"), Uint8Array.of(0, 97, 115, 109));
    await writeFile(join(directory, ".env"), "secret");
    await writeFile(join(directory, "empty.txt"), "");
    await symlink(join(outside, "secret.txt"), join(directory, "link.txt"));
  });

  /** The answer to a path as it stands, which `fetch` would tidy up. */
  async function raw(path: string): Promise<string> {
    const socket = connect(hosted!.server.port, "127.0.0.1");
    let text = "";
    socket.on("data", (bytes) => {
      text += bytes;
    });
    socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
    await new Promise((resolve) => socket.once("close", resolve));
    return text;
  }

  it("are served with their type, and again as 304", async () => {
    hosted = await host({ files: directory });
    const page = await fetch(`${hosted.server.url}/`);
    expect([page.status, page.headers.get("content-type"), await page.text()]).toEqual([
      200,
      "text/html; charset=utf-8",
      "<h1>hello</h1>",
    ]);
    const wasm = await fetch(`${hosted.server.url}/game.wasm`);
    expect([wasm.headers.get("content-type"), (await wasm.arrayBuffer()).byteLength]).toEqual(["application/wasm", 4]);
    const again = await fetch(`${hosted.server.url}/game.wasm`, {
      headers: { "If-None-Match": wasm.headers.get("etag")!, "Cache-Control": "max-age=0" },
    });
    expect(again.status).toBe(304);
    const head = await fetch(`${hosted.server.url}/game.wasm`, { method: "HEAD" });
    expect(head.headers.get("content-length")).toBe("4");
    expect((await fetch(`${hosted.server.url}/empty.txt`)).status).toBe(200);
    expect((await fetch(`${hosted.server.url}/`, { method: "POST" })).status).toBe(405);
  });

  it.each([
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/sub/..%2f..%2fsecret.txt",
    "/..%5csecret.txt",
    "/link.txt",
    "/.env",
    "/sub",
    "/sub/",
    "//etc/passwd",
    "/%00",
    "/%",
    "/C:/x",
    "/missing.js",
  ])("%s is not found", async (path) => {
    hosted = await host({ files: directory });
    const answer = await raw(path);
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(answer).not.toContain("secret");
  });

  it("an icon, which browsers ask for unasked, is no error where there is none", async () => {
    hosted = await host({ files: directory });
    expect((await fetch(`${hosted.server.url}/favicon.ico`)).status).toBe(204);
  });

  it("a path that leaves the directory is refused before any file is touched", () => {
    expect(relativePath("/a/b.js")).toBe(join("a", "b.js"));
    expect(["/../a", "/a/../../b", "/%2e%2e/a", "/a//b", "/a\\b"].map(relativePath)).toEqual(Array(5).fill(undefined));
  });

  it("counts of rooms and connections are open, codes are not", async () => {
    hosted = await host();
    await bare(hosted.server, "SECRET");
    const rooms = await (await fetch(`${hosted.server.url}/rooms`)).text();
    expect(JSON.parse(rooms)).toEqual({ rooms: 1, playing: 0, connections: 1 });
    expect(await (await fetch(`${hosted.server.url}/health`)).json()).toMatchObject({ status: "ok", rooms: 1 });
  });

  it.each(["/play", "/play?room=", "/play?room=a%20b", "/play?room=AAAAAAAAAAAAAAAAA", "/elsewhere?room=A"])(
    "%s is no room",
    async (path) => {
      hosted = await host();
      const socket = new WebSocket(`${hosted.server.url.replace("http", "ws")}${path}`);
      const error = await new Promise<Error>((resolve) => socket.once("error", resolve));
      expect(error.message).toContain("404");
    },
  );
});

describe("ports", () => {
  it("without one, the next free one after 8080 is taken", async () => {
    // Someone may have 8080 already; either way it is busy now.
    const other = createTcpServer();
    other.listen(PORT_FIRST, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve).once("error", resolve));
    hosted = await host({ port: undefined as never });
    expect(hosted.server.port).toBeGreaterThan(PORT_FIRST);
    other.close();
  });

  it("a port that was asked for and is busy is an error with a code", async () => {
    hosted = await host();
    const { port } = hosted.server;
    await expect(host({ port })).rejects.toMatchObject({
      code: "PORT_BUSY",
      message: expect.stringContaining(`${port}`),
    });
  });

  it("a closed server tells its players and frees its port", async () => {
    const first = await host();
    const socket = await bare(first.server, "A");
    const { port } = first.server;
    const [{ code }] = await Promise.all([closed(socket), first.server.close()]);
    expect(code).toBe(1001);
    hosted = await host({ port });
  });
});
