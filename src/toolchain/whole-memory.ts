// The schema of a managed game: its state is the whole memory, and the root class lies in it where the arena does.
import type { Schema, SchemaClass } from "../simulation/schema.js";

/** The root of a game that shows nothing of its memory. */
const NAMELESS = "Memory";

/** Turns a schema whose state is an arena into one whose state is `bytes` of memory. Without a root class nothing is shown. */
export function wholeMemory(schema: Schema, bytes: number): Schema {
  const { root, classes, regions } = schema;
  const shown = Object.hasOwn(classes, root) ? classes[root] : undefined;
  const { address } = regions.state;
  const memory: SchemaClass = {
    kind: "state",
    id: shown?.id ?? 1 + Math.max(...Object.values(classes).map(({ id }) => id)),
    size: bytes,
    bytes: shown === undefined ? 0 : address + shown.bytes,
    fields: shown === undefined ? [] : shown.fields.map((field) => ({ ...field, offset: address + field.offset })),
  };
  const name = shown === undefined ? free(NAMELESS, classes) : root;
  return {
    ...schema,
    kind: "managed",
    root: name,
    regions: { ...regions, state: { address: 0, size: bytes } },
    classes: { ...classes, [name]: memory },
  };
}

function free(name: string, taken: object): string {
  return Object.hasOwn(taken, name) ? free(`Whole${name}`, taken) : name;
}
