// The strategy game's module driven by hand, without sessions: cells in, one step, view and events out.
import { readFile } from "node:fs/promises";
import { Commands } from "../../src/games/skirmish/commands.js";
import { Kind, Order } from "../../src/games/skirmish/rules.js";
import type { Building, Game, Seat, World } from "../../src/games/skirmish/types.js";
import { type Field, readSchema, type Schema } from "../../src/simulation/schema.js";
import { configWriter, stateView } from "../../src/simulation/view.js";

export type CampaignEvent = Game["event"];

export interface CampaignOptions {
  readonly players?: number;
  readonly seed?: number;
  readonly minutes?: number;
  readonly army?: number;
  readonly workers?: number;
  readonly ore?: number;
  readonly battle?: number;
  readonly open?: number;
}

const CELL_HEADER = 8;
const CONFIG_HEADER = 16;
const NOTHING = new Uint8Array(0);

const wasm = await readFile(new URL("../../build/games/skirmish.wasm", import.meta.url));
export const schema: Schema = readSchema(wasm);
const module = await WebAssembly.compile(wasm);

type Exports = { memory: WebAssembly.Memory; init(): void; step(): void };

/** The bytes of the game's settings. */
export function rulesOf(options: CampaignOptions): Uint8Array {
  const { players, seed, ...rules } = options;
  const bytes = new Uint8Array(schema.classes.Rules!.size);
  configWriter(schema)(rules, bytes);
  return bytes;
}

/** The input of these commands. */
export function input(write: (commands: Commands) => void): Uint8Array {
  const commands = new Commands();
  write(commands);
  return commands.take();
}

/** A unit as one object, where the state keeps rows. */
export interface Unit {
  readonly index: number;
  readonly x: number;
  readonly y: number;
  readonly health: number;
  readonly kind: number;
  readonly owner: number;
  readonly order: number;
  readonly target: number;
  readonly load: number;
  readonly groups: number;
}

/** One match from its first frame: two players on the map of seed 1, unless told otherwise. */
export class Campaign {
  readonly world: World;
  readonly players: number;
  readonly #exports: Exports;
  readonly #memory: DataView;

