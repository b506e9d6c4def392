// The description of a game that another compiler made: what its author writes as JSON, and the schema it becomes.
import { SamestepError } from "../error.js";
import {
  type Field,
  isScalar,
  type Region,
  SCALAR_BYTES,
  type Schema,
  type SchemaClass,
} from "../simulation/schema.js";
import { CELL_HEADER_BYTES, GAME_CONFIG_HEADER_BYTES } from "../simulation/simulation.js";
import { wholeMemory } from "./whole-memory.js";

/** A number, or the name under which the module exports it. */
export type Address = number | string;

/** A number's type, `fixed`, or a class; an array is the type and how many. */
export type FieldType = string | readonly [type: string, count: number];

/** Classes lie in memory as C lays out its structs. */
export interface Description {
  readonly framesPerSecond?: number;
  readonly players?: { readonly min: number; readonly max: number };
  readonly commands?: boolean;
  readonly input: string;
  readonly config?: string;
  /** The class of the object that pages draw and reports name; it lies at `regions.state`. */
  readonly root?: string;
  readonly regions: {
    readonly config: Address;
    readonly inputs: Address;
    /** 4 096 bytes. */
    readonly events: Address;
    readonly trap: Address;
    readonly phase: Address;
    /** 64 bytes, or as many as `globalsBytes` says. Only a module with variables outside its memory needs it; C has one, its stack pointer. */
    readonly globals?: Address;
    readonly globalsBytes?: number;
    readonly state?: Address;
  };
  /** In the order of their ids, from 0: the `class` of an event record. */
  readonly classes: {
    readonly [name: string]: {
      readonly kind: SchemaClass["kind"];
      readonly fields: { readonly [name: string]: FieldType };
    };
  };
}

const FIXED_SCALE = 65536;
const EVENTS_BYTES = 4096;
const TRAP_BYTES = 20;
const PHASE_BYTES = 4;
const GLOBALS_BYTES = 64;
/** Input cells lie side by side, and begin with words. */
const CELL_ALIGN = 4;

interface Placed extends SchemaClass {
  readonly align: number;
}

/**
 * The schema of a module with so many bytes of memory.
 * @throws SamestepError BAD_USAGE for a type or an address that is not known. What else is wrong, `readSchema` tells.
 */
export function describe(description: Description, memoryBytes: number, addressOf: (name: string) => number): Schema {
  refuseUnknownKeys(description);
  const { regions, classes: declared, root = "", input, config, framesPerSecond = 60 } = description;
  if (!isObject(regions) || !isObject(declared))
    throw new SamestepError("BAD_USAGE", "the schema has no regions or no classes: see docs/other-languages.md");
  const at = (address: Address | undefined, region: string): number => {
    const found = typeof address === "string" ? addressOf(address) : address;
    if (found === undefined || found === null)
      throw new SamestepError("BAD_USAGE", `the schema gives no address to regions.${region}`);
    if (Number.isInteger(found) && found >= 0 && found < memoryBytes) return found;
    throw new SamestepError("BAD_USAGE", `regions.${region} is not in the memory, which has ${memoryBytes} bytes`);
  };
  const { min, max } = description.players ?? { min: 1, max: 8 };
  const placed = new Map<string, Placed>();
  for (const name of Object.keys(declared)) place(name, description, placed, []);
  const cell = placed.get(input);
  if (cell === undefined)
    throw new SamestepError("BAD_USAGE", `the schema's input, '${input}', is none of its classes`);
  const bytesMax = aligned(cell.size, Math.max(CELL_ALIGN, cell.align));
  const shown = placed.get(root);
  const schema: Schema = {
    format: 1,
    kind: "managed",
    framesPerSecond,
    players: { min, max },
    root,
    input,
    ...(description.commands === true && { commands: true }),
    ...(config !== undefined && { config }),
    regions: {
      state: shown === undefined ? { address: 0, size: 0 } : region(at(regions.state, "state"), shown.size),
      config: region(at(regions.config, "config"), GAME_CONFIG_HEADER_BYTES + (placed.get(config ?? "")?.size ?? 0)),
      inputs: { address: at(regions.inputs, "inputs"), players: max, stride: CELL_HEADER_BYTES + bytesMax, bytesMax },
      events: region(at(regions.events, "events"), EVENTS_BYTES),
      trap: region(at(regions.trap, "trap"), TRAP_BYTES),
      phase: region(at(regions.phase, "phase"), PHASE_BYTES),
      ...(regions.globals !== undefined && {
        globals: region(at(regions.globals, "globals"), regions.globalsBytes ?? GLOBALS_BYTES),
      }),
    },
    classes: Object.fromEntries(
      Object.keys(declared).map((name) => {
        const { align: _, ...each } = placed.get(name)!;
        return [name, each];
      }),
    ),
  };
  refuseShared(schema.regions);
  return wholeMemory(schema, memoryBytes);
}

