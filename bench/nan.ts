// What it costs that a NaN is the same on every machine: a strategy step in floats, as built and as the compiler leaves it.
import { readSchema } from "../src/simulation/schema.js";
import { compile } from "../src/toolchain/build.js";
import { canonical } from "../src/toolchain/canonical.js";
import { type Figure, playRounds, us } from "./measure.js";

const STEPS = 300;
const UNITS = 1000;
/** Where both sides are sent: the middle of the field, where they crowd. */
const MEETING = 64;
const BUDGET = 1.05;

interface Armies {
  readonly begin: () => void;
  readonly step: () => void;
}

export async function nan(): Promise<Figure[]> {
  const open = await compile({ entry: "bench/games/skirmish-f32.ts" });
  const closed = canonical(open.wasm);
  const time = playRounds([battle("open", open.wasm), battle("closed", closed.wasm)]);
  return [
    {
      what: `${UNITS} units in scalar f32, every NaN canonical`,
      value: `${us(time.us("closed"))} a step`,
      ratio: time.ratio("closed", "open"),
      budget: BUDGET,
      sense: "most",
      against: `the same step as the compiler leaves it, ${us(time.us("open"))}`,
    },
  ];
}

function battle<const Name extends string>(name: Name, wasm: Uint8Array) {
  const { begin, step } = armies(wasm);
  const start = () => {
    begin();
    return () => {
      for (let i = 0; i < STEPS; i++) step();
    };
  };
  return { name, start, operations: STEPS };
}

/** The module alone: unproved as one of them is, the port would not take it. */
function armies(wasm: Uint8Array): Armies {
  const { state, inputs } = readSchema(wasm).regions;
  const instance = new WebAssembly.Instance(new WebAssembly.Module(wasm as BufferSource), {});
  const { memory, init, step } = instance.exports as {
    memory: WebAssembly.Memory;
    init: () => void;
    step: () => void;
  };
  const view = new DataView(memory.buffer);
  const bytes = new Uint8Array(memory.buffer, state.address, state.size);
  const cellHeader = inputs.stride - inputs.bytesMax;
  for (const side of [0, 1])
    for (const word of [0, 4])
      view.setFloat32(inputs.address + side * inputs.stride + cellHeader + word, MEETING, true);
  const begin = () => {
    bytes.fill(0);
    init();
  };
  return { begin, step };
}
