// A thread that verifies replays: is sent the name of a file, answers with what is told about it, waits for the next.
import { parentPort, workerData } from "node:worker_threads";
import { readPublicKey } from "../signing/keys.js";
import { loadGame } from "../simulation/game.js";
import { FileVerifier } from "./verify-file.js";

/** What every worker is started with. */
export interface Setup {
  /** The bytes of the game that was given with --game. */
  wasm: Uint8Array | undefined;
  folders: string[];
  /** The text of the key that was given with --key. */
  key: string | undefined;
}

const { wasm, folders, key } = workerData as Setup;
const given = wasm && (await loadGame(wasm));
const verifier = new FileVerifier(given, folders, key === undefined ? undefined : await readPublicKey(key));
parentPort!.on("message", async (file: string) => parentPort!.postMessage(await verifier.verify(file)));