/** What a description may say, by the place that says it. A misspelled key would be a default, in silence. */
const KEYS = {
  "": ["framesPerSecond", "players", "commands", "input", "config", "root", "regions", "classes"],
  "players.": ["min", "max"],
  "regions.": ["config", "inputs", "events", "trap", "phase", "globals", "globalsBytes", "state"],
} as const;
const CLASS_KEYS = ["kind", "fields"];

function refuseUnknownKeys(description: Description): void {
  const refuse = (of: string, value: unknown, known: readonly string[]) => {
    const unknown = isObject(value) ? Object.keys(value).find((key) => !known.includes(key)) : undefined;
    if (unknown !== undefined)
      throw new SamestepError("BAD_USAGE", `the schema's '${of}${unknown}' is unknown: there are ${known.join(", ")}`);
  };
  refuse("", description, KEYS[""]);
  refuse("players.", description.players, KEYS["players."]);
  refuse("regions.", description.regions, KEYS["regions."]);
  for (const [name, each] of Object.entries(description.classes ?? {})) refuse(`classes.${name}.`, each, CLASS_KEYS);
}

/** The host writes the other regions, and the state is the game's. */
function refuseShared({ state, inputs, ...others }: Schema["regions"]): void {
  const places = Object.entries({ ...others, inputs: region(inputs.address, inputs.players * inputs.stride) });
  const shared = places.find(
    ([, { address, size }]) => state.address < address + size && address < state.address + state.size,
  );
  if (shared === undefined || state.size === 0) return;
  throw new SamestepError("BAD_USAGE", `regions.state overlaps regions.${shared[0]}, which is the host's to write`);
}

/** Lays out a class, and before it the classes of its fields. */
function place(name: string, description: Description, placed: Map<string, Placed>, around: readonly string[]): Placed {
  const known = placed.get(name);
  if (known !== undefined) return known;
  if (around.includes(name)) throw new SamestepError("BAD_USAGE", `the class '${name}' contains itself`);
  const names = Object.keys(description.classes);
  const written = description.classes[name];
  if (!isObject(written) || !isObject(written.fields))
    throw new SamestepError("BAD_USAGE", `the class '${name}' has no fields: { "kind": "state", "fields": { … } }`);
  const { kind, fields: declared } = written;
  const fields: Field[] = [];
  let [end, align] = [0, 1];
  for (const [field, asked] of Object.entries(declared)) {
    const [type, count] = Array.isArray(asked) ? asked : [asked, undefined];
    const number = type === "fixed" ? "i32" : type;
    const inner = names.includes(type) ? place(type, description, placed, [...around, name]) : undefined;
    if (inner === undefined && !isScalar(number))
      throw new SamestepError(
        "BAD_USAGE",
        `'${name}.${field}' is of type '${type}', which is unknown: there are ${Object.keys(SCALAR_BYTES).join(", ")}, fixed, and the schema's own classes`,
      );
    const one = inner ?? { size: SCALAR_BYTES[number as keyof typeof SCALAR_BYTES], align: 0 };
    const fieldAlign = inner?.align ?? one.size;
    const offset = aligned(end, fieldAlign);
    fields.push({
      name: field,
      offset,
      type: number,
      ...(type === "fixed" && { scale: FIXED_SCALE }),
      ...(type === "bool" && { bool: true as const }),
      kind: inner === undefined ? "number" : "nested",
      ...(count !== undefined && { count }),
    });
    end = offset + one.size * (count ?? 1);
    align = Math.max(align, fieldAlign);
  }
  const made: Placed = { kind, id: names.indexOf(name), size: aligned(end, align), bytes: end, fields, align };
  placed.set(name, made);
  return made;
}

function isObject<T>(value: T): value is T & object {
  return typeof value === "object" && value !== null;
}

function region(address: number, size: number): Region {
  return { address, size };
}

function aligned(at: number, to: number): number {
  return Math.ceil(at / to) * to;
}
