// rollback-netcode 0.0.6, its engine driven without transport: as its README shows it, and as well as it can be used.
import type { Game, PlayerId, RollbackEngine, Tick } from "rollback-netcode";
import { cloneWorld, newWorld, stepWorld, type World, worldWords } from "./objects.js";
import { startTyped, stepTyped, typedWords } from "./typed.js";
import { buttons, ENTITY_WORDS, fnv, HEADER_WORDS, type Implementation, LATE, type Size } from "./workload.js";

const OWN = "a" as PlayerId;
const OTHER = "b" as PlayerId;

interface WordsGame extends Game {
  words(): Int32Array;
}

/** At its best: the state is a typed array, and a save is one copy. The engine itself makes a second. */
class TypedGame implements WordsGame {
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;

  constructor({ entities }: Size) {
    this.#words = new Int32Array(typedWords(entities));
    this.#bytes = new Uint8Array(this.#words.buffer);
    startTyped(this.#words);
  }

  serialize(): Uint8Array {
    return this.#bytes;
  }

  deserialize(saved: Uint8Array): void {
    this.#bytes.set(saved);
  }

  step(inputs: Map<PlayerId, Uint8Array>): void {
    stepTyped(this.#words, inputs.get(OWN)?.[0] ?? 0, inputs.get(OTHER)?.[0] ?? 0);
  }

  hash(): number {
    return fnv(this.#words);
  }

  words(): Int32Array {
    return this.#words;
  }
}

/** As the README shows: objects, written and read through a DataView field by field, into a new buffer each time. */
class ReadmeGame implements WordsGame {
  #world: World;

  constructor({ entities }: Size) {
    this.#world = newWorld(entities);
  }

  serialize(): Uint8Array {
    const { frame, seed, entities } = this.#world;
    const buffer = new ArrayBuffer(4 * (HEADER_WORDS + ENTITY_WORDS * entities.length));
    const view = new DataView(buffer);
    view.setInt32(0, frame);
    view.setInt32(4, seed);
    let at = 4 * HEADER_WORDS;
    for (const me of entities) {
      for (const value of Object.values(me) as number[]) {
        view.setInt32(at, value);
        at += 4;
      }
    }
    return new Uint8Array(buffer);
  }

  deserialize(saved: Uint8Array): void {
    const view = new DataView(saved.buffer, saved.byteOffset, saved.byteLength);
    const world = this.#world;
    world.frame = view.getInt32(0);
    world.seed = view.getInt32(4);
    let at = 4 * HEADER_WORDS;
    for (const me of world.entities) {
      for (const field of Object.keys(me) as (keyof typeof me)[]) {
        me[field] = view.getInt32(at);
        at += 4;
      }
    }
  }

  step(inputs: Map<PlayerId, Uint8Array>): void {
    stepWorld(this.#world, inputs.get(OWN)?.[0] ?? 0, inputs.get(OTHER)?.[0] ?? 0);
  }

  /** Over all of the state, as in the README. */
  hash(): number {
    let hash = this.#world.seed;
    for (const me of this.#world.entities) {
      for (const value of Object.values(me) as number[]) hash = (Math.imul(hash, 31) + value) | 0;
    }
    return hash;
  }

  words(): Int32Array {
    return worldWords(cloneWorld(this.#world));
  }
}

export const STYLES = { best: TypedGame, readme: ReadmeGame };

/** Throws when the package is not installed. */
export async function rollbackNetcode(size: Size, style: keyof typeof STYLES): Promise<Implementation> {
  const { RollbackEngine } = await import("rollback-netcode");
  const game = new STYLES[style](size);
  const engine = new RollbackEngine({ game, localPlayerId: OWN });
  engine.addPlayer(OTHER, 0 as Tick);
  return new Driven(game, engine);
}

class Driven implements Implementation {
  readonly #game: WordsGame;
  readonly #engine: RollbackEngine;
  readonly #input = new Uint8Array(1);
  #frame = 0;

  constructor(game: WordsGame, engine: RollbackEngine) {
    this.#game = game;
    this.#engine = engine;
  }

  frame(): void {
    const frame = this.#frame;
    this.#input[0] = buttons(0, frame);
    this.#engine.setLocalInput(frame as Tick, this.#input);
    if (frame >= LATE) this.#receive(frame - LATE);
    this.#engine.tick();
    this.#frame += 1;
  }

  /** The engine rolls back only when it ticks, so it plays one frame more, which is then taken back. */
  finish(): Int32Array {
    for (let frame = this.#frame - LATE; frame < this.#frame; frame++) this.#receive(frame);
    let words: Int32Array | undefined;
    const step = this.#game.step.bind(this.#game);
    const last = this.#frame;
    let steps = 0;
    this.#game.step = (inputs) => {
      if (steps++ === LATE) words = this.#game.words().slice();
      step(inputs);
    };
    this.#input[0] = buttons(0, last);
    this.#engine.setLocalInput(last as Tick, this.#input);
    this.#engine.tick();
    return words!;
  }

  #receive(frame: number): void {
    this.#input[0] = buttons(1, frame);
    this.#engine.receiveRemoteInput(OTHER, frame as Tick, this.#input);
  }
}
