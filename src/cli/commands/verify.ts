// samestep verify: replays recorded matches and compares every recorded hash; for CI and for anybody with a replay.
import { SamestepError } from "../../error.js";
import { Exit, type Io } from "../io.js";
import { readArgs, wrong } from "../usage.js";
import { type Threads, verifyAll } from "../verify/all.js";
import type { Line } from "../verify/file.js";
import { HELP, OPTIONS, readSettings, type Settings } from "../verify/options.js";
import { replaysOf } from "../verify/paths.js";
import { REPORTERS } from "../verify/reporters.js";
import { speedOf } from "../verify/text.js";
import { updateReplays } from "../verify/update.js";

export type { Threads } from "../verify/all.js";

const THREADS: Threads = { aloneMs: 300, worker: new URL("../verify/worker.js", import.meta.url) };

export async function verify(args: string[], io: Io, threads: Threads = THREADS): Promise<number> {
  const parsed = readArgs(args, io, { name: "verify", help: HELP, options: OPTIONS });
  if (typeof parsed === "number") return parsed;
  if (parsed.positionals.length === 0) return wrong(io, "verify", "which replays? Name at least one file or directory");
  let settings: Settings;
  try {
    settings = await readSettings(parsed.values);
  } catch (error) {
    if (!(error instanceof SamestepError)) throw error;
    return wrong(io, "verify", error.message);
  }
  const { update, reporter } = settings;
  const files = await replaysOf(parsed.positionals);
  if (update !== undefined) return await updateReplays(files, update, io, reporter === "json");
  const { line, end } = REPORTERS[reporter](io);
  const begin = performance.now();
  const lines = await verifyAll({ ...settings, files, threads }, line);
  end(lines, speedOf(lines, performance.now() - begin));
  return exitOf(lines);
}

function exitOf(lines: Line[]): number {
  if (lines.some(({ result }) => result === "differs" || result === "forged" || result === "unsigned"))
    return Exit.failed;
  return lines.every(({ result }) => result === "equal") ? Exit.ok : Exit.unreadable;
}
