// What is done to datagrams on their way, and the seal by which a carrier finds it out.
import { Random } from "../../src/netsim/random.js";
import { crc32 } from "../../src/replay/crc32.js";

/**
 * sealed: over a carrier of raw datagrams, which checks 32 bits (MATCH.md) keyed with whose they are: repeated ones pass,
 * nothing that was altered or is from somebody else does. open: without that check, so that all of it reaches the decoders
 * and what lies behind them.
 */
export type FuzzMode = "sealed" | "open";

export type Meddled = "flipped" | "truncated" | "repeated" | "swapped";

/** Share of datagrams for each. */
const SHARES: Record<Meddled, number> = { flipped: 0.05, truncated: 0.02, repeated: 0.02, swapped: 0.02 };

/** Of some messages so many are altered: there are too few of them to wait for chance. */
const SELDOM_FLIPPED = 0.2;

/** Bits turned over in one datagram, at most. */
const FLIPS_MAX = 4;

/** Datagrams of each link that may be repeated: the newest ones, and some that are much older. */
const REMEMBERED = 64;

interface Meddlings {
  datagrams: number;
  /** Those that came by while datagrams were meddled with. */
  met: number;
  matches: number;
  meddled: Record<Meddled, number>;
}

/** What was done, for a person. */
export function tellMeddled({ datagrams, met, matches, meddled }: Meddlings): string {
  const done = Object.entries(meddled).map(([what, count]) => `${count} ${what}`);
  return `${met} of ${datagrams} datagrams in ${matches} ${matches === 1 ? "match" : "matches"}, all played to their end, met: ${done.join(", ")}`;
}

/** The meddler's dice, what he remembers, and his tally. */
export class MeddlingHand {
  readonly random: Random;
  readonly tally: Record<Meddled, number>;
  readonly #remembered = new Map<string, Uint8Array[]>();
  #seen = 0;

  constructor(seed: number, tally: Record<Meddled, number> = { flipped: 0, truncated: 0, repeated: 0, swapped: 0 }) {
    this.random = new Random(seed);
    this.tally = tally;
  }

  /** Whether to do this to a datagram; `seldom`: of a kind of which there are few. */
  does(what: Meddled, seldom = false): boolean {
    if (!this.random.chance(seldom && what === "flipped" ? SELDOM_FLIPPED : SHARES[what])) return false;
    this.tally[what] += 1;
    return true;
  }

  /** Keeps a copy, and answers one of those kept. Every eighth takes the place of any, so some stay for long. */
  remember(link: string, bytes: Uint8Array): Uint8Array {
    this.#seen += 1;
    const kept = this.#remembered.get(link) ?? [];
    this.#remembered.set(link, kept);
    if (kept.length < REMEMBERED) kept.push(bytes.slice());
    else if (this.#seen % 8 === 0) kept[this.random.below(REMEMBERED)] = bytes.slice();
    else kept[this.random.below(4)] = bytes.slice();
    return this.random.pick(kept);
  }

  flip(bytes: Uint8Array): Uint8Array {
    const flipped = bytes.slice();
    for (let i = 1 + this.random.below(FLIPS_MAX); i > 0; i--) {
      const bit = this.random.below(8 * flipped.length);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
    }
    return flipped;
  }

  truncate(bytes: Uint8Array): Uint8Array {
    return bytes.slice(0, this.random.below(bytes.length));
  }
}

const SEAL_BYTES = 4;

/** The bytes, and the carrier's check of them; `key` says whose they are. */
export function seal(bytes: Uint8Array, key: number): Uint8Array {
  const sealed = new Uint8Array(bytes.length + SEAL_BYTES);
  sealed.set(bytes);
  new DataView(sealed.buffer).setUint32(bytes.length, crc32(bytes) ^ Math.imul(0x9e3779b9, key));
  return sealed;
}

/** What is in it; undefined when it is not as it was sealed, unless nobody looks (`checked` is false). */
export function unseal(sealed: Uint8Array, key: number, checked: boolean): Uint8Array | undefined {
  const bytes = sealed.subarray(0, Math.max(0, sealed.length - SEAL_BYTES));
  if (!checked) return bytes;
  const again = seal(bytes, key);
  return again.length === sealed.length && again.every((byte, i) => byte === sealed[i]) ? bytes : undefined;
}
