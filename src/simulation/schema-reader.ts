// The schema out of a module's bytes. The module may be a stranger's, so everything the rest of the house relies on is checked here.
import { SamestepError } from "../error.js";
import { type CustomSection, Malformed, readModule } from "../proof/binary.js";
import { INPUT_BYTES_MAX, SEATS_MAX } from "../wire/limits.js";
import {
  type Field,
  isScalar,
  type Region,
  SCALAR_BYTES,
  SCHEMA_SECTION,
  type Schema,
  type SchemaClass,
} from "./schema-shape.js";
import { CELL_HEADER_BYTES, GAME_CONFIG_HEADER_BYTES } from "./simulation.js";

const PAGE_BYTES = 65536;
/** A schema is some hundred lines of JSON; a megabyte of it is no game. */
const SECTION_BYTES_MAX = 1 << 20;
const FRAMES_PER_SECOND_MAX = 240;
const TRAP_BYTES = 20;
const PHASE_BYTES = 4;
/** A view of the state has an object for each nested one, made in advance. */
const OBJECTS_MAX = 1 << 20;
const NAME = /^[A-Za-z_$][\w$]{0,99}$/;

class Bad extends Error {}

/**
 * The schema of a game module.
 * @throws SamestepError BAD_GAME
 */
export function readSchema(bytes: Uint8Array): Schema {
  try {
    const { customs, memories } = readModule(bytes);
    const found = customs.filter(({ name }) => name === SCHEMA_SECTION);
    if (found.length !== 1)
      throw new Bad(found.length === 0 ? "it has no schema: build it with `samestep build`" : "it has several schemas");
    const schema = parse(found[0]!) as Schema;
    checkHead(schema);
    checkClasses(schema);
    checkRegions(schema, (memories[0]?.min ?? 0) * PAGE_BYTES);
    return schema;
  } catch (error) {
    if (!(error instanceof Bad || error instanceof Malformed)) throw error;
    throw new SamestepError("BAD_GAME", `this module is no game: ${error.message}`);
  }
}

function parse({ contents }: CustomSection): unknown {
  if (contents.length > SECTION_BYTES_MAX) throw new Bad("its schema is too long");
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(contents));
  } catch {
    throw new Bad("its schema is not JSON");
  }
}

function checkHead(schema: Schema): void {
  object(schema, "the schema");
  const known = schema.kind === "arena" || schema.kind === "managed";
  law(schema.format === 1 && known, "its schema is of another version: build it again");
  whole(schema.framesPerSecond, 1, FRAMES_PER_SECOND_MAX, "framesPerSecond");
  law(schema.commands === undefined || schema.commands === true, "commands is neither true nor absent");
  object(schema.players, "players");
  whole(schema.players.min, 1, SEATS_MAX, "players.min");
  whole(schema.players.max, schema.players.min, SEATS_MAX, "players.max");
  object(schema.classes, "classes");
}

function checkClasses(schema: Schema): void {
  const entries = Object.entries(schema.classes);
  const ids = new Set<number>();
  for (const [name, each] of entries) {
    law(NAME.test(name) && name !== "__proto__", "a class has no proper name");
    object(each, name);
    law(["state", "input", "event", "config"].includes(each.kind), `${name} is of an unknown kind`);
    whole(each.id, 0, 0xffff, `${name}.id`);
    law(!ids.has(each.id), `${name} shares its id with another class`);
    ids.add(each.id);
    whole(each.size, 1, 2 ** 32, `${name}.size`);
    // A managed game may show nothing of its memory.
    const least = schema.kind === "managed" && name === schema.root ? 0 : 1;
    whole(each.bytes, least, each.size, `${name}.bytes`);
    law(Array.isArray(each.fields) && each.fields.length >= least, `${name} has no fields`);
    for (const field of each.fields) checkField(schema, name, field);
  }
  for (const [name, each] of entries) checkPlaces(schema, name, each);
  const objects = new Map<string, number>();
  for (const [name] of entries)
    law(countObjects(schema, name, objects) <= OBJECTS_MAX, `${name} holds too many objects`);
  for (const [role, kind] of [
    ["root", "state"],
    ["input", "input"],
    ["config", "config"],
  ] as const) {
    const name: unknown = schema[role];
    if (role === "config" && name === undefined) continue;
    law(typeof name === "string" && Object.hasOwn(schema.classes, name), `${role} names no class`);
    law(schema.classes[name as string]!.kind === kind, `${role} is not an @${kind} class`);
  }
}

