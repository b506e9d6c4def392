// Signing a match's result, and checking who signed it.
import { readStatement, type SignedResult, type Statement, writeStatement } from "../wire/result.js";
import type { Key } from "./keys.js";

/** Signed together with a statement, so that no other text of this key could be taken for a result. */
const PURPOSE = new TextEncoder().encode("samestep result 1\n");

export async function signResult(result: Omit<Statement, "version" | "key">, { key, id }: Key): Promise<SignedResult> {
  const statement = writeStatement({ version: 1, ...result, key: id });
  const signature = await globalThis.crypto.subtle.sign("Ed25519", key, signed(statement));
  return { statement, signature: new Uint8Array(signature) };
}

/** Why a result is not what the holder of this key said; undefined when it is. */
export async function whyForged({ statement, signature }: SignedResult, { key, id }: Key): Promise<string | undefined> {
  const result = readStatement(statement);
  if (result === undefined) return "its result makes no sense";
  if (result.key !== id) return `its result is signed with key ${result.key}, and the one you gave is ${id}`;
  const right = await globalThis.crypto.subtle.verify("Ed25519", key, new Uint8Array(signature), signed(statement));
  return right ? undefined : `its result was changed after key ${id} had signed it, or never signed by it`;
}

function signed(statement: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(PURPOSE.length + statement.length);
  bytes.set(PURPOSE);
  bytes.set(statement, PURPOSE.length);
  return bytes;
}
