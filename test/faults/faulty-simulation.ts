// A machine with a flaw: the Simulation port of a game, and something that goes wrong beside it or in it.
import type { WasmSimulation } from "../../src/simulation/game.js";
import type { Schema } from "../../src/simulation/schema.js";
import type { GameConfig, Simulation, StepResult } from "../../src/simulation/simulation.js";

/** What a flaw is told of, and when it may do its harm: to the live state, and to nothing else. */
export interface Flaw {
  /** The game's memory is as the compiler made it. */
  reset?(): void;
  /** A step is about to be played; it has been played. */
  stepping?(): void;
  stepped?(): void;
  /** The live state is about to be saved. */
  saving?(): void;
  /** The live state is about to be replaced by another one; it has been replaced. */
  replacing?(): void;
  replaced?(): void;
  /** The page looks at the state, between two ticks of the match. */
  glance?(): void;
  /** What of the flaw lies in the game's memory: answers how to bring it back. */
  remember?(): () => void;
  /** What this machine says it runs, where that is not true. */
  readonly gameHash?: string;
}

export class FaultySimulation implements Simulation {
  readonly #inner: WasmSimulation;
  readonly #flaw: Flaw;

  constructor(inner: WasmSimulation, flaw: Flaw) {
    this.#inner = inner;
    this.#flaw = flaw;
  }

  get gameHash(): string {
    return this.#flaw.gameHash ?? this.#inner.gameHash;
  }
  get schemaHash(): string {
    return this.#inner.schemaHash;
  }
  get coreHash(): string {
    return this.#inner.coreHash;
  }
  get schema(): Schema {
    return this.#inner.schema;
  }
  get stateBytes(): number {
    return this.#inner.stateBytes;
  }
  get cellBytes(): number {
    return this.#inner.cellBytes;
  }
  get slots(): number {
    return this.#inner.slots;
  }
  get sparse(): boolean {
    return this.#inner.sparse;
  }
  get inputs(): Uint32Array {
    return this.#inner.inputs;
  }
  get trap(): string | undefined {
    return this.#inner.trap;
  }
  get link(): Uint32Array {
    return this.#inner.link;
  }
  get events(): Uint8Array {
    return this.#inner.events;
  }
  get eventsEnd(): number {
    return this.#inner.eventsEnd;
  }

  reset(config: GameConfig): void {
    this.#inner.reset(config);
    this.#flaw.reset?.();
  }

  step(record?: Uint8Array): StepResult {
    this.#flaw.stepping?.();
    const result = this.#inner.step(record);
    if (result === "stepped") this.#flaw.stepped?.();
    return result;
  }

  save(slot: number): void {
    this.#flaw.saving?.();
    this.#inner.save(slot);
  }

  restore(slot: number): void {
    this.#flaw.replacing?.();
    this.#inner.restore(slot);
    this.#flaw.replaced?.();
  }

  load(state: Uint8Array): void {
    this.#flaw.replacing?.();
    this.#inner.load(state);
    this.#flaw.replaced?.();
  }

  aside<T>(run: () => T): T {
    const bringBack = this.#flaw.remember?.();
    try {
      return this.#inner.aside(run);
    } finally {
      bringBack?.();
    }
  }

  hash(slot: number, into: Uint32Array, at: number): void {
    this.#inner.hash(slot, into, at);
  }
  digest(bytes: Uint8Array, into: Uint32Array, at: number): void {
    this.#inner.digest(bytes, into, at);
  }
  hashLink(slot: number, bytes: number): void {
    this.#inner.hashLink(slot, bytes);
  }
  leaves(state: Uint8Array): Uint8Array {
    return this.#inner.leaves(state);
  }
  copy(slot: number): Uint8Array {
    return this.#inner.copy(slot);
  }
  read(slot: number, into: Uint8Array): void {
    this.#inner.read(slot, into);
  }
  present(): Uint8Array {
    return this.#inner.present();
  }
  encodeDelta(base: Uint8Array, target: Uint8Array): Uint8Array {
    return this.#inner.encodeDelta(base, target);
  }
  decodeDelta(base: Uint8Array, delta: Uint8Array): Uint8Array | undefined {
    return this.#inner.decodeDelta(base, delta);
  }
  flip(offset: number, mask: number): void {
    this.#inner.flip(offset, mask);
  }
}
