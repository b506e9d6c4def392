// Reads what the offline tools are given: a replay from its file, and the build that recorded it.
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { whyUnfit } from "../desync/fitting.js";
import { SamestepError } from "../error.js";
import { parseReplay, type Replay } from "../replay/format.js";
import type { Game } from "../simulation/game.js";
import { GameShelf, readGame } from "./games.js";
import { whyUnread } from "./reasons.js";

/** The bytes of a file. @throws SamestepError `code` with one line that says what is wrong. */
export async function readBytes(path: string, what: string, code: "BAD_REPLAY" | "BAD_USAGE"): Promise<Uint8Array> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new SamestepError(code, `${what} ${path}: ${whyUnread(error)}`);
  });
}

/** @throws SamestepError BAD_REPLAY: no such file, none that is a replay, a damaged one. */
export async function readReplay(path: string): Promise<Replay> {
  const parsed = parseReplay(await readBytes(path, "the replay", "BAD_REPLAY"));
  if (parsed.kind === "unreadable") throw new SamestepError("BAD_REPLAY", `the replay ${path}: ${parsed.why}`);
  return parsed.replay;
}

/** The build that recorded the replay, where it lies in one of the usual places; beside the replay is one of them. */
export async function recordedBuild(path: string, { gameHash }: Replay): Promise<Game | undefined> {
  return new GameShelf([dirname(path)]).find(gameHash);
}

/**
 * The build that is named, whichever it is; otherwise the one that recorded the replay.
 * @throws SamestepError BAD_GAME, GAME_MISMATCH
 */
export async function buildFor(path: string, replay: Replay, named: string | undefined): Promise<Game> {
  if (named !== undefined) return readGame(named);
  const game = await recordedBuild(path, replay);
  if (game !== undefined) return game;
  throw new SamestepError(
    "GAME_MISMATCH",
    `no build ${replay.gameHash} here, beside ${path}, or in build/games: name it with --game GAME.wasm`,
  );
}

/** `recorded` is the build whose inputs they are. @throws SamestepError GAME_MISMATCH where they mean something else to `game`. */
export function mustFit(replay: Replay, game: Game, recorded: Game): void {
  const unfit = whyUnfit(replay, game.schema, recorded.schema);
  if (unfit !== undefined) throw new SamestepError("GAME_MISMATCH", `build ${game.gameHash} cannot play it: ${unfit}`);
}
