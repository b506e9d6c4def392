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
    name: "a few runs that make no sense are enough to take no others",
    oracle: "recovery",
    edits: [
      {
        file: "src/sequencer/intake.ts",
        find: "if (first > inputs.held(seat.index) || !openRun(",
        replace: "if (this.unusable > 20 || first > inputs.held(seat.index) || !openRun(",
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
