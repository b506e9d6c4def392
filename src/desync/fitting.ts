// Whether the inputs of a recorded match mean the same to another build: if not, playing them there would prove nothing.
import type { Schema } from "../simulation/schema.js";
import { classOf } from "../simulation/schema-shape.js";
import { CELL_HEADER_BYTES } from "../simulation/simulation.js";
import { layoutOfClass } from "./comparison.js";
import type { Played } from "./side-by-side.js";

/**
 * Why the match cannot be played by a build of this schema, as a person would say it; undefined when it can. `recorded` is
 * the schema of the build that recorded it, where that is known.
 */
export function whyUnfit(played: Played, schema: Schema, recorded?: Schema): string | undefined {
  const { players, rules } = played.config;
  const { min, max } = schema.players;
  if (players < min || players > max) {
    const taken = min === max ? `${min}` : `${min} to ${max}`;
    return `the match has ${players} players, and this build takes ${taken}`;
  }
  const { stride } = schema.regions.inputs;
  if (stride !== played.cellBytes) {
    const [theirs, ours] = [played.cellBytes, stride].map((bytes) => bytes - CELL_HEADER_BYTES);
    return `an input of the match has up to ${theirs} bytes, and one of this build ${ours}: its @input class is another`;
  }
  if (recorded === undefined) return undefined;
  const input = whyOther(schema, schema.input, recorded, recorded.input, Infinity);
  if (input !== undefined) return `its @input class is another: ${input}, so the recorded inputs mean something else`;
  if (rules.length === 0 || recorded.config === undefined) return undefined;
  if (schema.config === undefined) return "this build has no @config class, and the match was played with settings";
  const config = whyOther(schema, schema.config, recorded, recorded.config, rules.length);
  return config && `its @config class is another: ${config}, so the recorded settings mean something else`;
}

/** The first field of the class's first bytes that is not the same in both. */
function whyOther(a: Schema, classA: string, b: Schema, classB: string, bytes: number): string | undefined {
  const [here, there] = [classOf(a, classA).fields, classOf(b, classB).fields];
  for (let i = 0; i < Math.max(here.length, there.length); i++) {
    const [mine, theirs] = [here[i], there[i]];
    if (Math.min(mine?.offset ?? Infinity, theirs?.offset ?? Infinity) >= bytes) return undefined;
    if (mine === undefined) return `it has no '${theirs!.name}'`;
    if (theirs === undefined) return `'${mine.name}' is new`;
    if (mine.name !== theirs.name) return `'${mine.name}' stands where '${theirs.name}' stood`;
    const inner = (schema: Schema, type: string, nested: boolean) => nested && layoutOfClass(schema, type);
    const same =
      JSON.stringify([mine, inner(a, mine.type, mine.kind === "nested")]) ===
      JSON.stringify([theirs, inner(b, theirs.type, theirs.kind === "nested")]);
    if (!same) return `'${mine.name}' is another kind of number, or lies elsewhere`;
  }
  return undefined;
}
