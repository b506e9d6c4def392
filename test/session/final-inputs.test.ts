// The confirmed end is kept, and not counted anew for whoever asks: it has to be what counting says, whatever happens to seats.
import { expect, test } from "vitest";
import { Random } from "../../src/netsim/random.js";
import { FinalInputs } from "../../src/session/inputs/final-inputs.js";

const SEEDS = 40;
const EVENTS = 300;
const INPUT = new Uint8Array(2);

/** The least end of all seats but one. */
function counted(inputs: FinalInputs, without: number | undefined): number {
  const ends = Array.from({ length: inputs.seats }, (_, seat) => (seat === without ? Infinity : inputs.end(seat)));
  return Math.min(...ends);
}

/** Something that may happen to a seat. */
function happen(inputs: FinalInputs, seat: number, random: Random): void {
  const held = inputs.held(seat);
  if (inputs.leftAt(seat) <= held) {
    if (random.chance(0.2)) inputs.join(seat, Math.max(held, inputs.absentEnd) + random.below(5));
  } else if (random.chance(0.03)) inputs.leave(seat, held + random.below(3));
  else if (random.chance(0.1)) inputs.pushReplaced(seat);
  else inputs.push(seat, INPUT, 0, INPUT.length);
}

/** Something that the sequencer says: of absent seats, or under `substitute` of the open one. */
function say(inputs: FinalInputs, open: number | undefined, random: Random): void {
  if (open === undefined || inputs.leftAt(open) < Infinity) inputs.promiseAbsent(inputs.absentEnd + random.below(8));
  else if (random.chance(0.7)) inputs.finish(inputs.end(open) + random.below(4));
  else inputs.finishReplaced();
}

test("the confirmed end is the least end of all seats, and without one the least of the others", () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = new Random(seed);
    const seats = 1 + random.below(6);
    const open = random.chance(0.5) ? random.below(seats) : undefined;
    const inputDelay = random.below(4);
    const inputs = new FinalInputs({ seats, cellBytes: 12, inputDelay, absentEnd: random.below(20), open });
    for (let event = 0; event < EVENTS; event++) {
      if (random.chance(0.2)) say(inputs, open, random);
      else happen(inputs, random.below(seats), random);
      const where = `seed ${seed}, event ${event}`;
      expect(inputs.confirmedEnd, where).toBe(counted(inputs, undefined));
      for (let seat = 0; seat < seats; seat++) {
        expect(inputs.confirmedEndWithout(seat), `${where}, without seat ${seat}`).toBe(counted(inputs, seat));
      }
    }
  }
});
