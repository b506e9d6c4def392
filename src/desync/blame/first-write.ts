// The first write of a frame that two builds do not have in common, whatever else stands in another order.
import type { SameBytes } from "./same-bytes.js";
import type { Write } from "./write-log.js";

/** A write, and one byte of what it wrote, by its build's own address. */
export interface WrittenByte {
  readonly write: Write;
  readonly address: number;
}

/** What each wrote to a byte; undefined where it did not write to it. */
export interface WritePair {
  readonly here: WrittenByte | undefined;
  readonly there: WrittenByte | undefined;
}

/** A write that changed a byte, and what to. */
interface Change {
  readonly index: number;
  readonly byte: number;
  readonly address: number;
}

interface Candidate {
  /** The byte's common place. */
  readonly place: number;
  readonly here: Change | undefined;
  readonly there: Change | undefined;
}

/**
 * Every byte has its own history: what it was changed to, in order. The first write whose byte has another history in the
 * other log is the one. A write that leaves a byte as it was is no part of it, so what one build writes once more does no harm.
 */
export function firstDifferingWrite(
  here: readonly Write[],
  there: readonly Write[],
  same: SameBytes,
): WritePair | undefined {
  const histories = historiesOf(here, same.here);
  let best: Candidate | undefined;
  const offer = (candidate: Candidate): void => {
    if (best === undefined || rank(candidate) < rank(best)) best = candidate;
  };
  for (const [place, theirs] of historiesOf(there, same.there)) {
    const mine = histories.get(place) ?? [];
    histories.delete(place);
    const k = partedAt(mine, theirs);
    if (k !== undefined) offer({ place, here: mine[k], there: theirs[k] });
  }
  for (const [place, [first]] of histories) offer({ place, here: first, there: undefined });
  if (best === undefined) return undefined;
  return {
    here: best.here === undefined ? unchanging(here, same.here, best.place) : written(here, best.here),
    there: best.there === undefined ? unchanging(there, same.there, best.place) : written(there, best.there),
  };
}

/** Both logs begin with what they have in common, so the lower index in either tells who comes first. */
function rank({ here, there }: Candidate): number {
  return Math.min(here?.index ?? Infinity, there?.index ?? Infinity);
}

function partedAt(mine: readonly Change[], theirs: readonly Change[]): number | undefined {
  const length = Math.max(mine.length, theirs.length);
  for (let k = 0; k < length; k++) if (mine[k]?.byte !== theirs[k]?.byte) return k;
  return undefined;
}

function written(writes: readonly Write[], { index, address }: Change): WrittenByte {
  return { write: writes[index]!, address };
}

/** The last write that touched a byte and left it as it was: it said the same where the other build said something else. */
function unchanging(writes: readonly Write[], placeOf: SameBytes["here"], place: number): WrittenByte | undefined {
  for (let i = writes.length - 1; i >= 0; i--) {
    const write = writes[i]!;
    for (let at = 0; at < write.after.length; at++) {
      const address = write.address + at;
      if (write.before[at] === write.after[at] && placeOf(address) === place) return { write, address };
    }
  }
  return undefined;
}

function historiesOf(writes: readonly Write[], placeOf: SameBytes["here"]): Map<number, Change[]> {
  const histories = new Map<number, Change[]>();
  for (const [index, write] of writes.entries()) {
    for (let i = 0; i < write.after.length; i++) {
      if (write.before[i] === write.after[i]) continue;
      const address = write.address + i;
      const place = placeOf(address);
      if (place === undefined) continue;
      const change = { index, byte: write.after[i]!, address };
      const history = histories.get(place);
      if (history === undefined) histories.set(place, [change]);
      else history.push(change);
    }
  }
  return histories;
}
