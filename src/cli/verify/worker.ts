// A thread that verifies replays: is sent the name of a file, answers with what is told about it, waits for the next.
import { parentPort, workerData } from "node:worker_threads";
import { readPublicKey } from "../../signing/keys.js";
import { loadGame } from "../../simulation/game.js";
import { FileVerifier, type Given } from "./file.js";

/** What every worker is started with: bytes and text, of which each makes its own. */
export interface Setup {
  folders: string[];
  /** The bytes of the games that were given with --game and --against. */
  wasm: Uint8Array | undefined;
  against: Uint8Array | undefined;
  /** The text of the key that was given with --key. */
  key: string | undefined;
  phases: boolean;
}

const { wasm, against, folders, key, phases } = workerData as Setup;
const given: Given = {
  ...(wasm && { game: await loadGame(wasm) }),
  ...(against && { against: await loadGame(against) }),
  ...(key !== undefined && { key: await readPublicKey(key) }),
  phases,
};
const verifier = new FileVerifier(folders, given);
parentPort!.on("message", async (file: string) => parentPort!.postMessage(await verifier.verify(file)));
