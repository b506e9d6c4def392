// Deltas between two states of a strategy game, one frame apart: speed and size, against what npm offers.
import { readFile } from "node:fs/promises";
import { type Figure, gigabytesPerSecond, type Rounds, rounds, us } from "./measure.js";
import { type Claim, ifInstalled } from "./peers/installed.js";

/** Columns of 10 000 units: position and velocity in fixed point, then health, order, target, and five that rest. */
const UNITS = 10_000;
const COLUMNS = 12;
const BYTES = 4 * UNITS * COLUMNS;

interface CoreExports {
  memory: WebAssembly.Memory;
  configure(slotBytes: number, slots: number, scratchBytes: number): number;
  scratch(): number;
  slot(index: number): number;
  deltaBound(length: number): number;
  deltaEncode(base: number, target: number, length: number, out: number): number;
  deltaDecode(base: number, source: number, sourceLength: number, target: number, length: number): number;
}

const ENCODE_BUDGET = 5;
const DECODE_BUDGET = 4;
const SIZE_BUDGET = 0.95;

/** A state of moving units, and what one frame makes of it: most march, some turn, a few fight. */
function twoFrames(): { before: Uint8Array; after: Uint8Array } {
  const before = new Int32Array(UNITS * COLUMNS);
  let seed = 1;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
    return Math.floor(((seed >>> 0) / 2 ** 32) * below);
  };
  const column = (words: Int32Array, index: number) => words.subarray(index * UNITS, (index + 1) * UNITS);
  for (let unit = 0; unit < UNITS; unit++) {
    column(before, 0)[unit] = random(2 ** 26);
    column(before, 1)[unit] = random(2 ** 26);
    const moves = random(10) < 7;
    column(before, 2)[unit] = moves ? random(2 ** 14) - 2 ** 13 : 0;
    column(before, 3)[unit] = moves ? random(2 ** 14) - 2 ** 13 : 0;
    column(before, 4)[unit] = 50 + random(50);
    column(before, 5)[unit] = random(5);
    for (let rest = 6; rest < COLUMNS; rest++) column(before, rest)[unit] = random(UNITS);
  }
  const after = before.slice();
  for (let unit = 0; unit < UNITS; unit++) {
    column(after, 0)[unit]! += column(before, 2)[unit]!;
    column(after, 1)[unit]! += column(before, 3)[unit]!;
    if (random(20) === 0) column(after, 2)[unit] = random(2 ** 14) - 2 ** 13;
    if (random(50) === 0) column(after, 4)[unit]! -= 1 + random(5);
    if (random(100) === 0) column(after, 5)[unit] = random(5);
  }
  return { before: new Uint8Array(before.buffer), after: new Uint8Array(after.buffer) };
}

export async function delta(): Promise<Figure[]> {
  const { before, after } = twoFrames();
  const { instance } = await WebAssembly.instantiate(await readFile("build/core.wasm"), {});
  const core = instance.exports as unknown as CoreExports;
  core.configure(BYTES, 3, core.deltaBound(BYTES));
  const [base, target, decoded] = [core.slot(0), core.slot(1), core.slot(2)] as const;
  const out = core.scratch();
  const memory = new Uint8Array(core.memory.buffer);
  memory.set(before, base);
  memory.set(after, target);
  const length = core.deltaEncode(base, target, BYTES, out);
  const decode = () => core.deltaDecode(base, out, length, decoded, BYTES);
  if (decode() !== 1 || !same(memory.subarray(decoded, decoded + BYTES), after))
    throw new Error("the delta does not decode to the state it was made of");
  const time = rounds([
    { name: "encode", run: () => core.deltaEncode(base, target, BYTES, out) },
    { name: "decode", run: decode },
  ]);
  const ours: Ours = { length, encodeUs: time.us("encode"), before, after };
  return [
    speed("encode", ENCODE_BUDGET, time),
    speed("decode", DECODE_BUDGET, time),
    await sizeAgainstFflate(ours),
    await speedAgainstFflate(ours),
    await speedAgainstLz4(ours),
  ];
}

const WHAT = "delta of a strategy state, one frame apart";

function speed(name: "encode" | "decode", budget: number, time: Rounds<"encode" | "decode">): Figure {
  return {
    ...{ what: `${WHAT}: ${name}`, value: us(time.us(name)) },
    ...{ ratio: gigabytesPerSecond(BYTES, time.us(name)), budget, sense: "least", unit: "GB/s" },
    against: "of state",
  };
}

interface Ours {
  length: number;
  encodeUs: number;
  before: Uint8Array;
  after: Uint8Array;
}

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;

/** What peers compress: the XOR of the two states. What they make of the states themselves is larger. */
function difference({ before, after }: Ours): Uint8Array {
  return before.map((byte, i) => byte ^ after[i]!);
}

function sizeAgainstFflate(ours: Ours): Promise<Figure> {
  const against = "fflate level 6's compression";
  const claim: Claim = { what: `${WHAT}: size`, budget: SIZE_BUDGET, sense: "least", against };
  return ifInstalled(claim, async () => {
    const { deflateSync } = await import("fflate");
    const theirs = deflateSync(difference(ours), { level: 6 }).length;
    const value = `${kilobytes(ours.length)} of ${kilobytes(BYTES)}`;
    return { ...claim, value, ratio: theirs / ours.length, against: `${against}, ${kilobytes(theirs)}` };
  });
}

function speedAgainstFflate(ours: Ours): Promise<Figure> {
  const claim: Claim = { what: `${WHAT}: encode`, budget: 100, sense: "least", against: "as fast as fflate level 6" };
  return ifInstalled(claim, async () => {
    const { deflateSync } = await import("fflate");
    const source = difference(ours);
    const theirs = rounds([{ name: "theirs", run: () => deflateSync(source, { level: 6 }) }], { rounds: 3 }).us(
      "theirs",
    );
    return faster(claim, ours, theirs);
  });
}

function speedAgainstLz4(ours: Ours): Promise<Figure> {
  const claim: Claim = { what: `${WHAT}: encode`, budget: 10, sense: "least", against: "as fast as lz4js" };
  return ifInstalled(claim, async () => {
    const { default: lz4 } = await import("lz4js");
    const source = difference(ours);
    const out = new Uint8Array(lz4.compressBound(BYTES));
    const table = new Uint32Array(1 << 16);
    const compress = () => lz4.compressBlock(source, out, 0, BYTES, table.fill(0));
    const length = compress();
    const theirs = rounds([{ name: "theirs", run: compress }], { rounds: 3 }).us("theirs");
    const figure = faster(claim, ours, theirs);
    return { ...figure, against: `${figure.against}, which makes ${kilobytes(length)} of it` };
  });
}

function faster(claim: Claim, { encodeUs }: Ours, theirs: number): Figure {
  return { ...claim, value: us(encodeUs), ratio: theirs / encodeUs, against: `${claim.against}, ${us(theirs)}` };
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.every((byte, i) => byte === b[i]);
}
