// Deltas between two states of a strategy game, one frame apart: speed and size, against what npm offers.
import { readFile } from "node:fs/promises";
import { loadGame } from "../src/simulation/game.js";
import { type Figure, gigabytesPerSecond, type Rounds, rounds, us } from "./measure.js";
import { type Claim, ifInstalled } from "./peers/installed.js";
import { Battle } from "./strategy-battle.js";

/** Of the battle, and the frame by which its armies have met: most march, many fight, some fall. */
const UNITS = 10_000;
const IN_THE_THICK = 160;

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

/** The strategy game's whole state in the thick of a battle, and what one frame makes of it. */
async function twoFrames(): Promise<{ before: Uint8Array; after: Uint8Array }> {
  const battle = await Battle.create(await loadGame(await readFile("build/games/skirmish.wasm")), UNITS);
  for (let frame = 0; frame < IN_THE_THICK; frame++) battle.step();
  const before = battle.state();
  battle.step();
  return { before, after: battle.state() };
}

export async function delta(): Promise<Figure[]> {
  const { before, after } = await twoFrames();
  const bytes = before.length;
  const { instance } = await WebAssembly.instantiate(await readFile("build/core.wasm"), {});
  const core = instance.exports as unknown as CoreExports;
  core.configure(bytes, 3, core.deltaBound(bytes));
  const [base, target, decoded] = [core.slot(0), core.slot(1), core.slot(2)] as const;
  const out = core.scratch();
  const memory = new Uint8Array(core.memory.buffer);
  memory.set(before, base);
  memory.set(after, target);
  const length = core.deltaEncode(base, target, bytes, out);
  const decode = () => core.deltaDecode(base, out, length, decoded, bytes);
  if (decode() !== 1 || !same(memory.subarray(decoded, decoded + bytes), after))
    throw new Error("the delta does not decode to the state it was made of");
  const time = rounds([
    { name: "encode", run: () => core.deltaEncode(base, target, bytes, out) },
    { name: "decode", run: decode },
  ]);
  const ours: Ours = { length, encodeUs: time.us("encode"), before, after };
  return [
    speed("encode", ENCODE_BUDGET, bytes, time),
    speed("decode", DECODE_BUDGET, bytes, time),
    await sizeAgainstFflate(ours),
    await speedAgainstFflate(ours),
    await speedAgainstLz4(ours),
  ];
}

const WHAT = "delta of a strategy state, one frame apart";

function speed(name: "encode" | "decode", budget: number, bytes: number, time: Rounds<"encode" | "decode">): Figure {
  return {
    ...{ what: `${WHAT}: ${name}`, value: us(time.us(name)) },
    ...{ ratio: gigabytesPerSecond(bytes, time.us(name)), budget, sense: "least", unit: "GB/s" },
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
