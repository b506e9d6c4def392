// Debian's Chromium for tests; where there is none, a person's run skips the test and CI's fails.
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

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

export function launch(): Promise<Browser> {
  if (!hasBrowser)
    throw new Error(`CI needs a browser: apt-get install chromium, or set CHROMIUM (looked at ${EXECUTABLE})`);
  return chromium.launch({ executablePath: EXECUTABLE, args: ARGUMENTS });
}
