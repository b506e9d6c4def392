// A game's memory as its compiler made it, which every match begins with. Only the blocks that are not all zeros are kept.

const BLOCK_BYTES = 4096;

export class MemoryImage {
  readonly #memory: Uint8Array;
  readonly #blocks: readonly { readonly at: number; readonly bytes: Uint8Array }[];

  /** Taken before anything runs in the memory. */
  constructor(memory: ArrayBuffer) {
    this.#memory = new Uint8Array(memory);
    const words = new Uint32Array(memory);
    const blocks = [];
    for (let at = 0; at < memory.byteLength; at += BLOCK_BYTES) {
      const end = at + BLOCK_BYTES;
      if (!isZero(words, at >> 2, end >> 2)) blocks.push({ at, bytes: this.#memory.slice(at, end) });
    }
    this.#blocks = blocks;
  }

  /** Whatever was played leaves nothing, also where no snapshot reaches. */
  restore(): void {
    this.#memory.fill(0);
    for (const { at, bytes } of this.#blocks) this.#memory.set(bytes, at);
  }
}

function isZero(words: Uint32Array, begin: number, end: number): boolean {
  for (let i = begin; i < end; i++) if (words[i] !== 0) return false;
  return true;
}
