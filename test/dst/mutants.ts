// Faults planted by hand in our own sources: the law that each breaks has to say so, or it proves nothing.
import type { Edit } from "./bundle.js";

export interface Mutant {
  name: string;
  /** The law that must be seen to break; others may as well. */
  oracle: string;
  /** Of a law that says several things, which of them. */
  text?: RegExp;
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
    name: "every hundredth press is passed over",
    oracle: "pressed",
    edits: [
      {
        file: "src/session/inputs/own-inputs.ts",
        find: "const input = source();",
        replace: "if (frame % 100 === 99) source(); const input = source();",
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
    edits: [
      {
        file: "src/session/inputs/final-inputs.ts",
        find: "if (this.#leftAt[seat]! <= frame) this.#clear(record, seat);",
        replace: "if (this.#leftAt[seat]! <= frame + 4) this.#clear(record, seat);",
      },
    ],
  },
  {
    name: "players hear of a last frame that is one later",
    oracle: "last-frames",
    text: /leaving at frame/,
    edits: [
      {
        file: "src/session/inputs/roster.ts",
        find: "inputs.leave(seat, frame);",
        replace: "inputs.leave(seat, frame + 1);",
      },
    ],
  },
  {
    name: "silence is counted through a sleep",
    oracle: "departures",
    text: /was dropped when silent for/,
    edits: [
      {
        file: "src/sequencer/timing/timing.ts",
        find: "if (sleptMs > 0) match?.slept(sleptMs, now);",
        replace: "if (sleptMs < 0) match?.slept(sleptMs, now);",
      },
    ],
  },
  {
    name: "a late input is lost when the run has a gap",
    oracle: "progress",
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
    name: "late inputs are replaced by none",
    oracle: "replaced",
    text: /by what he had not pressed/,
    edits: [
      {
        file: "src/session/inputs/final-inputs.ts",
        find: "if (!this.#repeats || newest < 0) this.push",
        replace: "if (newest >= 0) this.push",
      },
    ],
  },
  {
    name: "a replaced input is not told of",
    oracle: "replaced",
    text: /was not told that/,
    edits: [
      {
        file: "src/session/inputs/echo.ts",
        find: "this.#onReplaced(this.#begin, this.#end)",
        replace: "this.#onReplaced(this.#begin + 1, this.#end)",
      },
    ],
  },
  {
    name: "inputs are put a frame later than they were meant for",
    oracle: "pressed",
    edits: [
      {
        file: "src/session/inputs/own-inputs.ts",
        find: "while (inputs.held(own) < place) this.#repeat();",
        replace: "while (inputs.held(own) <= place) this.#repeat();",
      },
    ],
  },
  {
    name: "commands are forgotten when the delay is lowered",
    oracle: "pressed",
    text: /final is (less|something else)/,
    edits: [
      { file: "src/session/inputs/own-inputs.ts", find: "this.#waiting.push(command.slice());", replace: "return;" },
    ],
  },
  {
    name: "players hear of different input delays",
    oracle: "input-delay",
    edits: [
      {
        file: "src/session/inputs/roster.ts",
        find: "frame, inputDelay: value }",
        replace: "frame, inputDelay: value ^ (frame & 1) }",
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
    name: "differing hashes are called equal",
    oracle: "desync",
    text: /never heard of the fault/,
    edits: [
      {
        file: "src/sequencer/verdict/agreement.ts",
        find: "else if (other.value(frame) !== value) {",
        replace: "else if (frame < 0) {",
      },
    ],
  },
  {
    name: "those who fall silent together are dropped",
    oracle: "departures",
    text: /nobody else was there/,
    edits: [
      {
        file: "src/sequencer/timing/patience.ts",
        find: "if (here && 2 * (now - seat.lastHeardAt) <= config.dropAfterMs) return true;",
        replace: "if (here) return true;",
      },
    ],
  },
  {
    name: "what was waited for a player is never paid back",
    oracle: "departures",
    text: /was dropped when silent/,
    edits: [
      {
        file: "src/sequencer/timing/patience.ts",
        find: "if (frames > 0) this.#payBack(match, frames);",
        replace: "if (frames < 0) this.#payBack(match, frames);",
      },
    ],
  },
  {
    name: "those who are right are blamed",
    oracle: "blame",
    text: /is blamed for what/,
    edits: [
      {
        file: "src/sequencer/verdict/judgement.ts",
        find: "blamed: right === undefined ? [] : others.map(",
        replace: "blamed: right === undefined ? [] : right.map(",
      },
    ],
  },
  {
    name: "parts are twice as long as a datagram",
    oracle: "datagrams",
    edits: [
      {
        file: "src/wire/limits.ts",
        find: "export const PART_BYTES = 1024;",
        replace: "export const PART_BYTES = 2048;",
      },
      {
        file: "src/wire/bytes.ts",
        find: "export const DATAGRAM_BYTES_MAX = 1200;",
        replace: "export const DATAGRAM_BYTES_MAX = 2400;",
      },
    ],
  },
  {
    name: "those who look on are told of two hundred frames only",
    oracle: "guests",
    edits: [
      {
        file: "src/sequencer/fan-out.ts",
        find: "if (match.anyonePresent) return match.finalEnd - delay;",
        replace: "if (match.anyonePresent) return Math.min(200, match.finalEnd - delay);",
      },
    ],
  },
  {
    name: "who comes in begins with a state that is a bit off, and nobody compares",
    oracle: "hashes",
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
        find: "if (same) this.proven = true;",
        replace: "if (same || !same) this.proven = true;",
      },
    ],
  },
  {
    name: "samples that share a frame are forgotten",
    oracle: "pressed",
    text: /final is less/,
    edits: [
      {
        file: "src/session/inputs/own-inputs.ts",
        find: "if (inputs.held(own) > place) {\n      merging.add(input);",
        replace: "if (inputs.held(own) > place) {",
      },
    ],
  },
  {
    name: "samples that shared a frame once are in all later ones",
    oracle: "pressed",
    text: /final is more/,
    edits: [{ file: "src/session/inputs/own-inputs.ts", find: "merging.clear();", replace: "" }],
  },
  {
    name: "a player's inputs count whichever generation says them",
    oracle: "pressed",
    edits: [
      {
        file: "src/sequencer/sequencer.ts",
        find: "if (body.seat !== seat.index || body.generation !== seat.generation % GENERATIONS) {",
        replace: "if (body.seat !== seat.index || body.generation >= GENERATIONS) {",
      },
    ],
  },
  {
    name: "whoever comes in is compared by what an older generation says",
    oracle: "desync",
    text: /called wrong, and is right/,
    edits: [
      {
        file: "src/sequencer/joining/reception.ts",
        find: "|| body.generation !== seat.generation % GENERATIONS)",
        replace: "|| body.generation >= GENERATIONS)",
      },
    ],
  },
  {
    name: "a player believes what his former self is told",
    oracle: "final-inputs",
    edits: [
      {
        file: "src/session/uplink.ts",
        find: "|| frames.generation !== this.#generation) return false;",
        replace: "|| frames.generation > 3) return false;",
      },
    ],
  },
  {
    name: "deadlines forget the way down",
    oracle: "nobody-waits",
    edits: [
      {
        file: "src/sequencer/timing/deadline.ts",
        find: "predictionWindow + slackFrames(match, seat)) + 1;",
        replace: "predictionWindow + 0 * slackFrames(match, seat)) + 1;",
      },
    ],
  },
  {
    name: "what is neutral from the beginning counts as pressed early",
    oracle: "nobody-replaced",
    edits: [
      {
        file: "src/sequencer/intake.ts",
        find: "if (end <= match.neutralEnd) return;",
        replace: "",
      },
    ],
  },
  {
    name: "one player takes his way for no way at all",
    oracle: "symmetry",
    edits: [
      {
        file: "src/session/uplink.ts",
        find: "sample.roundTripMs = this.#trips.ms(frames.echo, frames.held, now);",
        replace: "sample.roundTripMs = this.#own > 0 ? this.#trips.ms(frames.echo, frames.held, now) : 0;",
      },
    ],
  },
  {
    name: "a player tells wrong hashes of a state that is right",
    oracle: "desync",
    text: /reports a desync that is none/,
    edits: [
      {
        file: "src/session/running.ts",
        find: "this.uplink.link(end, this.chain.value);",
        replace: "this.uplink.link(end, this.chain.value ^ (end > 200 && own === 0 ? 1 : 0));",
      },
    ],
  },
  {
    name: "whoever hears nothing for a moment is out",
    oracle: "departures",
    text: /is out: lost/,
    edits: [
      {
        file: "src/session/player.ts",
        find: 'if (silence === "lost") this.#end(',
        replace: 'if (silence === "begins") this.#end(',
      },
    ],
  },
  {
    name: "players hear of each leaver twice",
    oracle: "last-frames",
    text: /heard twice/,
    edits: [
      {
        file: "src/session/inputs/roster.ts",
        find: "if (this.#told.has(name)) return undefined;",
        replace: "",
      },
      {
        file: "src/session/player.ts",
        find: "this.#tell(this.#news.event(entry));",
        replace: "for (let twice = 0; twice < 2; twice++) this.#tell(this.#news.event(entry));",
      },
    ],
  },
  {
    name: "players tell of a last frame that is one later",
    oracle: "last-frames",
    text: /was told another last frame/,
    edits: [
      {
        file: "src/session/inputs/roster.ts",
        find: 'return { type: "left", seat, frame, dropped',
        replace: 'return { type: "left", seat, frame: frame + 1, dropped',
      },
    ],
  },
  {
    name: "the first bad frame is taken for the next",
    oracle: "desync",
    text: /not state of/,
    edits: [
      {
        file: "src/sequencer/verdict/judgement.ts",
        find: "frame: parting.frame,",
        replace: "frame: parting.frame + 1,",
      },
    ],
  },
];
