// Shrinking, without any game: trials that know exactly what a failure is made of, so that what must be left is known too.
import { describe, expect, it } from "vitest";
import type { Failure, Trial } from "../../src/desync/minimise/failure.js";
import { minimise } from "../../src/desync/minimise/minimise.js";
import { Tape } from "../../src/desync/minimise/tape.js";
import { Random } from "../../src/netsim/random.js";
import { CELL_HEADER_BYTES, PRESENCE_ABSENT, PRESENCE_HERE } from "../../src/simulation/simulation.js";
import { MATCH_DEFAULTS } from "../../src/wire/match-config.js";

const INPUT_BYTES = 4;
const CELL_BYTES = CELL_HEADER_BYTES + INPUT_BYTES;
const SEATS = 3;

/** Bytes pressed by a seat in a frame; undefined: the seat is absent. */
type Pressed = (frame: number, seat: number) => number[] | undefined;

function tape(frames: number, pressed: Pressed, commands = 0): Tape {
  const records = Array.from({ length: frames }, (_, frame) => {
    const record = new Uint8Array(SEATS * CELL_BYTES);
    for (let seat = 0; seat < SEATS; seat++) {
      const bytes = pressed(frame, seat);
      record[seat * CELL_BYTES] = bytes === undefined ? PRESENCE_ABSENT : PRESENCE_HERE;
      record[seat * CELL_BYTES + 2] = bytes?.length ?? 0;
      record.set(bytes ?? [], seat * CELL_BYTES + CELL_HEADER_BYTES);
    }
    return record;
  });
  const rest = { framesPerSecond: 60, predictionWindow: 8, inputDelay: 1, dropAfterMs: 3000 };
  const start = { seedLow: 1, seedHigh: 0, rules: new Uint8Array(0) };
  const config = { players: SEATS, inputBytes: INPUT_BYTES, ...MATCH_DEFAULTS, ...rest, ...start, commands };
  return Tape.of({
    config,
    cellBytes: CELL_BYTES,
    frames,
    records: () => records.values() as Iterator<Uint8Array, undefined>,
  });
}

function cell(tape: Tape, frame: number, seat: number): Uint8Array {
  return tape.record(frame).subarray(seat * CELL_BYTES, (seat + 1) * CELL_BYTES);
}

function inputOf(tape: Tape, frame: number, seat: number): number[] {
  return [...cell(tape, frame, seat).subarray(CELL_HEADER_BYTES)];
}

function failing(frame: number, path = "x"): Failure {
  return {
    kind: "parts",
    frame: frame + 1,
    needed: frame + 1,
    fields: [{ path, before: "0", after: "1" }] as Failure["fields"],
    trap: undefined,
  };
}

interface Press {
  seat: number;
  byte: number;
  mask: number;
}

/** Fails once these presses were made, one after the other, each in a frame of its own. */
function inOrder(presses: Press[]): Trial {
  return (tape) => {
    let made = 0;
    for (let frame = 0; frame < tape.frames; frame++) {
      const { seat, byte, mask } = presses[made]!;
      if ((inputOf(tape, frame, seat)[byte]! & mask) === mask) made += 1;
      if (made === presses.length) return { failure: failing(frame), played: frame + 1 };
    }
    return { failure: undefined, played: tape.frames };
  };
}

const BUDGET = 1_000_000;

function restless(seed: number): Pressed {
  const dice = new Random(seed);
  const bytes = Array.from({ length: 4096 }, () => dice.below(256));
  return (frame, seat) =>
    Array.from({ length: INPUT_BYTES }, (_, i) => bytes[(frame * 31 + seat * 7 + i) % bytes.length]!);
}

