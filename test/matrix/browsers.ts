// Whole browsers, without a window: each opens a page that plays every match and posts what came out back to us.
import { spawn } from "node:child_process";
import { mkdir, readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { bundleScript } from "../engines/engines.js";
import { type Engine, versionOf } from "./engine.js";

/** No page takes a tenth of it. */
const DEADLINE_MS = 60_000;
const PAGE = `<!doctype html><meta charset="utf-8"><script src="/play.js"></script>`;

interface Browser {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly install: string;
  readonly args: (profile: string) => string[];
}

/** No sandbox, since CI is root in a container; nothing of the browser's own on the network. */
const BROWSERS: readonly Browser[] = [
  {
    ...{ id: "chromium", name: "Chromium", path: process.env.CHROMIUM ?? "/usr/bin/chromium" },
    install: "apt-get install chromium",
    args: (profile) => [
      ...["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
      ...["--disable-component-update", "--disable-sync", `--user-data-dir=${profile}`],
    ],
  },
  {
    ...{ id: "firefox", name: "Firefox", path: "/usr/bin/firefox-esr", install: "apt-get install firefox-esr" },
    args: (profile) => ["--headless", "--no-remote", "--profile", profile],
  },
];

function engineOf({ id, name, path, install, args }: Browser): Engine {
  return {
    ...{ id, name, install, needs: [path] },
    version: () => versionOf([path, "--version"]),
    play: async (folder, plans) => {
      const given = `const PLANS = ${JSON.stringify(plans)};\n`;
      const page = await serve(folder, given + (await bundleScript("test/matrix/in-page.ts")));
      const profile = join(folder, `${id}-${page.port}`);
      await mkdir(profile);
      // A group of its own, so that its helpers end with it; at home in our folder, so that it finds and leaves nothing.
      const browser = spawn(path, [...args(profile), `http://127.0.0.1:${page.port}/`], {
        ...{ stdio: "ignore", detached: true, env: { ...process.env, HOME: folder } },
        ...{ timeout: DEADLINE_MS, killSignal: "SIGKILL" },
      });
      const ended = new Promise<never>((_, reject) => {
        browser.once("error", reject);
        browser.once("close", (code, signal) =>
          reject(new Error(`it ended (${code ?? signal}) before its page answered`)),
        );
      });
      try {
        return (await Promise.race([page.answer, ended])).split("\n");
      } finally {
        endGroup(browser.pid);
        await ended.catch(() => undefined);
        page.close();
      }
    },
  };
}

/** It may have ended by itself. */
function endGroup(leader: number | undefined): void {
  try {
    if (leader !== undefined) process.kill(-leader, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

interface Served {
  readonly port: number;
  readonly answer: Promise<string>;
  close(): void;
}

/** A page with this script, and the files of the folder that it asks for. */
async function serve(folder: string, script: string): Promise<Served> {
  let server!: Server;
  const answer = new Promise<string>((resolve) => {
    server = createServer(async (request, response) => {
      if (request.url === "/answer") {
        const text = await textOf(request);
        response.end();
        resolve(text);
      } else if (request.url === "/") response.setHeader("content-type", "text/html").end(PAGE);
      else if (request.url === "/play.js") response.end(script);
      else response.end(await readFile(join(folder, request.url!.slice(1))).catch(() => ""));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { port: (server.address() as AddressInfo).port, answer, close };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of request.setEncoding("utf8")) text += part;
  return text;
}

export const browserEngines: readonly Engine[] = BROWSERS.map(engineOf);
