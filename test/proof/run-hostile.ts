// What the engines' shells run of the corpus: every module straight on, and again with each step rolled back and repeated.
// It is bundled into a script for the shells.
import { readBytes, say } from "../engines/shell.js";

export interface Trial {
  readonly name: string;
  readonly file: string;
  /** What a snapshot holds: the whole memory, or the state alone. */
  readonly managed: boolean;
}

declare const TRIALS: readonly Trial[];

/** The same in every module of the corpus. */
const STATE = { begin: 1024, end: 1280 } as const;
const FRAMES = 60;

/** NaNs with bits and signs of their own, zeros of both signs, and what else the modules look for, at these addresses. */
function writeInputs(view: DataView, frame: number): void {
  const single = [0x7fc00000 + ((frame * 7919) & 0xffff), 0xffc12345 + frame];
  const double = [0x7ff80000 + frame, 0xfff8abcd - frame];
  for (const [i, word] of single.entries()) view.setUint32(4 * i, word, true);
  for (const [i, word] of double.entries()) view.setUint32(8 + 8 * i + 4, word, true);
  view.setFloat32(48, 3, true);
  view.setFloat64(56, 3, true);
  for (let lane = 0; lane < 4; lane++) {
    for (const [i, word] of single.entries()) view.setUint32(64 + 16 * i + 4 * lane, word, true);
    view.setFloat32(128 + 4 * lane, lane % 2 === 0 ? 0 : -0, true);
    view.setFloat32(144 + 4 * lane, lane % 2 === 0 ? -0 : 0, true);
    view.setUint32(192 + 4 * lane, 0x11223344, true);
    view.setUint32(208 + 4 * lane, 0xaabbccdd, true);
  }
  for (let lane = 0; lane < 2; lane++) {
    for (const [i, word] of double.entries()) view.setUint32(96 + 16 * i + 8 * lane + 4, word, true);
    view.setFloat64(160 + 8 * lane, lane === 0 ? 0 : -0, true);
    view.setFloat64(176 + 8 * lane, lane === 0 ? -0 : 0, true);
  }
}

/** One hash over the states of all frames, in which a step that stops leaves a mark. */
function play(module: WebAssembly.Module, managed: boolean, rolledBack: boolean): string {
  const { exports } = new WebAssembly.Instance(module, { env: { "Math.pow": Math.pow } });
  const { memory, init, step } = exports as { memory: WebAssembly.Memory; init: () => void; step: () => void };
  // A memory that grows leaves its old views empty, so each is made anew.
  const all = () => new Uint8Array(memory.buffer);
  const [begin, end] = managed ? [0, memory.buffer.byteLength] : [STATE.begin, STATE.end];
  let hash = 0x811c9dc5;
  const mix = (byte: number) => {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  };
  const stepOnce = () => {
    try {
      step();
    } catch {
      mix(0xff);
    }
  };
  init();
  for (let frame = 0; frame < FRAMES; frame++) {
    writeInputs(new DataView(memory.buffer), frame);
    const before = hash;
    const snapshot = all().slice(begin, end);
    stepOnce();
    if (rolledBack) {
      all().set(snapshot, begin);
      hash = before;
      stepOnce();
    }
    for (const byte of all().subarray(STATE.begin, STATE.end)) mix(byte);
  }
  return hash.toString(16);
}

for (const { name, file, managed } of TRIALS) {
  try {
    const module = new WebAssembly.Module(readBytes(file) as BufferSource);
    say(`${name} ran ${play(module, managed, false)} ${play(module, managed, true)}`);
  } catch {
    say(`${name} cannot`);
  }
}
