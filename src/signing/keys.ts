// Ed25519 keys by WebCrypto, in the PEM files that every other tool reads: PKCS #8 and SPKI (RFC 8410).
import { SamestepError } from "../error.js";

const ALGORITHM = "Ed25519";

/** Bytes of a public key's SHA-256 that name the key. */
const ID_BYTES = 8;

export interface Key {
  readonly key: CryptoKey;
  /** Sixteen hexadecimal digits that name the pair: the beginning of the SHA-256 of the public key's 32 bytes. */
  readonly id: string;
}

/** A fresh pair as two PEM texts, and its name. */
export async function generateKeys(): Promise<{ privatePem: string; publicPem: string; id: string }> {
  const { subtle } = globalThis.crypto;
  const pair = (await subtle.generateKey(ALGORITHM, true, ["sign", "verify"])) as CryptoKeyPair;
  const [pkcs8, spki] = await Promise.all([
    subtle.exportKey("pkcs8", pair.privateKey),
    subtle.exportKey("spki", pair.publicKey),
  ]);
  const id = await idOf(pair.publicKey);
  return { privatePem: pem("PRIVATE KEY", pkcs8), publicPem: pem("PUBLIC KEY", spki), id };
}

/** @throws SamestepError BAD_KEY when the text is no Ed25519 private key. */
export async function readPrivateKey(text: string): Promise<Key> {
  const bytes = unpem("PRIVATE KEY", text);
  try {
    const { subtle } = globalThis.crypto;
    const key = await subtle.importKey("pkcs8", bytes, ALGORITHM, true, ["sign"]);
    const { kty, crv, x } = await subtle.exportKey("jwk", key);
    const half = await subtle.importKey("jwk", { kty: kty!, crv: crv!, x: x! }, ALGORITHM, true, ["verify"]);
    return { key, id: await idOf(half) };
  } catch {
    throw badKey("private");
  }
}

/** @throws SamestepError BAD_KEY when the text is no Ed25519 public key, NO_ED25519 where WebCrypto has none. */
export async function readPublicKey(text: string): Promise<Key> {
  const bytes = unpem("PUBLIC KEY", text);
  if (!(await hasEd25519())) {
    throw new SamestepError("NO_ED25519", "this browser's WebCrypto has no Ed25519: results are not checked here");
  }
  try {
    const key = await globalThis.crypto.subtle.importKey("spki", bytes, ALGORITHM, true, ["verify"]);
    return { key, id: await idOf(key) };
  } catch {
    throw badKey("public");
  }
}

/** A page without TLS has no WebCrypto at all, and some browsers' is without this curve. */
export async function hasEd25519(): Promise<boolean> {
  try {
    await globalThis.crypto.subtle.generateKey(ALGORITHM, false, ["sign", "verify"]);
    return true;
  } catch {
    return false;
  }
}

async function idOf(key: CryptoKey): Promise<string> {
  const { subtle } = globalThis.crypto;
  const digest = await subtle.digest("SHA-256", await subtle.exportKey("raw", key));
  const begin = new Uint8Array(digest, 0, ID_BYTES);
  return Array.from(begin, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function badKey(half: "private" | "public"): SamestepError {
  return new SamestepError("BAD_KEY", `this is no Ed25519 ${half} key: samestep keygen makes a pair`);
}

function pem(label: string, bytes: ArrayBuffer): string {
  const base64 = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return `-----BEGIN ${label}-----\n${base64.replace(/.{64}(?=.)/g, "$&\n")}\n-----END ${label}-----\n`;
}

function unpem(label: string, text: string): Uint8Array<ArrayBuffer> {
  const found = new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]+)-----END ${label}-----`).exec(text);
  const half = label === "PUBLIC KEY" ? "public" : "private";
  const other = half === "public" ? "PRIVATE KEY" : "PUBLIC KEY";
  if (found === null && text.includes(`BEGIN ${other}`)) {
    const meant = half === "public" ? "NAME.pub" : "NAME.key";
    throw new SamestepError("BAD_KEY", `this is the other half of the pair: the ${half} key is in ${meant}`);
  }
  if (found === null) throw badKey(half);
  try {
    return Uint8Array.from(atob(found[1]!.replace(/\s/g, "")), (letter) => letter.charCodeAt(0));
  } catch {
    throw badKey(half);
  }
}
