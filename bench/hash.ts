// The hash of a state: against the fastest of npm, against reading memory, and with leaves against without.
import { readFile } from "node:fs/promises";
import { createXXHash3 } from "hash-wasm";
import { kernels } from "./kernels.js";
import { type Figure, gigabytesPerSecond, rounds, us } from "./measure.js";
import { type Claim, ifInstalled } from "./peers/installed.js";

const BYTES = 65_536;

/** Of what memory yields to 128-bit loads: 15 GB/s where they reach 80. */
const READ_SHARE = 15 / 80;

interface CoreExports {
  memory: WebAssembly.Memory;
  configure(slotBytes: number, slots: number, scratchBytes: number): number;
  scratch(): number;
  slot(index: number): number;
  hash(at: number, length: number, out: number): void;
  leaves(at: number, length: number, out: number): number;
  root(at: number, count: number, out: number): void;
}

export async function hash(): Promise<Figure[]> {
  const { instance } = await WebAssembly.instantiate(await readFile("build/core.wasm"), {});
  const core = instance.exports as unknown as CoreExports;
  core.configure(BYTES, 1, 4096);
  const [state, out] = [core.slot(0), core.scratch()];
  const bytes = new Uint8Array(core.memory.buffer, state, BYTES);
  for (let i = 0; i < BYTES; i++) bytes[i] = Math.imul(i, 2654435761) >>> 13;
  const limit = await kernels(BYTES, 1);
  const hashWasm = await createXXHash3();
  const time = rounds(
    [
      { name: "hash", run: () => core.hash(state, BYTES, out) },
      { name: "tree", run: () => core.root(out, core.leaves(state, BYTES, out), out + 2048) },
      { name: "read", batch: 8, run: () => limit.read(8) },
      { name: "hash-wasm", run: () => hashWasm.init().update(bytes).digest("binary") },
    ],
    { rounds: 9, seconds: 0.06 },
  );
  const speed = (name: "hash" | "read" | "hash-wasm") => `${gigabytesPerSecond(BYTES, time.us(name)).toFixed(1)} GB/s`;
  const what = "XXH3-64 of 64 KiB";
  const value = `${us(time.us("hash"))}, ${speed("hash")}`;
  return [
    {
      ...{ what, value, ratio: time.ratio("hash-wasm", "hash"), budget: 3, sense: "least" },
      against: `as fast as hash-wasm's XXH3, ${speed("hash-wasm")}`,
    },
    {
      ...{ what, value, ratio: time.ratio("read", "hash"), budget: READ_SHARE, sense: "least" },
      against: `reading memory, ${speed("read")}`,
    },
    await againstXxhashWasm({ what, value }, () => core.hash(state, BYTES, out), bytes),
    {
      ...{ what: "4 KiB leaves and their root, 64 KiB", value: us(time.us("tree")) },
      ...{
        ratio: time.ratio("tree", "hash"),
        budget: 1.1,
        sense: "most",
        against: `one flat hash, ${us(time.us("hash"))}`,
      },
    },
  ];
}

function againstXxhashWasm(ours: { what: string; value: string }, run: () => void, bytes: Uint8Array): Promise<Figure> {
  const claim: Claim = { what: ours.what, budget: 1.5, sense: "least", against: "as fast as xxhash-wasm's XXH64" };
  return ifInstalled(claim, async () => {
    const { default: xxhash } = await import("xxhash-wasm");
    const { h64Raw } = await xxhash();
    const time = rounds([
      { name: "ours", run },
      { name: "theirs", run: () => h64Raw(bytes) },
    ]);
    const against = `${claim.against}, ${gigabytesPerSecond(BYTES, time.us("theirs")).toFixed(1)} GB/s`;
    return { ...claim, value: ours.value, ratio: time.ratio("theirs", "ours"), against };
  });
}
