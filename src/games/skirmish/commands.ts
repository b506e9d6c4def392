// What a player commands, as bytes: one input is a list of commands, written here and read by the simulation.
import { COMMANDS_MAX, Command, INPUT_BYTES } from "./rules.js";

/** Kinds of units as a mask for `selectBox` and `selectKinds`: bit k for kind k. */
export const WORKERS = 1 << 1;
export const FIGHTERS = (1 << 2) | (1 << 3) | (1 << 4) | (1 << 5);

/**
 * Collects the commands of one frame. Each answers whether there was room for it; a command that came too late for this
 * input goes into the next one. Places are in 256ths of a tile, tiles in tiles, units and buildings by their index.
 */
export class Commands {
  readonly #bytes = new Uint8Array(INPUT_BYTES);
  #end = 0;
  #count = 0;

  /** The input of the frame; the next command begins a new one. */
  take(): Uint8Array {
    const bytes = this.#bytes.slice(0, this.#end);
    this.#end = 0;
    this.#count = 0;
    return bytes;
  }

  get isEmpty(): boolean {
    return this.#end === 0;
  }

  /** Selects one's own units of these kinds inside the box, instead of or, with `add`, beside those already selected. */
  selectBox(x0: number, y0: number, x1: number, y1: number, kinds: number, add = false): boolean {
    return this.#write(Command.SelectBox, [kinds, add ? 1 : 0], [x0, y0, x1, y1]);
  }

  selectUnits(units: readonly number[], add = false): boolean {
    return this.#write(Command.SelectUnits, [add ? 1 : 0, units.length], units);
  }

  /** Selects all of one's units of these kinds, wherever they are. */
  selectKinds(kinds: number, add = false): boolean {
    return this.#write(Command.SelectKinds, [kinds, add ? 1 : 0], []);
  }

  /** Selects a group, 1 to 7. */
  selectGroup(group: number, add = false): boolean {
    return this.#write(Command.SelectGroup, [group, add ? 1 : 0], []);
  }

  /** Makes the selection group 1 to 7: its members before leave it, or with `add` stay. */
  setGroup(group: number, add = false): boolean {
    return this.#write(Command.SetGroup, [group, add ? 1 : 0], []);
  }

  move(x: number, y: number): boolean {
    return this.#write(Command.Move, [], [x, y]);
  }

  /** Goes there and fights whatever it meets. */
  advance(x: number, y: number): boolean {
    return this.#write(Command.Advance, [], [x, y]);
  }

  /** Goes for one enemy: a unit, or FIRST_BUILDING + a building. */
  attack(target: number): boolean {
    return this.#write(Command.Attack, [], [target]);
  }

  stop(): boolean {
    return this.#write(Command.Stop, [], []);
  }

  hold(): boolean {
    return this.#write(Command.Hold, [], []);
  }

  /** The selected workers dig near this place. */
  gather(x: number, y: number): boolean {
    return this.#write(Command.Gather, [], [x, y]);
  }

  /** The nearest selected worker founds a building whose upper left tile this is. */
  build(structure: number, tileX: number, tileY: number): boolean {
    return this.#write(Command.Build, [structure, tileX, tileY], []);
  }

  train(building: number, kind: number): boolean {
    return this.#write(Command.Train, [building, kind], []);
  }

  research(building: number, upgrade: number): boolean {
    return this.#write(Command.Research, [building, upgrade], []);
  }

  rally(building: number, x: number, y: number): boolean {
    return this.#write(Command.Rally, [building], [x, y]);
  }

  #write(command: number, bytes: readonly number[], words: readonly number[]): boolean {
    const length = 1 + bytes.length + 2 * words.length;
    if (this.#count === COMMANDS_MAX || this.#end + length > INPUT_BYTES) return false;
    this.#bytes[this.#end++] = command;
    for (const byte of bytes) this.#bytes[this.#end++] = byte;
    for (const word of words) {
      this.#bytes[this.#end++] = word & 255;
      this.#bytes[this.#end++] = word >> 8;
    }
    this.#count++;
    return true;
  }
}
