// Blame: plays the one bad frame again with every write logged, and names the first that went another way.
import type { FieldDifference } from "../../simulation/schema.js";
import { Comparison } from "../comparison.js";
import { counterparts, type Sources } from "./counterparts.js";
import { type FirstValue, firstDifferingValue } from "./first-value.js";
import { firstDifferingWrite, type WrittenByte } from "./first-write.js";
import { phaseOf } from "./phases.js";
import { placedAlike, sameBytes } from "./same-bytes.js";
import type { Side } from "./sides.js";
import { formatValue, indexOfWrite, type Trace, trace } from "./trace.js";
import { type GameCode, type Rerun, rerun, type Write } from "./write-log.js";
import { differingSpans, valueIn, type WrittenField, writtenField } from "./written-field.js";

/** One write, as a person would want to know it. */
export interface ToldWrite extends WrittenField {
  /** The instruction: bytes from the start of the build's module. Source maps say which line it is. */
  readonly site: number;
  /** The phase in which it was made; undefined before the first. */
  readonly phase: number | undefined;
}

/** A number of the frame, or what was done where it would have been computed. */
export interface ToldValue {
  /** The instruction: bytes from the start of the build's module. */
  readonly site: number;
  /** What it computes; undefined for what computes no number of its own. */
  readonly value: string | undefined;
}

/** Where two builds first go different ways, before anything shows in the state. */
export interface Cause {
  readonly kind: FirstValue["kind"];
  /** One of them may have nothing there. */
  readonly here: ToldValue | undefined;
  readonly there: ToldValue | undefined;
}

/** Two builds over one frame. */
export interface BuildBlame {
  /** "none": both come to the same state. "unseen": they differ, and in no write that both could be asked about. */
  readonly kind: "write" | "none" | "unseen";
  /** The first write that they do not have in common: what each wrote there. One of them may have written nothing. */
  readonly here: ToldWrite | undefined;
  readonly there: ToldWrite | undefined;
  /** Known where both builds' sources are, and where they keep everything in the same places of their memories. */
  readonly cause: Cause | undefined;
  /** What differs after the frame. */
  readonly fields: readonly FieldDifference[];
}

/** A field whose value is not the one it should be, and all that the frame wrote to it. */
export interface BlamedField extends FieldDifference {
  /** In order; the last one is what the value comes from. None: no write of this frame touches the field. */
  readonly writes: readonly ToldWrite[];
}

/** One build over a frame, against the state that another machine came to. */
export interface StateBlame {
  /** "outside": what differs was not written by the frame at all, but before or after it, or on the other machine only. */
  readonly kind: "write" | "outside" | "none";
  /** The fields that differ; `before` is what this run comes to, `after` the other state. */
  readonly fields: readonly BlamedField[];
  /** The last write to the first field that was written at all. */
  readonly write: ToldWrite | undefined;
}

/**
 * The first write of a frame that two builds do not have in common, each played from its own state and inputs; and with the
 * sources of both, the first number that they compute otherwise.
 */
export function blameBuilds(here: Side, there: Side, sources?: { here: Sources; there: Sources }): BuildBlame {
  const [mine, yours] = [rerun(here.game, here.moment), rerun(there.game, there.moment)];
  const comparison = new Comparison({ ...here.game, state: mine.start }, { ...there.game, state: yours.start });
  const fields = comparison.differences(mine.state, yours.state);
  const nothing = { here: undefined, there: undefined, cause: undefined, fields };
  // What is computed on the side may differ and come to nothing.
  if (fields.length === 0 && mine.trapped === yours.trapped) return { kind: "none", ...nothing };
  const found = firstDifferingWrite(mine.writes, yours.writes, sameBytes(here.game, there.game, comparison.by));
  const sourced = sources && placedAlike(here.game, there.game);
  const cause = sourced
    ? causeOf(
        { side: here, run: mine, write: found?.here, sources: sources.here },
        { side: there, run: yours, write: found?.there, sources: sources.there },
      )
    : undefined;
  if (found === undefined) return { kind: "unseen", ...nothing, cause };
  const [a, b] = [told(here.game, mine, found.here), told(there.game, yours, found.there)];
  return { kind: "write", here: a, there: b, cause, fields };
}

