// The fighter's module driven by hand, without sessions: cells in, one step, view and events out.
import { readFile } from "node:fs/promises";
import type { Fighter, Game, World } from "../../src/games/fighter/types.js";
import { type Field, readSchema, type Schema } from "../../src/simulation/schema.js";
import { stateView } from "../../src/simulation/view.js";

export type BoutEvent = Game["event"];

export interface BoutOptions {
  readonly seed?: number;
  readonly roundSeconds?: number;
  readonly roundsToWin?: number;
  readonly hazard?: number;
  readonly characters?: readonly [number, number];
}

const CELL_HEADER = 8;
const CONFIG_HEADER = 16;

const wasm = await readFile(new URL("../../build/games/fighter.wasm", import.meta.url));
export const schema: Schema = readSchema(wasm);
const module = await WebAssembly.compile(wasm);

type Exports = { memory: WebAssembly.Memory; init(): void; step(): void };

/** One match from its first frame. Without other words: hazard off, Rill against Cairn. */
export class Bout {
  readonly world: World;
  events: BoutEvent[] = [];
  readonly #exports: Exports;
  readonly #memory: DataView;

  constructor({ seed = 1, roundSeconds = 0, roundsToWin = 0, hazard = 1, characters = [0, 0] }: BoutOptions = {}) {
    this.#exports = new WebAssembly.Instance(module).exports as unknown as Exports;
    this.#memory = new DataView(this.#exports.memory.buffer);
    this.world = stateView(schema, schema.root, this.#memory, schema.regions.state.address) as World;
    const config = schema.regions.config.address;
    this.#memory.setUint32(config, 2, true);
    this.#memory.setUint32(config + 4, seed, true);
    for (const [name, value] of Object.entries({
      roundSeconds,
      roundsToWin,
      hazard,
      firstCharacter: characters[0],
      secondCharacter: characters[1],
    }))
      this.#write(fieldOf("Rules", name), config + CONFIG_HEADER, value);
    this.#exports.init();
  }

  get first(): Fighter {
    return this.world.fighters[0]!;
  }

  get second(): Fighter {
    return this.world.fighters[1]!;
  }

  step(first = 0, second = 0): BoutEvent[] {
    this.#press(0, first, 1);
    this.#press(1, second, 1);
    return this.#step();
  }

  /** A frame in which one player is absent; his cell says something that would show. */
  absent(seat: number): BoutEvent[] {
    this.#press(seat, 0xff, 0);
    this.#press(1 - seat, 0, 1);
    return this.#step();
  }

  #step(): BoutEvent[] {
    this.#memory.setUint32(schema.regions.events.address, 0, true);
    this.#exports.step();
    this.events = this.#readEvents();
    return this.events;
  }

  /** The same buttons for some frames; all events of them. */
  run(frames: number, first = 0, second = 0): BoutEvent[] {
    return Array.from({ length: frames }, () => this.step(first, second)).flat();
  }

  /** Both sides play the given buttons, one entry a frame, until both scripts are over. */
  play(first: readonly number[], second: readonly number[] = []): BoutEvent[] {
    const frames = Math.max(first.length, second.length);
    return Array.from({ length: frames }, (_, frame) => this.step(first[frame] ?? 0, second[frame] ?? 0)).flat();
  }

  /** Steps until `happened`, and says after how many frames; never, when it takes more than `atMost`. */
  until(happened: () => boolean, first = 0, second = 0, atMost = 600): number {
    for (let frame = 1; frame <= atMost; frame++) {
      this.step(first, second);
      if (happened()) return frame;
    }
    return Number.POSITIVE_INFINITY;
  }

  /** A test may arrange a scene: `set("fighters", 1, "position", "x", 400)`. Fixed fields take decimals. */
  set(...path: readonly (string | number)[]): void {
    let at = schema.regions.state.address;
    let type = schema.root;
    let field: Field | undefined;
    for (const key of path.slice(0, -1)) {
      if (typeof key === "number") {
        at += key * (field!.kind === "nested" ? schema.classes[field!.type]!.size : 1);
        continue;
      }
      field = fieldOf(type, key);
      at += field.offset;
      type = field.type;
    }
    this.#write({ ...field!, offset: 0 }, at, path[path.length - 1] as number);
  }

  /** A fresh copy of the state's bytes. */
  state(): Uint8Array {
    const { address, size } = schema.regions.state;
    return new Uint8Array(this.#memory.buffer, address, size).slice();
  }

  restore(state: Uint8Array): void {
    new Uint8Array(this.#memory.buffer).set(state, schema.regions.state.address);
  }

  #press(seat: number, buttons: number, presence: number): void {
    const { address, stride } = schema.regions.inputs;
    const cell = address + seat * stride;
    this.#memory.setUint8(cell, presence);
    this.#memory.setUint16(cell + 2, 2, true);
    this.#memory.setUint16(cell + CELL_HEADER, buttons, true);
  }

  #readEvents(): BoutEvent[] {
    const region = schema.regions.events.address;
    const end = region + 4 + this.#memory.getUint32(region, true);
    const events: BoutEvent[] = [];
    for (let at = region + 4; at < end; ) {
      const id = this.#memory.getUint16(at, true);
      const [name] = Object.entries(schema.classes).find(([, each]) => each.kind === "event" && each.id === id)!;
      const view = stateView(schema, name, this.#memory, at + 4) as Record<string, number>;
      const fields = schema.classes[name]!.fields.map((field) => [field.name, view[field.name]]);
      events.push({ type: name, ...Object.fromEntries(fields) } as BoutEvent);
      at += 4 + this.#memory.getUint16(at + 2, true);
    }
    return events;
  }

  #write(field: Field, at: number, value: number): void {
    const stored = value * (field.scale ?? 1);
    switch (field.type) {
      case "i8":
      case "u8":
        this.#memory.setUint8(at + field.offset, stored);
        break;
      case "i16":
      case "u16":
        this.#memory.setUint16(at + field.offset, stored, true);
        break;
      default:
        this.#memory.setUint32(at + field.offset, stored, true);
    }
  }
}

/** A bout in which the fight has begun, with the fighters `gap` units from middle to middle. */
export function fightingAt(gap: number, options: BoutOptions = {}): Bout {
  const bout = new Bout(options);
  bout.until(() => bout.world.phase === 1);
  bout.set("fighters", 0, "position", "x", 480 - gap / 2);
  bout.set("fighters", 1, "position", "x", 480 + gap / 2);
  return bout;
}

function fieldOf(type: string, name: string): Field {
  return schema.classes[type]!.fields.find((field) => field.name === name)!;
}
