// What recorders and verifiers import: samestep/replay.
export { type Check, type Keyframe, type Parsed, parseReplay, type Replay, type ReplayResult } from "./format.js";
export { PlayerRecorder } from "./player-recorder.js";
export { type RecorderOptions, ReplayRecorder } from "./recorder.js";
export { type Difference, type Verdict, verifyReplay } from "./verify.js";