/** One build's half of a blame: what it did, and its first write that the other did not do. */
interface Half {
  readonly side: Side;
  readonly run: Rerun;
  readonly write: WrittenByte | undefined;
  readonly sources: Sources;
}

function causeOf(here: Half, there: Half): Cause | undefined {
  const [mine, yours] = [here, there].map(({ side }) => trace(side.game, side.moment));
  if (mine === undefined || yours === undefined) return undefined;
  const known = counterparts(codeOf(here), codeOf(there));
  const found = firstDifferingValue(
    { trace: mine, counterparts: known.here },
    { trace: yours, counterparts: known.there },
  );
  if (found === undefined) return undefined;
  // Of a line that only writes, such as one that was forgotten, the write itself is the first to tell.
  const late = isAfter(found.here, here, mine) ?? isAfter(found.there, there, yours);
  if (late) return undefined;
  return { kind: found.kind, here: valueAt(here, mine, found.here), there: valueAt(there, yours, found.there) };
}

function codeOf({ side, sources }: Half): { readonly wasm: Uint8Array; readonly sources: Sources } {
  return { wasm: side.game.wasm, sources };
}

/** Whether it comes after the first differing write; undefined where the build has not both. */
function isAfter(index: number | undefined, { run, write }: Half, all: Trace): boolean | undefined {
  if (index === undefined || write === undefined) return undefined;
  return index > indexOfWrite(all, run.writes.indexOf(write.write));
}

function valueAt({ side }: Half, all: Trace, index: number | undefined): ToldValue | undefined {
  return index === undefined ? undefined : { site: all.sites[index]!, value: formatValue(side.game.wasm, all, index) };
}

/** The writes of a frame to whatever differs from the state that another machine came to, of the same build. */
export function blameState({ game, moment }: Side, theirs: Uint8Array): StateBlame {
  const run = rerun(game, moment);
  const { schema } = game;
  const touched = touchedBytes(game, run);
  const fields = differingSpans(schema, run.state, theirs).map((span): BlamedField => {
    const address = schema.regions.state.address + span.offset;
    const isTouched = touched.subarray(span.offset, span.offset + span.bytes).includes(1);
    const writes = isTouched ? run.writes.filter((write) => touches(write, address, span.bytes)) : [];
    return {
      path: span.path,
      before: valueIn(span, run.state),
      after: valueIn(span, theirs),
      writes: writes.map((write) => told(game, run, { write, address: Math.max(address, write.address) })),
    };
  });
  const write = fields.find(({ writes }) => writes.length > 0)?.writes.at(-1);
  const kind = fields.length === 0 ? "none" : write === undefined ? "outside" : "write";
  return { kind, fields, write };
}

/** A 1 for each byte of the state that the frame writes to. */
function touchedBytes({ schema }: GameCode, { writes, state }: Rerun): Uint8Array {
  const touched = new Uint8Array(state.length);
  for (const { address, after } of writes) {
    const begin = Math.max(0, address - schema.regions.state.address);
    touched.fill(1, begin, Math.max(begin, address + after.length - schema.regions.state.address));
  }
  return touched;
}

function touches({ address, after }: Write, begin: number, bytes: number): boolean {
  return address < begin + bytes && address + after.length > begin;
}

function told(game: GameCode, run: Rerun, written: WrittenByte): ToldWrite;
function told(game: GameCode, run: Rerun, written: WrittenByte | undefined): ToldWrite | undefined;
function told({ schema }: GameCode, { writes }: Rerun, written: WrittenByte | undefined): ToldWrite | undefined {
  if (written === undefined) return undefined;
  const { write, address } = written;
  const before = writes.slice(0, writes.indexOf(write));
  const began = before.findLast((each) => each.address === schema.regions.phase.address);
  const phase = began && phaseOf(began);
  return { site: write.site, phase, ...writtenField(schema, write, address) };
}
