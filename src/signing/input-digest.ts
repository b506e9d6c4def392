// One SHA-256 over all final inputs of a match, however long it was.

/** Frames in one block: WebCrypto hashes what lies in memory at once, so a match is hashed in pieces. */
const BLOCK_FRAMES = 256;

const HASH_BYTES = 32;

/**
 *   D[0] = 32 zeroes     D[k+1] = SHA-256(D[k], records of the next 256 frames)     the last block may be shorter
 *
 * The hash chain of the match covers the same inputs, but XXH3 is no cryptographic hash: who wanted to could make other
 * inputs with the same value, and a signature over it would be worth nothing.
 */
export class InputDigest {
  readonly #recordBytes: number;
  #block: Uint8Array<ArrayBuffer>;
  #frames = 0;
  #digest: Promise<Uint8Array<ArrayBuffer>> = Promise.resolve(new Uint8Array(HASH_BYTES));

  constructor(recordBytes: number) {
    this.#recordBytes = recordBytes;
    this.#block = this.#fresh();
  }

  #fresh(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(HASH_BYTES + BLOCK_FRAMES * this.#recordBytes);
  }

  /** The next frame's record of all seats' cells. */
  add(record: Uint8Array): void {
    this.#block.set(record, HASH_BYTES + (this.#frames % BLOCK_FRAMES) * this.#recordBytes);
    this.#frames += 1;
    if (this.#frames % BLOCK_FRAMES === 0) this.#close(BLOCK_FRAMES);
  }

  #close(frames: number): void {
    const block = this.#block;
    this.#block = this.#fresh();
    const before = this.#digest;
    this.#digest = (async () => {
      block.set(await before);
      const bytes = block.subarray(0, HASH_BYTES + frames * this.#recordBytes);
      return new Uint8Array(await globalThis.crypto.subtle.digest("SHA-256", bytes));
    })();
  }

  /** The digest of all that was added. */
  async finish(): Promise<Uint8Array> {
    if (this.#frames % BLOCK_FRAMES !== 0) this.#close(this.#frames % BLOCK_FRAMES);
    return this.#digest;
  }
}
