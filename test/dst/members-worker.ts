// A thread that plays matches without a server: says that it is ready, is sent a seed, answers its outcome, waits for the next.
import { parentPort, workerData } from "node:worker_threads";
import { playMembers } from "./members-run.js";
import type { MembersSchedule } from "./members-schedule.js";
import { loadGames, type Modules } from "./run.js";

const games = await loadGames(workerData as Modules);
parentPort!.on("message", async (what: number | MembersSchedule) => {
  parentPort!.postMessage(await playMembers(what, games));
});
parentPort!.postMessage("ready");
