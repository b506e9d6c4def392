// What a server tells a client's carrier: that one of its sockets stood still on the way up. No player sees it.

/** No message of the wire's table has this code, and no datagram of a relay begins so: with a seat, 254 or 255. */
const CODE = 253;

/** The code and a u16 of ms. */
const BYTES = 3;
const GAP_MAX_MS = 0xffff;

/**
 * Goes through the socket that it is about, so that it need not say which. It says how long, so that the client can tell a
 * pause of its own from it: whether a page slept, no server can see.
 */
export function heldUp(gapMs: number): Uint8Array {
  const bytes = new Uint8Array(BYTES);
  bytes[0] = CODE;
  new DataView(bytes.buffer).setUint16(1, Math.min(GAP_MAX_MS, Math.round(gapMs)), true);
  return bytes;
}

/** For how many ms nothing came; undefined when this is a datagram. */
export function readHeldUp(bytes: Uint8Array): number | undefined {
  if (bytes.length !== BYTES || bytes[0] !== CODE) return undefined;
  return bytes[1]! | (bytes[2]! << 8);
}
