// Which bytes of two builds' memories mean the same: all of them, those of the state, or those of fields that both have.
import { readSections, SECTION } from "../../proof/sections.js";
import type { Region, Schema } from "../../simulation/schema.js";
import { NamedFields } from "../named-fields.js";
import type { GameCode } from "./write-log.js";

/** A byte's place, by an address in one build: the first build's address of it; undefined where the two have it not in common. */
type Place = (address: number) => number | undefined;

export interface SameBytes {
  readonly here: Place;
  readonly there: Place;
}

/** `by` is what a `Comparison` of the two compares by. */
export function sameBytes(here: GameCode, there: GameCode, by: "bytes" | "fields"): SameBytes {
  if (by === "fields") return byNames(here.schema, there.schema);
  // Beside the state lies what a step computes for itself, and its events: often the first place that differs.
  if (placedAlike(here, there)) return everything(here.schema);
  const [mine, yours] = [here.schema.regions.state, there.schema.regions.state];
  const inside = (region: Region) => (address: number) => {
    const offset = address - region.address;
    return offset >= 0 && offset < region.size ? mine.address + offset : undefined;
  };
  return { here: inside(mine), there: inside(yours) };
}

/** But the phase cell and the trap record: they tell the host something about the step, and nothing about the match. */
function everything({ regions: { phase, trap } }: Schema): SameBytes {
  const within = (region: Region, address: number) =>
    address >= region.address && address < region.address + region.size;
  const place: Place = (address) => (within(phase, address) || within(trap, address) ? undefined : address);
  return { here: place, there: place };
}

/** Whether both builds keep everything in the same places: regions, static data, and so what lies between them. */
export function placedAlike(here: GameCode, there: GameCode): boolean {
  const [mine, yours] = [here, there].map(({ wasm, schema }) => {
    const data = readSections(wasm).find(({ id }) => id === SECTION.data);
    return JSON.stringify([schema.regions, data?.contents.length]);
  });
  return mine === yours;
}

interface Stretch {
  readonly begin: number;
  readonly end: number;
  /** From its addresses to the first build's. */
  readonly distance: number;
}

function byNames(here: Schema, there: Schema): SameBytes {
  const [mine, yours] = [here.regions.state.address, there.regions.state.address];
  const { stretches } = new NamedFields(here, there);
  return {
    here: within(
      stretches.map(({ before, bytes }) => ({ begin: mine + before, end: mine + before + bytes, distance: 0 })),
    ),
    there: within(
      stretches.map(({ before, after, bytes }) => {
        const begin = yours + after;
        return { begin, end: begin + bytes, distance: mine + before - begin };
      }),
    ),
  };
}

function within(unsorted: readonly Stretch[]): Place {
  const stretches = [...unsorted].sort((a, b) => a.begin - b.begin);
  return (address) => {
    let low = 0;
    let high = stretches.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (stretches[middle]!.begin <= address) low = middle + 1;
      else high = middle;
    }
    const found = stretches[low - 1];
    return found !== undefined && address < found.end ? address + found.distance : undefined;
  };
}
