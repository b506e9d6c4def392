// Debian's Chromium for tests; where there is none, a person's run skips the test and CI's fails.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";

const EXECUTABLE = process.env.CHROMIUM ?? "/usr/bin/chromium";

export const hasBrowser: boolean = existsSync(EXECUTABLE);

/** Nothing of the browser's own on the network, no sandbox (CI is root in a container), no GPU. */
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

function mustBeThere(): void {
  if (!hasBrowser)
    throw new Error(`CI needs a browser: apt-get install chromium, or set CHROMIUM (looked at ${EXECUTABLE})`);
}

export function launch(): Promise<Browser> {
  mustBeThere();
  return chromium.launch({ executablePath: EXECUTABLE, args: ARGUMENTS });
}

export interface PlainBrowser {
  page(): Promise<Page>;
  close(): Promise<void>;
}

/**
 * A browser whose pages Playwright leaves as they are. Those of `launch` it keeps in the foreground for ever, and there
 * Chromium freezes no page: `Page.setWebLifecycleState` answers, and page and worker go on.
 */
export async function launchPlain(): Promise<PlainBrowser> {
  mustBeThere();
  const profile = await mkdtemp(join(tmpdir(), "samestep-browser-"));
  const args = ["--headless=new", "--remote-debugging-port=0", `--user-data-dir=${profile}`, ...ARGUMENTS];
  const child = spawn(EXECUTABLE, [...args, "about:blank"], { stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const address = await new Promise<string>((resolve, reject) => {
    let text = "";
    child.once("error", reject);
    child.once("close", () => reject(new Error(`${EXECUTABLE} ended: ${text}`)));
    child.stderr.on("data", (piece) => {
      text += piece;
      const found = /listening on (ws:\S+)/.exec(text);
      if (found !== null) resolve(found[1]!);
    });
  });
  const browser = await chromium.connectOverCDP(address, { noDefaults: true });
  return {
    page: () => browser.contexts()[0]!.newPage(),
    async close() {
      const protocol = await browser.newBrowserCDPSession();
      await protocol.send("Browser.close").catch(() => {}); // the answer does not always come first
      await ended;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