function checkField(schema: Schema, owner: string, field: Field): void {
  object(field, `a field of ${owner}`);
  law(
    typeof field.name === "string" && NAME.test(field.name) && field.name !== "__proto__",
    `a field of ${owner} has no proper name`,
  );
  const name = `${owner}.${field.name}`;
  law(typeof field.type === "string", `${name} has no type`);
  const known =
    field.kind === "number"
      ? isScalar(field.type)
      : field.kind === "nested" && Object.hasOwn(schema.classes, field.type);
  law(known, `${name} is of an unknown type`);
  whole(field.offset, 0, 2 ** 32, `${name}.offset`);
  if (field.count !== undefined) whole(field.count, 1, 2 ** 32, `${name}.count`);
  law(
    (field.bool === undefined || field.bool) && !field.bool === (field.type !== "bool"),
    `${name}.bool contradicts its type`,
  );
  if (field.scale === undefined) return;
  whole(field.scale, 1, 2 ** 31, `${name}.scale`);
  law(field.type === "i32" || field.type === "u32", `${name} has a scale, but is no i32`);
}

/** Fields stand in order, inside their object, and none lies on another. */
function checkPlaces(schema: Schema, name: string, { fields, size, bytes }: SchemaClass): void {
  const names = new Set<string>();
  let end = 0;
  for (const field of fields) {
    const of = `${name}.${field.name}`;
    law(!names.has(field.name), `${of} exists twice`);
    names.add(field.name);
    law(field.offset >= end, `${of} lies on the field before it`);
    const one = isScalar(field.type) ? SCALAR_BYTES[field.type] : schema.classes[field.type]!.size;
    end = field.offset + one * (field.count ?? 1);
    law(end <= size, `${of} is larger than its object`);
  }
  law(end === bytes, `${name}.bytes is not the end of its last field`);
}

/** Objects inside one of the class, itself included. Sizes grow with depth, so a circle cannot pass `checkPlaces`; be sure all the same. */
function countObjects(schema: Schema, name: string, known: Map<string, number>): number {
  const before = known.get(name);
  if (before !== undefined) return before;
  known.set(name, Number.POSITIVE_INFINITY);
  let count = 1;
  for (const field of schema.classes[name]!.fields)
    if (field.kind === "nested") count += (field.count ?? 1) * countObjects(schema, field.type, known);
  known.set(name, count);
  return count;
}

function checkRegions(schema: Schema, memoryBytes: number): void {
  const { regions, classes } = schema;
  object(regions, "regions");
  const places: { name: string; begin: number; end: number }[] = [];
  const place = (name: string, address: unknown, size: number) => {
    whole(address, 1, memoryBytes - size, `regions.${name}.address`);
    places.push({ name, begin: address as number, end: (address as number) + size });
  };
  const configBytes = GAME_CONFIG_HEADER_BYTES + (schema.config === undefined ? 0 : classes[schema.config]!.size);
  const stateBytes = classes[schema.root]!.size;
  const managed = schema.kind === "managed";
  const bounds: [keyof Schema["regions"] & string, number, number][] = [
    ["state", stateBytes, stateBytes],
    ["config", configBytes, configBytes],
    ["events", 4, memoryBytes],
    ["trap", TRAP_BYTES, TRAP_BYTES],
    ["phase", PHASE_BYTES, PHASE_BYTES],
    ...(regions.globals === undefined ? [] : [["globals", 0, memoryBytes] as ["globals", number, number]]),
  ];
  for (const [name, min, max] of bounds) {
    const region = regions[name] as Region;
    object(region, `regions.${name}`);
    whole(region.size, min, max, `regions.${name}.size`);
    if (name !== "state" || !managed) place(name, region.address, region.size);
  }
  // The state of a managed game is all there is, the other regions included.
  if (managed) law(regions.state.address === 0 && stateBytes === memoryBytes, "regions.state is not the whole memory");
  const { inputs } = regions;
  object(inputs, "regions.inputs");
  whole(inputs.players, schema.players.max, SEATS_MAX, "regions.inputs.players");
  whole(inputs.bytesMax, classes[schema.input]!.bytes, INPUT_BYTES_MAX, "regions.inputs.bytesMax");
  law(inputs.stride === CELL_HEADER_BYTES + inputs.bytesMax, "regions.inputs.stride is not a header and an input");
  law(regions.events.address % 4 === 0, "regions.events does not lie on whole words");
  law(inputs.address % 4 === 0 && inputs.stride % 4 === 0, "regions.inputs does not lie on whole words");
  place("inputs", inputs.address, inputs.players * inputs.stride);
  places.sort((a, b) => a.begin - b.begin);
  for (const [i, each] of places.slice(1).entries())
    law(places[i]!.end <= each.begin, `the regions ${places[i]!.name} and ${each.name} overlap`);
}

function law(holds: boolean, otherwise: string): void {
  if (!holds) throw new Bad(otherwise);
}

function object(value: unknown, name: string): void {
  law(typeof value === "object" && value !== null && !Array.isArray(value), `${name} is missing from its schema`);
}

function whole(value: unknown, min: number, max: number, name: string): void {
  law(
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max,
    `${name} is out of range in its schema`,
  );
}
