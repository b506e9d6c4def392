// The flaws themselves: each does to a machine, at the border of its Simulation port, what its namesakes do in the world.
import type { Random } from "../../src/netsim/random.js";
import type { WasmSimulation } from "../../src/simulation/game.js";
import type { Flaw } from "./faulty-simulation.js";
import type { WayName } from "./kinds.js";
import { type Place, placesOf } from "./places.js";
import type { FaultPlan } from "./plan.js";

/** Draws of a page that throws the game's dice, in frames side by side. */
const DRAWS = 6;

/** The bits of a NaN that are its own: the sign, and all below the one that makes it quiet. */
const PAYLOAD_BITS: Readonly<Record<string, readonly number[]>> = {
  f32: [31, 0, 5, 11, 21],
  f64: [63, 0, 17, 40, 50],
};

/** The faulty machine, as a flaw sees it: its live state, and what frame that is. */
class Machine {
  readonly state: Uint8Array;
  readonly places: readonly Place[];
  readonly #view: DataView;

  constructor({ schema, memory }: WasmSimulation) {
    const { address, size } = schema.regions.state;
    this.state = new Uint8Array(memory.buffer, address, size);
    this.#view = new DataView(memory.buffer, address, size);
    this.places = placesOf(schema);
  }

  /** All these games begin their state with it. */
  get frame(): number {
    return this.#view.getUint32(0, true);
  }

  word(offset: number): number {
    return this.#view.getUint32(offset, true);
  }

  put(offset: number, word: number): void {
    this.#view.setUint32(offset, word, true);
  }
}

/** A number, each field as likely as any other however many elements it has; not the frame, which all flaws go by. */
function pick(random: Random, places: readonly Place[], types?: readonly string[]): Place {
  const numbers = places.filter(
    ({ type, offset }) => offset > 0 && type !== undefined && (types?.includes(type) ?? true),
  );
  const field = random.pick([...new Set(numbers.map((place) => place.field))]);
  return random.pick(numbers.filter((place) => place.field === field));
}

/** The numbers that change all the time, without which no rollback shows what it forgets. */
type Lively = () => readonly Place[];

/** A change of the live state, the same whenever it is made. */
type Change = () => void;

/** What a way does to this machine; "input" is no flaw of a simulation. */
export function flawOf({ way, frame }: FaultPlan, simulation: WasmSimulation, lively: Lively, random: Random): Flaw {
  const machine = new Machine(simulation);
  switch (way) {
    case "field in the step":
      return inStep(machine, frame, otherNumber(machine, random));
    case "field by the page, each time":
      return eachTime(machine, frame, otherNumber(machine, random));
    case "field by the page, once":
      return once(machine, frame, otherNumber(machine, random));
    case "bit in the step":
      return inStep(machine, frame, otherBit(machine, random));
    case "bit, each time":
      return eachTime(machine, frame, otherBit(machine, random));
    case "bit, once":
      return once(machine, frame, otherBit(machine, random));
    case "stale cache":
      return staleCache(machine, pick(random, lively()));
    case "random drawn":
      return drawing(machine, frame);
    case "missing part":
      return missing(machine, pick(random, lively()));
    case "NaN":
      return otherNaN(machine, frame, lively, random);
    case "build that lies":
    case "build that tells":
    case "input":
      return {};
    default:
      return way satisfies never;
  }
}

/** Whether the simulation that has this flaw is one of the game's own module. */
export function isOtherBuild(way: WayName): boolean {
  return way === "build that lies" || way === "build that tells";
}

function otherNumber(machine: Machine, random: Random): Change {
  const { offset, bytes, type } = pick(random, machine.places);
  const by = 1 + random.below(type === "bool" ? 1 : 255);
  const byte = type === "bool" ? 0 : random.below(bytes);
  return () => {
    machine.state[offset + byte]! ^= by;
  };
}

function otherBit({ state }: Machine, random: Random): Change {
  const offset = 4 + random.below(state.length - 4);
  const mask = 1 << random.below(8);
  return () => {
    state[offset]! ^= mask;
  };
}

/** Whoever plays the frame, for whatever reason, computes something else. */
function inStep(machine: Machine, frame: number, change: Change): Flaw {
  return {
    stepped() {
      if (machine.frame === frame + 1) change();
    },
  };
}

/** The page writes when it is told of the frame, also when it is told again; nobody tells it of frames played aside. */
function eachTime(machine: Machine, frame: number, change: Change): Flaw {
  return {
    saving() {
      if (machine.frame === frame + 1) change();
    },
  };
}

/** Something writes between two ticks, once. A rollback may undo it. */
function once(machine: Machine, frame: number, change: Change): Flaw {
  let done = false;
  return {
    glance() {
      if (done || machine.frame < frame) return;
      done = true;
      change();
    },
  };
}

/** The game goes by its copy of a number and not by the number itself: the same, until a rollback brings back only one. */
function staleCache({ state }: Machine, { offset, bytes }: Place): Flaw {
  let cached: Uint8Array | undefined;
  return {
    reset() {
      cached = undefined;
    },
    stepping() {
      if (cached !== undefined) state.set(cached, offset);
    },
    stepped() {
      cached = state.slice(offset, offset + bytes);
    },
    remember() {
      const before = cached;
      return () => {
        cached = before;
      };
    },
  };
}

/** A number stays as it is when a snapshot is given back. */
function missing({ state }: Machine, { offset, bytes }: Place): Flaw {
  const kept = new Uint8Array(bytes);
  return {
    replacing() {
      kept.set(state.subarray(offset, offset + bytes));
    },
    replaced() {
      state.set(kept, offset);
    },
  };
}

const MULTIPLIER = 6364136223846793005n;
const INCREMENT = 1442695040888963407n;

/** The view throws the game's own dice: for a spark, say, in some frames. */
function drawing(machine: Machine, frame: number): Flaw {
  const at = machine.places.find(({ path }) => path === "random.hi")!.offset;
  let next = frame;
  return {
    glance() {
      if (machine.frame < next || next === frame + DRAWS) return;
      next += 1;
      const state = (BigInt(machine.word(at)) << 32n) | BigInt(machine.word(at + 4));
      const drawn = BigInt.asUintN(64, state * MULTIPLIER + INCREMENT);
      machine.put(at, Number(drawn >> 32n));
      machine.put(at + 4, Number(drawn & 0xffffffffn));
    },
  };
}

/** An engine whose NaN is another one, where a step writes one to this place. */
function otherNaN(machine: Machine, frame: number, lively: Lively, random: Random): Flaw {
  const { offset, bytes, type } = pick(random, lively(), ["f32", "f64"]);
  const bit = random.pick(PAYLOAD_BITS[type!]!);
  const view = new DataView(machine.state.buffer, machine.state.byteOffset + offset, bytes);
  return {
    stepped() {
      if (machine.frame <= frame) return;
      const number = type === "f32" ? view.getFloat32(0, true) : view.getFloat64(0, true);
      if (Number.isNaN(number)) machine.state[offset + (bit >> 3)]! ^= 1 << (bit & 7);
    },
  };
}