describe("a failing match", () => {
  it("shrinks to the presses that it is made of, in as many frames, whatever else was pressed", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const dice = new Random(seed);
      const one = (): Press => ({ seat: dice.below(SEATS), byte: dice.below(INPUT_BYTES), mask: 1 << dice.below(8) });
      const presses = Array.from({ length: 1 + dice.below(4) }, one);
      const found = minimise(tape(300, restless(seed)), inOrder(presses), { budget: BUDGET })!;
      expect(found.stopped, `seed ${seed}`).toBe(false);
      expect(found.tape.frames, `seed ${seed}`).toBe(presses.length);
      // A button may be held on through the next press, as that is no more to be looked at; but none is down without need.
      for (const [frame, { seat, byte, mask }] of presses.entries()) {
        expect(inputOf(found.tape, frame, seat)[byte]! & mask, `seed ${seed}`).toBe(mask);
        for (let each = 0; each < SEATS; each++) {
          const wanted = [0, 0, 0, 0];
          for (const press of presses) if (press.seat === each) wanted[press.byte]! |= press.mask;
          const more = inputOf(found.tape, frame, each).map((bits, i) => bits & ~wanted[i]!);
          expect(more, `seed ${seed}`).toEqual([0, 0, 0, 0]);
        }
      }
    }
  });

  it("loses nothing more when it is shrunk again", () => {
    const presses = [0, 1, 2].map((seat) => ({ seat, byte: seat, mask: 4 }));
    const once = minimise(tape(200, restless(5)), inOrder(presses), { budget: BUDGET })!;
    const twice = minimise(once.tape, inOrder(presses), { budget: BUDGET })!;
    expect(twice.tape.weight()).toEqual(once.tape.weight());
  });

  it("is cut where it fails first", () => {
    const trial: Trial = (tape) => ({ failure: tape.frames >= 50 ? failing(49) : undefined, played: tape.frames });
    const found = minimise(tape(200, restless(6)), trial, { budget: BUDGET })!;
    expect(found.tape.frames).toBe(50);
    expect(found.rounds.map(({ what }) => what)).toEqual(["as recorded", "until it fails", "inputs left out"]);
    expect(found.tape.weight()).toMatchObject({ pressed: 0, turns: 0 });
  });

  it("does not become another failure that is shorter", () => {
    const presses = [0, 1].map((seat) => ({ seat, byte: 0, mask: 1 }));
    const made = inOrder(presses);
    const trial: Trial = (tape) => {
      // Of a match in which seat 2 is still, something else is wrong at once.
      if (tape.frames > 0 && inputOf(tape, 0, 2).every((byte) => byte === 0))
        return { failure: failing(0, "y"), played: 1 };
      return made(tape);
    };
    const found = minimise(tape(100, restless(7)), trial, { budget: BUDGET })!;
    expect(found.failure.fields[0]!.path).toBe("x");
    expect(inputOf(found.tape, 0, 2)).not.toEqual([0, 0, 0, 0]);
  });

  it("is held on rather than pressed anew, where it must be down all the time", () => {
    const trial: Trial = (tape) => {
      for (let frame = 0; frame < 20; frame++) {
        if (frame >= tape.frames || (inputOf(tape, frame, 0)[0]! & 3) === 0)
          return { failure: undefined, played: frame };
      }
      return { failure: failing(19), played: 20 };
    };
    const found = minimise(
      tape(100, (frame) => [1 + (frame % 2), 0, 0, 0]),
      trial,
      { budget: BUDGET },
    )!;
    expect(found.tape.weight()).toEqual({ frames: 20, pressed: 20, turns: 1, bits: 20 });
  });

  it("keeps who is absent where the failure needs it, and brings him back where not", () => {
    const absent: Pressed = (frame, seat) => (seat > 0 && frame >= 10 ? undefined : [1, 0, 0, 0]);
    const trial: Trial = (tape) => {
      for (let frame = 0; frame < tape.frames; frame++) {
        if (cell(tape, frame, 1)[0] === PRESENCE_ABSENT) return { failure: failing(frame), played: frame + 1 };
      }
      return { failure: undefined, played: tape.frames };
    };
    const { tape: small } = minimise(tape(60, absent), trial, { budget: BUDGET })!;
    expect(small.frames).toBe(1);
    expect([0, 1, 2].map((seat) => cell(small, 0, seat)[0])).toEqual([PRESENCE_HERE, PRESENCE_ABSENT, PRESENCE_HERE]);
  });

  it("gives no commands where none are needed: an input of commands is empty then, and not zero", () => {
    const trial = inOrder([{ seat: 1, byte: 0, mask: 8 }]);
    const { tape: small } = minimise(tape(60, restless(8), 1), trial, { budget: BUDGET })!;
    expect([0, 1, 2].map((seat) => cell(small, 0, seat)[2])).toEqual([0, INPUT_BYTES, 0]);
  });

  it("is left as it was where it does not fail, and shrinks by no more than its budget allows", () => {
    expect(
      minimise(tape(60, restless(9)), () => ({ failure: undefined, played: 60 }), { budget: BUDGET }),
    ).toBeUndefined();
    const presses = [
      { seat: 0, byte: 0, mask: 1 },
      { seat: 2, byte: 3, mask: 128 },
    ];
    const found = minimise(tape(300, restless(10)), inOrder(presses), { budget: 40 })!;
    expect(found.stopped).toBe(true);
    expect(inOrder(presses)(found.tape).failure).toBeDefined();
  });
});
