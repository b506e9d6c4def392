// Faults planted by hand in our own sources: the law that each breaks has to say so, or it proves nothing.
import type { Edit } from "./bundle.js";
import type { Schedule } from "./schedule.js";
import { SESSION_MUTANTS } from "./session-mutants.js";

export interface Mutant {
  name: string;
  /** The law that must be seen to break; others may as well. */
  oracle: string;
  /** Of a law that says several things, which of them. */
  text?: RegExp;
  /** The first seed that shows it; by default one of the first. CI does not look for it each time. */
  from?: number;
  /** Which matches bring it to light; by default those of the seeds as they are. */
  scheduled?: (seed: number) => Schedule;
  edits: Edit[];
}

export const MUTANTS: Mutant[] = [
  {
    name: "the ring is one slot short",
    oracle: "hashes",
    edits: [
      {
        file: "src/session/timeline/timeline.ts",
        find: "return sparse ? SLOTS_SPARSE : predictionWindow + 2;",
        replace: "return sparse ? SLOTS_SPARSE : predictionWindow + 1;",
      },
      { file: "test/dst/world.ts", find: "schedule.predictionWindow + 2", replace: "schedule.predictionWindow + 1" },
    ],
  },
  {
    name: "states are hashed before they are confirmed",
    oracle: "hashes",
    edits: [
      {
        file: "src/session/timeline/timeline.ts",
        find: "return Math.min(this.inputs.confirmedEnd, this.#resimulateFrom);",
        replace: "return this.#resimulateFrom;",
      },
      {
        file: "src/session/inputs/final-inputs.ts",
        find: 'assert(frame < this.confirmedEnd, "the frame is confirmed");',
        replace: "",
      },
    ],
  },
  {
    name: "the window is off by one",
    oracle: "window",
    edits: [
      {
        file: "src/session/timeline/timeline.ts",
        find: "return this.inputs.confirmedEndWithout(this.#own) + this.#window;",
        replace: "return this.inputs.confirmedEndWithout(this.#own) + this.#window + 1;",
      },
    ],
  },
  {
    name: "a rollback restores one frame too late",
    oracle: "hashes",
    edits: [
      {
        file: "src/session/timeline/timeline.ts",
        find: "this.#simulation.restore(from % this.#simulation.slots);",
        replace: "this.#simulation.restore(Math.min(from + 1, target) % this.#simulation.slots);",
      },
    ],
  },
  {
    name: "predictions are never checked",
    oracle: "hashes",
    edits: [
      {
        file: "src/session/inputs/final-inputs.ts",
        find: "if (this.#words[at + i] !== predicted) return frame;",
        replace: "if (frame < 0) return frame;",
      },
    ],
  },
  {
    name: "a delta base is one frame off",
    oracle: "final-inputs",
    edits: [
      {
        file: "src/session/inputs/run.ts",
        find: "const base = first - run.base;",
        replace: "const base = Math.max(0, first - run.base - 1);",
      },
    ],
  },
  {
    name: "a departed seat is absent one frame too late",
    oracle: "hashes",
    edits: [
      {
        file: "src/session/inputs/final-inputs.ts",
        find: "if (frame >= this.#leftAt[seat]!) into.fill(0, begin, end);",
        replace: "if (frame > this.#leftAt[seat]!) into.fill(0, begin, end);",
      },
    ],
  },
  {
    name: "who leaves takes his last inputs along",
    oracle: "write-once",
    from: 8,
    edits: [
      {
        file: "src/session/inputs/final-inputs.ts",
        find: "if (this.#leftAt[seat]! <= frame) this.#clear(record, seat);",
        replace: "if (this.#leftAt[seat]! <= frame + 4) this.#clear(record, seat);",
      },
    ],
  },
  {
    name: "a late input is lost when the run has a gap",
    oracle: "progress",
    from: 5,
    edits: [
      {
        file: "src/session/inputs/redundancy.ts",
        find: "if (!overdue || now < this.#repairAt) return newest;",
        replace: "if (overdue || !overdue) return newest;",
      },
      {
        file: "src/session/inputs/redundancy.ts",
        find: "if (newest === acknowledged || end <= this.#sentEnd) return acknowledged;",
        replace: "",
      },
    ],
  },
  {
    name: "an absent seat counts as confirmed for ever",
    oracle: "stable",
    edits: [
      {
        file: "src/sequencer/match.ts",
        find: "end = Math.min(end, seat.received[other]!);",
        replace: "if (this.inputs.leftAt(other) === Infinity) end = Math.min(end, seat.received[other]!);",
      },
    ],
  },
  {
    name: "the stable end runs ahead",
    oracle: "stable",
    edits: [
      {
        file: "src/sequencer/match.ts",
        find: "if (stable !== Infinity) this.#stableEnd = Math.max(this.#stableEnd, stable);",
        replace: "if (stable !== Infinity) this.#stableEnd = Math.max(this.#stableEnd, stable + 1);",
      },
    ],
  },
  {
    name: "a good-bye is said three thousand times",
    oracle: "memory",
    edits: [{ file: "src/session/leaving.ts", find: "const BYES = 3;", replace: "const BYES = 3000;" }],
  },
  {
    name: "a datagram is a byte too long now and then",
    oracle: "decoding",
    edits: [
      {
        file: "src/wire/outbox.ts",
        find: "datagram.length = this.#writer.at;",
        replace: "datagram.length = this.#writer.at + (this.sentDatagrams % 100 === 99 ? 1 : 0);",
      },
    ],
  },
  {
    name: "lossy links lose nothing",
    oracle: "bite",
    from: 28,
    text: /lossy link lost nothing/,
    edits: [
      { file: "src/netsim/link.ts", find: "if (loss <= 0) return false;", replace: "if (loss <= 1) return false;" },
    ],
  },
  {
    name: "nobody ever pauses",
    oracle: "bite",
    text: /never happened/,
    edits: [
      {
        file: "test/dst/troubles.ts",
        find: "if (trouble.at === now) this.#happen(trouble);",
        replace: 'if (trouble.at === now && trouble.kind !== "pause") this.#happen(trouble);',
      },
    ],
  },
  {
    name: "a player asserts what the network may well break",
    oracle: "throws",
    edits: [
      {
        file: "src/session/uplink.ts",
        find: "if (!waiting && !this.#reader.finished) this.unusable += 1;",
        replace: 'if (this.unusable > 0) throw new Error("unusable");',
      },
    ],
  },
  {
    name: "who comes in begins with a state that is a bit off, and nobody compares",
    oracle: "hashes",
    from: 55,
    edits: [
      {
        file: "src/session/joining/joining.ts",
        find: "if (snapshot.size > 0) running.timeline.load(download.bytes);",
        replace: "if (snapshot.size > 0) { download.bytes[0]! ^= 1; running.timeline.load(download.bytes); }",
      },
      {
        file: "src/session/joining/joining.ts",
        find: "if (chain.valueAt(check.frame) !== check.value) return this.#spoilt(snapshot, now);",
        replace: "if (chain.end < 0) return this.#spoilt(snapshot, now);",
      },
      {
        file: "src/sequencer/joining/arrival.ts",
        find: "if (!same) this.wrong = true;",
        replace: "if (!same && same) this.wrong = true;",
      },
    ],
  },
  ...SESSION_MUTANTS,
];
