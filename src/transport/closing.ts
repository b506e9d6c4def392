// WebSocket close codes that mean something here (RFC 6455, 7.4.1; from 4000 on they are ours).

/** Standard codes: a browser shows them, and a proxy may send them. */
export const CLOSE_DONE = 1000;
export const CLOSE_GOING_AWAY = 1001;
export const CLOSE_TEXT = 1003;
export const CLOSE_LOST = 1006;
export const CLOSE_POLICY = 1008;
export const CLOSE_TOO_BIG = 1009;
export const CLOSE_FAILED = 1011;
export const CLOSE_BUSY = 1013;
/** The other side reads too slowly: what waits for it is out of date, so it may come back without it. */
export const CLOSE_SLOW = 4001;
export const CLOSE_NO_HELLO = 4002;
/** A socket that would join a carrier which is not known here, or not any more. Another carrier may be opened. */
export const CLOSE_UNKNOWN = 4003;

/** After these the server would say the same again, so nobody dials again. */
const FINAL: ReadonlySet<number> = new Set([
  CLOSE_DONE,
  CLOSE_TEXT,
  CLOSE_POLICY,
  CLOSE_TOO_BIG,
  CLOSE_FAILED,
  CLOSE_NO_HELLO,
]);

export function isFinal(code: number): boolean {
  return FINAL.has(code);
}
