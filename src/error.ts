// Our caller's mistakes: an error with a stable code that says what is wrong and what to do about it.
export type ErrorCode =
  | "BAD_CONFIG"
  | "BAD_GAME"
  | "BAD_INPUT"
  | "BAD_KEY"
  | "BAD_REPLAY"
  | "BAD_SEAT"
  | "BAD_USAGE"
  | "BUILD_FAILED"
  | "GAME_MISMATCH"
  | "NO_ED25519"
  | "PORT_BUSY"
  | "UNKNOWN_FIELD";

export class SamestepError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string) {
    super(message);
    this.name = "SamestepError";
    this.code = code;
  }
}
