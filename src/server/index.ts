// What a server of one's own imports: samestep/server.
export { type Key, readPrivateKey } from "../signing/keys.js";
export { LIMITS, type Limits } from "./limits.js";
export type { OpenedMatch, Recorder } from "./recording.js";
export { createServer, type LogEntry, type Server, type ServerOptions } from "./server.js";
