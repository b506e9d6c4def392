// Deltas between two states of a strategy game, one frame apart: speed and size, against what npm offers.
import { readFile } from "node:fs/promises";
import { loadGame } from "../src/simulation/game.js";
import { type Figure, gigabytesPerSecond, rounds, us } from "./measure.js";
import { type Claim, ifInstalled } from "./peers/installed.js";
import { Battle } from "./strategy-battle.js";

/** Units of the battle whose every figure counts, and of those whose size is held against fflate's as well. */
const UNITS = 10_000;
const OTHER_UNITS = [1000, 4000];
/** The frame by which the armies have met: most march, many fight, some fall. */
const IN_THE_THICK = 160;
/** Columns of 32 bits for the dense state: position and velocity in fixed point, and eight that rest. */
const COLUMNS = 12;

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

interface TwoFrames {
  before: Uint8Array;
  after: Uint8Array;
}

/** The strategy game's whole state in the thick of a battle, and what one frame makes of it. */
async function battle(units: number): Promise<TwoFrames> {
  const battle = await Battle.create(await loadGame(await readFile("build/games/skirmish.wasm")), units);
  for (let frame = 0; frame < IN_THE_THICK; frame++) battle.step();
  const before = battle.state();
  battle.step();
  return { before, after: battle.state() };
}

/** Nothing but units, seven of ten marching: a game that keeps 32-bit numbers, and a state of which much changes. */
function march(): TwoFrames {
  const before = new Int32Array(UNITS * COLUMNS);
  let seed = 1;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
    return Math.floor(((seed >>> 0) / 2 ** 32) * below);
  };
  for (let i = 0; i < before.length; i++) before[i] = random(2 ** 26);
  const after = before.slice();
  for (let unit = 0; unit < UNITS; unit++) {
    if (random(10) >= 7) continue;
    for (const axis of [0, 1]) after[axis * UNITS + unit]! += random(2 ** 14) - 2 ** 13;
    if (random(20) === 0) after[2 * UNITS + unit]! += random(2 ** 14) - 2 ** 13;
  }
  return { before: new Uint8Array(before.buffer), after: new Uint8Array(after.buffer) };
}

export async function delta(): Promise<Figure[]> {
  const thick = await coded(WHAT, await battle(UNITS));
  const dense = await coded("delta of 32-bit numbers, one frame apart", march());
  const others: Figure[] = [];
  for (const units of OTHER_UNITS) {
    others.push(await sizeAgainstFflate(await coded(`delta of a battle of ${units}`, await battle(units))));
  }
  return [
    ...speeds(thick),
    await sizeAgainstFflate(thick),
    await speedAgainstFflate(thick),
    await speedAgainstLz4(thick),
    ...speeds(dense),
    await sizeAgainstFflate(dense),
    ...others,
  ];
}

async function coded(what: string, { before, after }: TwoFrames): Promise<Ours> {
  const bytes = before.length;
  const { instance } = await WebAssembly.instantiate(await readFile("build/core.wasm"), {});
  const core = instance.exports as unknown as CoreExports;
  core.configure(bytes, 3, core.deltaBound(bytes));
  const [base, target, decoded] = [core.slot(0), core.slot(1), core.slot(2)] as const;
  const out = core.scratch();
  const memory = new Uint8Array(core.memory.buffer);
  memory.set(before, base);
  memory.set(after, target);
  const encode = () => core.deltaEncode(base, target, bytes, out);
  const length = encode();
  const decode = () => core.deltaDecode(base, out, length, decoded, bytes);
  if (decode() !== 1 || !same(memory.subarray(decoded, decoded + bytes), after))
    throw new Error("the delta does not decode to the state it was made of");
  const time = rounds([
    { name: "encode", run: encode },
    { name: "decode", run: decode },
  ]);
  return { what, length, encodeUs: time.us("encode"), decodeUs: time.us("decode"), before, after };
}

const WHAT = "delta of a strategy state, one frame apart";

interface Ours extends TwoFrames {
  what: string;
  length: number;
  encodeUs: number;
  decodeUs: number;
}

function speeds({ what, before, encodeUs, decodeUs }: Ours): Figure[] {
  const figure = (name: string, each: number, budget: number): Figure => ({
    ...{ what: `${what}: ${name}`, value: us(each) },
    ...{ ratio: gigabytesPerSecond(before.length, each), budget, sense: "least", unit: "GB/s" },
    against: "of state",
  });
  return [figure("encode", encodeUs, ENCODE_BUDGET), figure("decode", decodeUs, DECODE_BUDGET)];
}

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;

/** What peers compress: the XOR of the two states. What they make of the states themselves is larger. */
function difference({ before, after }: TwoFrames): Uint8Array {
  return before.map((byte, i) => byte ^ after[i]!);
}

function sizeAgainstFflate(ours: Ours): Promise<Figure> {
  const against = "fflate level 6's compression";
  const claim: Claim = { what: `${ours.what}: size`, budget: SIZE_BUDGET, sense: "least", against };
  return ifInstalled(claim, async () => {
    const { deflateSync } = await import("fflate");
    const theirs = deflateSync(difference(ours), { level: 6 }).length;
    const value = `${kilobytes(ours.length)} of ${kilobytes(ours.before.length)}`;
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
    const out = new Uint8Array(lz4.compressBound(source.length));
    const table = new Uint32Array(1 << 16);
    const compress = () => lz4.compressBlock(source, out, 0, source.length, table.fill(0));
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
