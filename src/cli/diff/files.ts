// What samestep diff is given: files told apart by what they hold, not by what they are called.
import { SamestepError } from "../../error.js";
import { isReplay, parseReplay, type Replay } from "../../replay/format.js";
import type { Game } from "../../simulation/game.js";
import { gameOf, isModule } from "../games.js";
import { readBytes } from "../read-replay.js";

export type Given =
  | { readonly kind: "replay"; readonly path: string; readonly replay: Replay }
  | { readonly kind: "build"; readonly path: string; readonly game: Game }
  | { readonly kind: "report"; readonly path: string; readonly report: { readonly schema: string } }
  | { readonly kind: "snapshot"; readonly path: string; readonly bytes: Uint8Array };

/** @throws SamestepError BAD_REPLAY, BAD_GAME, BAD_USAGE: which file is wrong, and why. */
export async function readGiven(path: string): Promise<Given> {
  const bytes = await readBytes(path, "the file", "BAD_USAGE");
  if (isReplay(bytes)) {
    const parsed = parseReplay(bytes);
    if (parsed.kind === "unreadable") throw new SamestepError("BAD_REPLAY", `the replay ${path}: ${parsed.why}`);
    return { kind: "replay", path, replay: parsed.replay };
  }
  if (isModule(bytes)) return { kind: "build", path, game: await gameOf(path, bytes) };
  const report = reportOf(bytes);
  return report === undefined ? { kind: "snapshot", path, bytes } : { kind: "report", path, report };
}

/** A JSON object that says by `schema` which of ours it is. */
function reportOf(bytes: Uint8Array): { schema: string } | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    const { schema } = (value ?? {}) as { schema?: unknown };
    return typeof schema === "string" && schema.startsWith("samestep.") ? (value as { schema: string }) : undefined;
  } catch {
    return undefined;
  }
}
