// Keys, the digest of inputs, and signatures: what one machine signs, every other can check, and nothing else passes.
import { createHash, createPublicKey } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { InputDigest } from "../../src/signing/input-digest.js";
import { generateKeys, type Key, readPrivateKey, readPublicKey } from "../../src/signing/keys.js";
import { signResult, whyForged } from "../../src/signing/result.js";
import { MATCH_DEFAULTS } from "../../src/wire/match-config.js";
import {
  readStatement,
  type SignedResult,
  STATEMENT_BYTES_MAX,
  type Statement,
  writeStatement,
} from "../../src/wire/result.js";

const RESULT: Omit<Statement, "version" | "key"> = {
  match: Uint8Array.from({ length: 16 }, (_, i) => i),
  game: "0123456789abcdef",
  schema: "fedcba9876543210",
  config: {
    ...{ players: 8, framesPerSecond: 60, predictionWindow: 8, inputDelay: 2, ...MATCH_DEFAULTS },
    ...{ inputBytes: 2, dropAfterMs: 5000, seedLow: 0xffff_ffff, seedHigh: 1, rules: new Uint8Array(256) },
  },
  frames: 0x7fff_ffff,
  inputs: new Uint8Array(32).fill(7),
  state: "00000000deadbeef",
  left: { items: Array.from({ length: 8 }, (_, seat) => ({ seat, frame: 0x7fff_ffff, dropped: 1 })), count: 8 },
};

let pair: Awaited<ReturnType<typeof generateKeys>>;
let key: Key;
let signed: SignedResult;
beforeAll(async () => {
  pair = await generateKeys();
  key = await readPublicKey(pair.publicPem);
  signed = await signResult(RESULT, await readPrivateKey(pair.privatePem));
});

describe("keys", () => {
  it("are named alike by both halves, after the public key's SHA-256", async () => {
    const raw = createPublicKey(pair.publicPem).export({ format: "der", type: "spki" }).subarray(-32);
    const id = createHash("sha256").update(raw).digest("hex").slice(0, 16);
    expect([pair.id, key.id, (await readPrivateKey(pair.privatePem)).id]).toEqual([id, id, id]);
  });

  it("say what is wrong with what is none", async () => {
    await expect(readPublicKey(pair.privatePem)).rejects.toThrow(
      /other half of the pair: the public key is in NAME\.pub/,
    );
    await expect(readPrivateKey(pair.publicPem)).rejects.toThrow(
      /other half of the pair: the private key is in NAME\.key/,
    );
    const broken = pair.publicPem.replace(/\n[A-Za-z0-9]{8}/, "\nAAAAAAAA");
    for (const text of ["", "hello", broken, "-----BEGIN PUBLIC KEY-----\nAA=A\n-----END PUBLIC KEY-----"]) {
      await expect(readPublicKey(text)).rejects.toMatchObject({ code: "BAD_KEY" });
    }
  });
});

describe("a signed result", () => {
  it("is what its key said", async () => {
    expect(await whyForged(signed, key)).toBeUndefined();
    expect(readStatement(signed.statement)).toMatchObject({ ...RESULT, version: 1, key: pair.id });
  });

  it("fits its message in the longest case", () => {
    expect(signed.statement.length).toBeLessThanOrEqual(STATEMENT_BYTES_MAX);
  });

  it("has one spelling: what is read and written again is the same, and any other bytes are none", () => {
    expect(writeStatement(readStatement(signed.statement)!)).toEqual(signed.statement);
    expect(readStatement(Uint8Array.of(...signed.statement, 0))).toBeUndefined();
    expect(readStatement(signed.statement.subarray(0, -1))).toBeUndefined();
  });

  it("is forged when any bit of it or of its signature is another", async () => {
    for (const part of ["statement", "signature"] as const) {
      for (let bit = 0; bit < 8 * signed[part].length; bit += 3) {
        const bytes = signed[part].slice();
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        expect(await whyForged({ ...signed, [part]: bytes }, key), `${part}, bit ${bit}`).toBeDefined();
      }
    }
  });

  it("says whose it is when it is another's", async () => {
    const other = await readPublicKey((await generateKeys()).publicPem);
    expect(await whyForged(signed, other)).toMatch(`signed with key ${pair.id}, and the one you gave is ${other.id}`);
  });
});

describe("the digest of inputs", () => {
  async function digest(frames: number, change?: { frame: number; byte: number }): Promise<string> {
    const inputs = new InputDigest(20);
    const record = new Uint8Array(20);
    for (let frame = 0; frame < frames; frame++) {
      record.fill(frame);
      if (frame === change?.frame) record[change.byte]! ^= 1;
      inputs.add(record);
    }
    return Buffer.from(await inputs.finish()).toString("hex");
  }

  it("is SHA-256 of the digest before and the next 256 records", async () => {
    let expected = Buffer.alloc(32);
    for (let begin = 0; begin < 600; begin += 256) {
      const hash = createHash("sha256").update(expected);
      for (let frame = begin; frame < Math.min(600, begin + 256); frame++) hash.update(Buffer.alloc(20, frame));
      expected = hash.digest();
    }
    expect(await digest(600)).toBe(expected.toString("hex"));
  });

  it("covers every byte of every frame, and their number", async () => {
    const all = [await digest(512), await digest(513), await digest(511), await digest(0)];
    for (const frame of [0, 255, 256, 511]) all.push(await digest(512, { frame, byte: frame % 20 }));
    expect(new Set(all).size).toBe(all.length);
  });
});
