// The result of a match as a server states and signs it: canonical bytes, the same wherever they are written.
import { Reader, Writer } from "./bytes.js";
import { bounded, bytes, hash64, list, struct, u8, type ValueOf, varint } from "./codec.js";
import { SEATS_MAX } from "./limits.js";
import { matchConfig } from "./match-config.js";

/** Bytes of a statement at most: its fields, the longest rules, and a line for each seat. */
export const STATEMENT_BYTES_MAX = 512;

/** Of Ed25519 (RFC 8032). */
export const SIGNATURE_BYTES = 64;

const frame = bounded(varint, 0, 0x7fff_ffff);

export const statement = struct({
  version: bounded(u8, 1, 1),
  /** Random, made when the match was opened: no two matches share a result. */
  match: bytes(16, 16),
  game: hash64,
  schema: hash64,
  config: matchConfig,
  /** Frames played. */
  frames: frame,
  /** SHA-256 over all final inputs, in blocks (src/signing/input-digest.ts). */
  inputs: bytes(32, 32),
  /** XXH3-64 of the state after the last frame. */
  state: hash64,
  /** Where each seat left: the first frame without it. */
  left: list(struct({ seat: bounded(u8, 0, SEATS_MAX - 1), frame, dropped: bounded(u8, 0, 1) }), SEATS_MAX),
  /** The key it is signed with: the first eight bytes of the SHA-256 of its public half. */
  key: hash64,
});

export type Statement = ValueOf<typeof statement>;

/** A statement in its canonical bytes, and the signature over them. */
export const signedResult = struct({
  statement: bytes(1, STATEMENT_BYTES_MAX),
  signature: bytes(SIGNATURE_BYTES, SIGNATURE_BYTES),
});

export type SignedResult = ValueOf<typeof signedResult>;

export function writeStatement(value: Statement): Uint8Array {
  const writer = new Writer();
  writer.open(new Uint8Array(STATEMENT_BYTES_MAX));
  statement.write(writer, value);
  return writer.bytes.slice(0, writer.at);
}

/** Undefined when the bytes are no statement, to the last one. */
export function readStatement(from: Uint8Array): Statement | undefined {
  const reader = new Reader();
  reader.open(from);
  const value = statement.read(reader, statement.blank());
  return reader.bad || reader.rest > 0 ? undefined : value;
}