  constructor(options: CampaignOptions = {}) {
    const { players = 2, seed = 1 } = options;
    this.players = players;
    this.#exports = new WebAssembly.Instance(module).exports as unknown as Exports;
    this.#memory = new DataView(this.#exports.memory.buffer);
    this.world = stateView(schema, schema.root, this.#memory, schema.regions.state.address) as World;
    const config = schema.regions.config.address;
    this.#memory.setUint32(config, players, true);
    this.#memory.setUint32(config + 4, seed, true);
    new Uint8Array(this.#memory.buffer).set(rulesOf(options), config + CONFIG_HEADER);
    this.#exports.init();
  }

  /** One frame with these inputs by seat; a seat without one commands nothing, and one that is `undefined` is absent. */
  step(...inputs: readonly (Uint8Array | undefined)[]): void {
    for (let seat = 0; seat < this.players; seat++)
      if (seat < inputs.length && inputs[seat] === undefined) this.#write(seat, NOTHING, 0);
      else this.#write(seat, inputs[seat] ?? NOTHING, 1);
    this.#memory.setUint32(schema.regions.events.address, 0, true);
    this.#exports.step();
  }

  /** Some frames without commands; all events of them. */
  run(frames: number): CampaignEvent[] {
    return Array.from({ length: frames }, () => {
      this.step();
      return this.events;
    }).flat();
  }

  /** Steps until `happened`, and says after how many frames; never, when it takes more than `atMost`. */
  until(happened: () => boolean, atMost = 2000): number {
    for (let frame = 1; frame <= atMost; frame++) {
      this.step();
      if (happened()) return frame;
    }
    return Number.POSITIVE_INFINITY;
  }

  unit(index: number): Unit {
    const { x, y, health, kind, owner, order, target, load, groups } = this.world.units;
    return {
      index,
      x: x.at(index),
      y: y.at(index),
      health: health.at(index),
      kind: kind.at(index),
      owner: owner.at(index),
      order: order.at(index),
      target: target.at(index),
      load: load.at(index),
      groups: groups.at(index),
    };
  }

  /** Everybody who lives, of one seat if it is named. */
  units(seat?: number): Unit[] {
    const found: Unit[] = [];
    for (let index = 0; index < this.world.unitsEnd; index++) {
      if (this.world.units.kind.at(index) === Kind.None) continue;
      if (seat === undefined || this.world.units.owner.at(index) === seat) found.push(this.unit(index));
    }
    return found;
  }

  buildings(seat: number): (Building & { readonly index: number })[] {
    return this.world.buildings.flatMap((building, index) =>
      building.kind !== 0 && building.owner === seat ? [Object.assign(Object.create(building), { index })] : [],
    );
  }

  seat(index: number): Seat {
    return this.world.seats[index]!;
  }

  /** A test may arrange a scene: `set(["units", "health", 7], 1)`. */
  set(path: readonly (string | number)[], value: number): void {
    let at = schema.regions.state.address;
    let type = schema.root;
    let field: Field | undefined;
    for (const key of path) {
      if (typeof key === "number") {
        at += key * (field!.kind === "nested" ? schema.classes[field!.type]!.size : bytesOf(field!.type));
        continue;
      }
      field = schema.classes[type]!.fields.find((each) => each.name === key)!;
      at += field.offset;
      type = field.type;
    }
    const bytes = bytesOf(field!.type);
    if (bytes === 1) this.#memory.setUint8(at, value);
    else if (bytes === 2) this.#memory.setUint16(at, value, true);
    else this.#memory.setUint32(at, value, true);
  }

  /** Puts a unit somewhere, where it stays until it is told otherwise. Places in tiles. */
  place(index: number, tileX: number, tileY: number, order: number = Order.Idle): void {
    for (const [axis, tile] of [
      ["X", tileX],
      ["Y", tileY],
    ] as const) {
      this.set(["units", axis.toLowerCase(), index], Math.round(tile * 256));
      this.set(["units", `goal${axis}`, index], Math.round(tile * 256));
      this.set(["units", `v${axis.toLowerCase()}`, index], 0);
    }
    this.set(["units", "order", index], order);
  }

  /** A fresh copy of the state's bytes. */
  state(): Uint8Array {
    const { address, size } = schema.regions.state;
    return new Uint8Array(this.#memory.buffer, address, size).slice();
  }

  /** Those of the last frame. */
  get events(): CampaignEvent[] {
    const region = schema.regions.events.address;
    const end = region + 4 + this.#memory.getUint32(region, true);
    const events: CampaignEvent[] = [];
    for (let at = region + 4; at < end; ) {
      const id = this.#memory.getUint16(at, true);
      const [name] = Object.entries(schema.classes).find(([, each]) => each.kind === "event" && each.id === id)!;
      const view = stateView(schema, name, this.#memory, at + 4) as Record<string, number>;
      const fields = schema.classes[name]!.fields.map((field) => [field.name, view[field.name]]);
      events.push({ type: name, ...Object.fromEntries(fields) } as CampaignEvent);
      at += 4 + this.#memory.getUint16(at + 2, true);
    }
    return events;
  }

  #write(seat: number, bytes: Uint8Array, presence: number): void {
    const { address, stride } = schema.regions.inputs;
    const cell = address + seat * stride;
    new Uint8Array(this.#memory.buffer, cell, stride).fill(0);
    this.#memory.setUint8(cell, presence);
    this.#memory.setUint16(cell + 2, bytes.length, true);
    new Uint8Array(this.#memory.buffer).set(bytes, cell + CELL_HEADER);
  }
}

function bytesOf(type: string): number {
  return type.endsWith("8") || type === "bool" ? 1 : type.endsWith("16") ? 2 : 4;
}
