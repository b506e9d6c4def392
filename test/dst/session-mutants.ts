// Faults planted by hand in what a session does beyond playing: inputs, deadlines, leavers, verdicts, who comes and looks on.
import { returning } from "./generate.js";
import type { Mutant } from "./mutants.js";

export const SESSION_MUTANTS: Mutant[] = [
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
    name: "players hear of a last frame that is one later",
    oracle: "last-frames",
    from: 8,
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
    from: 22,
    text: /was dropped when silent for/,
    edits: [
      {
        file: "src/sequencer/timing/timing.ts",
        find: "match?.slept(sleptMs, now);",
        replace: "",
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
    from: 8,
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
    name: "differing hashes are called equal",
    oracle: "desync",
    from: 10,
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
    from: 36,
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
    from: 40,
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
    from: 10,
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
    from: 16,
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
    from: 123,
    edits: [
      {
        file: "src/sequencer/fan-out.ts",
        find: "if (match.anyonePresent) return match.finalEnd - delay;",
        replace: "if (match.anyonePresent) return Math.min(200, match.finalEnd - delay);",
      },
    ],
  },
  {
    name: "samples that share a frame are forgotten",
    oracle: "pressed",
    from: 41,
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
    scheduled: returning,
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
    scheduled: returning,
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
    from: 412,
    edits: [
      {
        file: "src/sequencer/intake.ts",
        find: "if (end <= seat.neutralEnd) return;",
        replace: "",
      },
    ],
  },
  {
    name: "one player takes his way for no way at all",
    oracle: "symmetry",
    from: 38,
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
    from: 10,
    text: /not state of/,
    edits: [
      {
        file: "src/sequencer/verdict/judgement.ts",
        find: "frame: parting.frame,",
        replace: "frame: parting.frame + 1,",
      },
    ],
  },
  {
    name: "a player believes what his former self is told",
    scheduled: returning,
    oracle: "final-inputs",
    edits: [
      {
        file: "src/session/uplink.ts",
        find: "|| frames.generation !== this.#generation) return false;",
        replace: "|| frames.generation > 3) return false;",
      },
    ],
  },
];
