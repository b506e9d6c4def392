// A battle twice: in the game's own memory and in the twin's arrays, from the same beginning.
import type { Game } from "../src/simulation/game.js";
import type { Schema } from "../src/simulation/schema.js";
import { configWriter } from "../src/simulation/view.js";
import { type Rows, Twin } from "./strategy-twin.js";

const CONFIG_HEADER = 16;
const PRESENCE_HERE = 1;

interface Exports {
  memory: WebAssembly.Memory;
  init(): void;
  step(): void;
}

/** Where a field lies in the state, by its path. */
function place(schema: Schema, path: readonly string[]): { offset: number; type: string; count: number } {
  let type = schema.root;
  let offset = 0;
  let count = 1;
  for (const name of path) {
    const field = schema.classes[type]!.fields.find((each) => each.name === name)!;
    offset += field.offset;
    type = field.type;
    count = field.count ?? 1;
  }
  return { offset, type, count };
}

const ARRAYS = { i16: Int16Array, u16: Uint16Array, u8: Uint8Array } as const;

function rowsOf(schema: Schema, buffer: ArrayBuffer, base: number): Rows {
  const row = (...path: string[]) => {
    const { offset, type, count } = place(schema, path);
    return new ARRAYS[type as keyof typeof ARRAYS](buffer, base + offset, count);
  };
  const units = ["x", "y", "vx", "vy", "health", "goalX", "goalY", "target", "kind", "owner", "order", "cool", "stuck"];
  const land = ["wall", "seen", "explored"];
  return Object.fromEntries([
    ...units.map((name) => [name, row("units", name)]),
    ...land.map((name) => [name, row("land", name)]),
  ]) as unknown as Rows;
}

export class Battle {
  readonly #exports: Exports;
  readonly #state: Uint8Array;
  readonly #memory: DataView;
  readonly #eventsAt: number;
  readonly #endAt: number;
  readonly #frameAt: number;
  readonly #rows: Rows;
  readonly #twinState: Uint8Array;
  readonly #twin: Twin;
  #kept: Uint8Array;

  static async create(game: Game, units: number): Promise<Battle> {
    const { instance } = await WebAssembly.instantiate(game.wasm as BufferSource, {});
    return new Battle(game.schema, instance.exports as unknown as Exports, units);
  }

  private constructor(schema: Schema, exports: Exports, units: number) {
    const { buffer } = exports.memory;
    const { state, config, inputs, events } = schema.regions;
    this.#exports = exports;
    this.#memory = new DataView(buffer);
    this.#state = new Uint8Array(buffer, state.address, state.size);
    this.#eventsAt = events.address;
    this.#endAt = state.address + place(schema, ["unitsEnd"]).offset;
    this.#frameAt = state.address + place(schema, ["frame"]).offset;
    this.#memory.setUint32(config.address, 2, true);
    this.#memory.setUint32(config.address + 4, 1, true);
    const rules = new Uint8Array(buffer, config.address + CONFIG_HEADER, config.size - CONFIG_HEADER);
    configWriter(schema)({ battle: 1, army: units / 2 }, rules);
    for (const seat of [0, 1]) this.#memory.setUint8(inputs.address + seat * inputs.stride, PRESENCE_HERE);
    exports.init();
    this.#kept = this.#state.slice();
    this.#rows = rowsOf(schema, buffer, state.address);
    this.#twinState = this.#state.slice();
    const twinRows = rowsOf(schema, this.#twinState.buffer as ArrayBuffer, 0);
    this.#twin = new Twin(twinRows, 0, this.#unitsEnd);
  }

  get #unitsEnd(): number {
    return this.#memory.getUint16(this.#endAt, true);
  }

  get alive(): number {
    return this.#rows.kind.reduce((sum, kind) => sum + (kind !== 0 ? 1 : 0), 0);
  }

  step(): void {
    this.#memory.setUint32(this.#eventsAt, 0, true);
    this.#exports.step();
  }

  stepTwin(): void {
    this.#twin.step();
  }

  /** A copy of all of the state. */
  state(): Uint8Array {
    return this.#state.slice();
  }

  /** The state as it is now is where `rewind` goes. */
  keep(): void {
    this.#kept = this.#state.slice();
  }

  /** Both begin again from the state that was kept. */
  rewind(): void {
    this.#state.set(this.#kept);
    this.#twinState.set(this.#kept);
    this.#twin.frame = this.#memory.getUint32(this.#frameAt, true);
    this.#twin.unitsEnd = this.#unitsEnd;
  }

  /** Plays both, and throws where a row of the units differs: otherwise their times could not be compared. */
  insistOnEqualTwin(frames: number): void {
    this.rewind();
    for (let frame = 1; frame <= frames; frame++) {
      this.step();
      this.stepTwin();
      for (const [name, row] of Object.entries(this.#rows) as [keyof Rows, Rows[keyof Rows]][]) {
        const theirs = this.#twin.rows[name];
        const at = row.findIndex((value, index) => value !== theirs[index]);
        if (at >= 0)
          throw new Error(`after frame ${frame} ${name}[${at}] is ${row[at]}, and ${theirs[at]} in the twin`);
      }
    }
  }
}
