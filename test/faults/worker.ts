// A thread that plays matches with faults: says that it is ready, is sent a task, answers its outcome, waits for the next.
import { parentPort, workerData } from "node:worker_threads";
import { run } from "./outcome.js";
import type { Task } from "./plan.js";
import { type Modules, stageOf } from "./stage.js";

const stage = await stageOf(workerData as Modules);
parentPort!.on("message", async (task: Task) => parentPort!.postMessage(await run(task, stage)));
parentPort!.postMessage("ready");
