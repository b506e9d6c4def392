// Faults planted by hand that only altered datagrams bring to light: the open matches' laws have to name them.
import type { Mutant } from "./mutants.js";

export const FUZZ_MUTANTS: Mutant[] = [
  {
    name: "a probe is answered six hundred times",
    oracle: "memory",
    edits: [
      {
        file: "src/sequencer/sequencer.ts",
        find: 'this.#outbox.post(seat.peer, "probed", probed);',
        replace: 'for (let i = 0; i < 600; i++) this.#outbox.post(seat.peer, "probed", probed);',
      },
    ],
  },
  {
    name: "a match stands for three seconds at each run that makes no sense",
    oracle: "recovery",
    edits: [
      {
        file: "src/sequencer/intake.ts",
        find: "!openRun(reader, inputs, seat.index, first, body)) {",
        replace: "!openRun(reader, inputs, seat.index, first, body)) {\n      match.stand(3000);",
      },
    ],
  },
  {
    name: "differing hashes are called equal",
    oracle: "silence",
    edits: [
      {
        file: "src/sequencer/verdict/agreement.ts",
        find: "else if (other.value(frame) !== value) {",
        replace: "else if (frame < 0) {",
      },
    ],
  },
  {
    name: "what cannot be decoded is thrown",
    oracle: "throws",
    edits: [
      {
        file: "src/sequencer/sequencer.ts",
        find: "this.#counts.malformed += 1;",
        replace: 'throw new Error("malformed");',
      },
    ],
  },
];
