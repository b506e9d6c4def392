// core.wasm from the host's side: the snapshot ring, hashes and leaves, one instance for each simulation.
import * as loader from "@assemblyscript/loader";
import { assert } from "../assert.js";
import { SamestepError } from "../error.js";

interface CoreExports extends Record<string, unknown> {
  memory: WebAssembly.Memory;
  configure(slotBytes: number, slots: number, scratchBytes: number): number;
  scratch(): number;
  slot(index: number): number;
  hash(at: number, length: number, out: number): void;
  leaves(at: number, length: number, out: number): number;
  deltaBound(length: number): number;
  deltaEncode(base: number, target: number, length: number, out: number): number;
  deltaDecode(base: number, source: number, sourceLength: number, target: number, length: number): number;
}

/** What a state is hashed by, and where a desync is looked for first: small enough to send, and few enough to compare. */
export const LEAF_BYTES = 4096;
const HASH_BYTES = 8;

/** Compiles core.wasm once; each `Core` is a cheap instance of it. */
export async function compileCore(bytes: Uint8Array): Promise<WebAssembly.Module> {
  return WebAssembly.compile(bytes as BufferSource);
}

/**
 *   scratch:  hash out (64) | link | work: bytes to hash, a state, a base | second work | leaf table or delta
 *   ring:     slot 0 | slot 1 | ...
 */
export class Core {
  readonly slots: number;
  readonly stateBytes: number;
  readonly #exports: CoreExports;
  /** Apart from the object, which the loader made: engines look each of its names up anew. */
  readonly #hash: CoreExports["hash"];
  readonly #memory: Uint8Array;
  readonly #words: Uint32Array;
  readonly #slots: Uint8Array[];
  readonly #slotAt: number[];
  /** A link of the hash chain: C (8 bytes), H (8), inputs. */
  readonly link: Uint32Array;
  readonly #linkAt: number;
  readonly #hashAt: number;
  readonly #workAt: number;
  readonly #workBytes: number;
  readonly #secondAt: number;
  readonly #tailAt: number;

  static async create(module: WebAssembly.Module, shape: CoreShape): Promise<Core> {
    const { exports } = await loader.instantiate<CoreExports>(module);
    return new Core(exports as unknown as CoreExports, shape);
  }

  private constructor(exports: CoreExports, shape: CoreShape) {
    this.#exports = exports;
    this.#hash = exports.hash;
    this.slots = shape.slots;
    this.stateBytes = shape.stateBytes;
    this.#workBytes = align64(Math.max(shape.stateBytes, shape.digestBytes));
    const tail = Math.max(exports.deltaBound(shape.stateBytes), HASH_BYTES * Math.ceil(shape.stateBytes / LEAF_BYTES));
    const linkBytes = align64(shape.digestBytes);
    const scratch = 64 + linkBytes + 2 * this.#workBytes + align64(tail);
    if (exports.configure(shape.stateBytes, shape.slots, scratch) !== 1) {
      throw new SamestepError(
        "BAD_GAME",
        `no memory for ${shape.slots} snapshots of ${shape.stateBytes} bytes: make the state smaller or the ring shorter`,
      );
    }
    this.#hashAt = exports.scratch();
    this.#linkAt = this.#hashAt + 64;
    this.#workAt = this.#linkAt + linkBytes;
    this.#secondAt = this.#workAt + this.#workBytes;
    this.#tailAt = this.#secondAt + this.#workBytes;
    this.#memory = new Uint8Array(exports.memory.buffer);
    this.#words = new Uint32Array(exports.memory.buffer);
    this.link = new Uint32Array(exports.memory.buffer, this.#linkAt, linkBytes >> 2);
    this.#slotAt = Array.from({ length: shape.slots }, (_, index) => exports.slot(index));
    this.#slots = this.#slotAt.map((at) => new Uint8Array(exports.memory.buffer, at, shape.stateBytes));
  }

  /** One snapshot, in place. */
  slot(index: number): Uint8Array {
    return this.#slots[index]!;
  }

  hashSlot(index: number, into: Uint32Array, at: number): void {
    this.#hash(this.#slotAt[index]!, this.stateBytes, this.#hashAt);
    this.#readHash(into, at);
  }

  /** H of the link := the slot's hash; then C of the link := the hash of the link's first `bytes`. */
  hashLink(slot: number, bytes: number): void {
    this.#hash(this.#slotAt[slot]!, this.stateBytes, this.#linkAt + HASH_BYTES);
    this.#hash(this.#linkAt, bytes, this.#linkAt);
  }

  digest(bytes: Uint8Array, into: Uint32Array, at: number): void {
    assert(bytes.length <= this.#workBytes, "bytes to hash fit the scratch area");
    this.#memory.set(bytes, this.#workAt);
    this.#hash(this.#workAt, bytes.length, this.#hashAt);
    this.#readHash(into, at);
  }

  #readHash(into: Uint32Array, at: number): void {
    into[at] = this.#words[this.#hashAt >> 2]!;
    into[at + 1] = this.#words[(this.#hashAt >> 2) + 1]!;
  }

  leaves(state: Uint8Array): Uint8Array {
    this.#memory.set(state, this.#workAt);
    const count = this.#exports.leaves(this.#workAt, state.length, this.#tailAt);
    return this.#memory.slice(this.#tailAt, this.#tailAt + HASH_BYTES * count);
  }

  /** What turns `base` into `target`, both states of this game; few bytes where little changed. */
  deltaEncode(base: Uint8Array, target: Uint8Array): Uint8Array {
    this.#memory.set(base, this.#workAt);
    this.#memory.set(target, this.#secondAt);
    const length = this.#exports.deltaEncode(this.#workAt, this.#secondAt, target.length, this.#tailAt);
    return this.#memory.slice(this.#tailAt, this.#tailAt + length);
  }

  /** The state that `delta` makes of `base`, or undefined when the delta is malformed. */
  deltaDecode(base: Uint8Array, delta: Uint8Array): Uint8Array | undefined {
    if (delta.length > this.#exports.deltaBound(base.length)) return undefined;
    this.#memory.set(base, this.#workAt);
    this.#memory.set(delta, this.#tailAt);
    const ok = this.#exports.deltaDecode(this.#workAt, this.#tailAt, delta.length, this.#secondAt, base.length);
    return ok === 1 ? this.#memory.slice(this.#secondAt, this.#secondAt + base.length) : undefined;
  }
}

export interface CoreShape {
  stateBytes: number;
  slots: number;
  /** Most bytes that are hashed at once, beside states. */
  digestBytes: number;
}

function align64(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}
