// What samestep info says of a snapshot: which state of a game its bytes are.
import { hexHash } from "../../session/evidence/hash-chain.js";
import type { Game } from "../../simulation/game.js";
import { readPlain, readValue } from "../../simulation/plain.js";
import { classOf, type Field, type Schema } from "../../simulation/schema.js";
import { type About, firstOf, type Unknown, unknown } from "../about.js";
import { counted } from "../counting.js";

const FIELDS_SHOWN = 24;

export async function aboutSnapshot(bytes: Uint8Array, game: Game): Promise<About | Unknown> {
  const { schema, gameHash } = game;
  const { size } = schema.regions.state;
  if (bytes.length !== size)
    return unknown(
      `no state of build ${gameHash}: it has ${counted(bytes.length, "byte")}, and a state ${counted(size, "byte")}`,
    );
  const simulation = await game.simulation({ slots: 1 });
  simulation.load(bytes);
  simulation.save(0);
  const parts = new Uint32Array(2);
  simulation.hash(0, parts, 0);
  const stateHash = hexHash({ low: parts[0]!, high: parts[1]! });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return {
    kind: "snapshot",
    title: `a state of build ${gameHash}`,
    rows: [
      ["hash", stateHash],
      ["size", counted(size, "byte")],
      [schema.root, firstOf(valuesOf(schema, view), FIELDS_SHOWN)],
    ],
    json: { bytes: size, gameHash, stateHash, state: readPlain(schema, schema.root, view, 0) },
  };
}

/** The root's own numbers; of what lies deeper only what it is. */
function valuesOf(schema: Schema, view: DataView): string[] {
  const { fields } = classOf(schema, schema.root);
  return fields.length === 0 ? ["no byte of it has a name"] : fields.map((field) => valueText(field, view));
}

function valueText(field: Field, view: DataView): string {
  const { name, kind, type, count, offset } = field;
  if (kind === "number" && count === undefined) return `${name} ${readValue(field, view, offset)}`;
  return `${name} of ${type}${count === undefined ? "" : `, ${count} of them`}`;
}
