// A socket's first message, which says whose socket it is. It is the carrier's own: no player or sequencer sees it.

/** No message of the wire's table has this code. */
const CODE = 0;

/** Nobody guesses 128 bits; with the code before them and a u32 behind. */
const TOKEN_BYTES = 16;
const BYTES = 1 + TOKEN_BYTES + 4;

export interface Introduction {
  /** 16 random bytes in hex, drawn by the client for this carrier and known to nobody else. */
  token: string;
  /** 0 opens a carrier, any other joins it. Each is good once, and only if it is higher than those before. */
  serial: number;
}

export function drawToken(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(TOKEN_BYTES));
}

/**
 * Why not in the URL: addresses stand in the logs of every proxy, and this token is as good as the connection. Why not as
 * a subprotocol: it would have to be echoed, and stands in the same logs. A first message costs no round trip, since
 * what follows it may be sent at once.
 */
export function introduction(token: Uint8Array, serial: number): Uint8Array {
  const bytes = new Uint8Array(BYTES);
  bytes[0] = CODE;
  bytes.set(token, 1);
  new DataView(bytes.buffer).setUint32(1 + TOKEN_BYTES, serial, true);
  return bytes;
}

/** What a first message says, or undefined when it is a datagram already: such a socket is a carrier of its own. */
export function readIntroduction(bytes: Uint8Array): Introduction | undefined {
  if (bytes.length !== BYTES || bytes[0] !== CODE) return undefined;
  let token = "";
  for (let i = 1; i <= TOKEN_BYTES; i++) token += bytes[i]!.toString(16).padStart(2, "0");
  return { token, serial: new DataView(bytes.buffer, bytes.byteOffset).getUint32(1 + TOKEN_BYTES, true) };
}
