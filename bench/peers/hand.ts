// Rollback engines that a user writes himself: typed arrays with a ring of copies, or objects with a way to clone them.
import { cloneWorld, newWorld, stepWorld, type World, worldWords } from "./objects.js";
import { startTyped, stepTyped, typedWords } from "./typed.js";
import { buttons, fnv, type Implementation, LATE, type Size } from "./workload.js";

/** More than a rollback is deep; a power of two, so that the remainder is a mask. */
const SLOTS = 16;

/** What a good user writes: one Int32Array, and a ring of preallocated copies that `Uint8Array.set` fills. */
export class HandTyped implements Implementation {
  readonly #words: Int32Array;
  readonly #state: Uint8Array;
  readonly #ring: Uint8Array[];
  readonly #checksums: Int32Array | undefined;
  #frame = 0;

  constructor({ entities }: Size, options: { checksum: boolean }) {
    this.#words = new Int32Array(typedWords(entities));
    this.#state = new Uint8Array(this.#words.buffer);
    this.#ring = Array.from({ length: SLOTS }, () => new Uint8Array(this.#state.length));
    this.#checksums = options.checksum ? new Int32Array(SLOTS) : undefined;
    startTyped(this.#words);
    this.#save(0);
  }

  frame(): void {
    this.#play(this.#frame - LATE, this.#frame + 1, this.#frame - LATE);
    this.#frame += 1;
  }

  finish(): Int32Array {
    this.#play(this.#frame - LATE, this.#frame, this.#frame);
    return this.#words;
  }

  #play(from: number, until: number, known: number): void {
    const begin = Math.max(0, from);
    this.#state.set(this.#ring[begin % SLOTS]!);
    for (let frame = begin; frame < until; frame++) {
      const other = known < 0 ? 0 : buttons(1, Math.min(frame, known));
      stepTyped(this.#words, buttons(0, frame), other);
      this.#save(frame + 1);
    }
  }

  #save(frame: number): void {
    this.#ring[frame % SLOTS]!.set(this.#state);
    if (this.#checksums !== undefined) this.#checksums[frame % SLOTS] = fnv(this.#words);
  }
}

/** How objects are kept: what a save makes of the world, and what a restore makes of a save. */
export interface Keeping {
  save: (world: World) => unknown;
  restore: (saved: unknown) => World;
}

export const KEEPINGS = {
  "objects, cloned by hand": { save: cloneWorld, restore: (saved) => cloneWorld(saved as World) },
  "objects, structuredClone": { save: structuredClone, restore: (saved) => structuredClone(saved) as World },
  "objects, JSON": { save: JSON.stringify, restore: (saved) => JSON.parse(saved as string) as World },
} as const satisfies Record<string, Keeping>;

export class HandObjects implements Implementation {
  readonly #keeping: Keeping;
  readonly #ring: unknown[] = new Array(SLOTS);
  #world: World;
  #frame = 0;

  constructor({ entities }: Size, keeping: Keeping) {
    this.#keeping = keeping;
    this.#world = newWorld(entities);
    this.#ring[0] = keeping.save(this.#world);
  }

  frame(): void {
    this.#play(this.#frame - LATE, this.#frame + 1, this.#frame - LATE);
    this.#frame += 1;
  }

  finish(): Int32Array {
    this.#play(this.#frame - LATE, this.#frame, this.#frame);
    return worldWords(this.#world);
  }

  #play(from: number, until: number, known: number): void {
    const begin = Math.max(0, from);
    this.#world = this.#keeping.restore(this.#ring[begin % SLOTS]);
    for (let frame = begin; frame < until; frame++) {
      const other = known < 0 ? 0 : buttons(1, Math.min(frame, known));
      stepWorld(this.#world, buttons(0, frame), other);
      this.#ring[(frame + 1) % SLOTS] = this.#keeping.save(this.#world);
    }
  }
}
