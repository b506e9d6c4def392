// A thread that plays matches: says that it is ready, is sent a seed or a schedule, answers its outcome, waits for the next.
import { parentPort, workerData } from "node:worker_threads";
import { loadGames, type Modules, run } from "./run.js";
import type { Schedule } from "./schedule.js";

const games = await loadGames(workerData as Modules);
parentPort!.on("message", async (what: number | Schedule) => parentPort!.postMessage(await run(what, games)));
parentPort!.postMessage("ready");
