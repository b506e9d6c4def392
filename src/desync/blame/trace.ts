// Everything that a frame computes and writes, number by number, in order.
import { instructionAt } from "../../proof/opcodes.js";
import { VALUE, WRITE } from "./log-helpers.js";
import { resultOf } from "./results.js";
import { type GameCode, type Moment, playLogged } from "./write-log.js";

/** As columns, since a frame computes up to some millions of numbers. */
export interface Trace {
  readonly length: number;
  /** The instruction: bytes from the start of the build's module. */
  readonly sites: Uint32Array;
  /** What it computed, in two halves; of a write, what it wrote (the first four bytes) and where to. */
  readonly lows: Uint32Array;
  readonly highs: Uint32Array;
  /** 1 for a write. */
  readonly writes: Uint8Array;
}

/** Undefined when the frame computes more than a log holds. */
export function trace(game: GameCode, moment: Moment): Trace | undefined {
  const played = playLogged(game, moment, "values");
  return played && readTrace(played.log);
}

/** Where in the trace a write stands, by how many writes come before it. */
export function indexOfWrite({ writes, length }: Trace, before: number): number {
  let left = before;
  for (let index = 0; index < length; index++) if (writes[index] === 1 && left-- === 0) return index;
  return length;
}

function readTrace(log: Uint8Array): Trace {
  const view = new DataView(log.buffer);
  // No entry is smaller than a value.
  const most = Math.floor(log.length / VALUE.bytes);
  const [sites, lows, highs] = [new Uint32Array(most), new Uint32Array(most), new Uint32Array(most)];
  const writes = new Uint8Array(most);
  let length = 0;
  for (let at = 0; at < log.length; ) {
    const marked = view.getUint32(at + VALUE.site, true);
    const isValue = marked >= VALUE.mark;
    sites[length] = isValue ? marked - VALUE.mark : marked;
    writes[length] = isValue ? 0 : 1;
    if (isValue) {
      lows[length] = view.getUint32(at + VALUE.value, true);
      highs[length] = view.getUint32(at + VALUE.value + 4, true);
      at += VALUE.bytes;
      length++;
    } else {
      const size = view.getUint32(at + WRITE.size, true);
      for (let i = Math.min(size, 4) - 1; i >= 0; i--)
        lows[length] = (lows[length]! << 8) | log[at + WRITE.bytes + size + i]!;
      highs[length] = view.getUint32(at + WRITE.address, true);
      at += WRITE.bytes + 2 * size;
      if (size > 0) length++;
    }
  }
  return { length, sites, lows, highs, writes };
}

/** A number of the trace as its instruction means it: whole numbers signed; undefined for writes and vectors. */
export function formatValue(
  wasm: Uint8Array,
  { sites, lows, highs, writes }: Trace,
  index: number,
): string | undefined {
  if (writes[index] === 1) return undefined;
  const view = new DataView(new ArrayBuffer(8));
  view.setUint32(0, lows[index]!, true);
  view.setUint32(4, highs[index]!, true);
  switch (resultOf(instructionAt(wasm, sites[index]!))) {
    case "i32":
      return String(view.getInt32(0, true));
    case "i64":
      return String(view.getBigInt64(0, true));
    case "f32":
      return String(view.getFloat32(0, true));
    case "f64":
      return String(view.getFloat64(0, true));
    default:
      return undefined;
  }
}
