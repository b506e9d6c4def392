// A thread that verifies replays: is sent the name of a file, answers with what is told about it, waits for the next.
import { parentPort, workerData } from "node:worker_threads";
import { loadGame } from "../simulation/game.js";
import { FileVerifier } from "./verify-file.js";

/** What every worker is started with. */
export interface Setup {
  /** The bytes of the game that was given with --game. */
  wasm: Uint8Array | undefined;
  folders: string[];
}

const { wasm, folders } = workerData as Setup;
const verifier = new FileVerifier(wasm && (await loadGame(wasm)), folders);
parentPort!.on("message", async (file: string) => parentPort!.postMessage(await verifier.verify(file)));
