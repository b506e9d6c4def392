// What input delay a player's own measurements advise: raised soon when inputs come late, lowered long after they do not.
import { PRESENCE_REPLACED } from "../../simulation/simulation.js";
import { INPUT_DELAY_MAX } from "../../wire/limits.js";
import type { FinalInputs } from "../inputs/final-inputs.js";

/** How far one measurement moves the estimate, in `CLOCK_STEPS`: so much up or down that 95 % of them lie below. */
const UP = 61;
const DOWN = 3;

/** Parts of a frame in which depths are measured: whole numbers, since a fraction that is kept would be garbage. */
export const CLOCK_STEPS = 256;

/** After the start and after each change: until what was sent before it has arrived. */
const SETTLE_MS = 1500;

/** How long the wish for another delay has to last: late inputs are felt at once, a shorter delay is a luxury. */
const RAISE_MS = 500;
const LOWER_MS = 10_000;

/** Frames of room that a lower delay must leave, or it would be raised again. */
const SPARE_FRAMES = 1;

/** The rest of the window is kept for what networks do now and then. */
export const COMFORT: number = 3 / 4;

/**
 * Measured at each arrival: how far the frame clock was ahead of the others' inputs. One long silence is one measurement,
 * so an outage advises nothing.
 */
export class Advice {
  readonly #comfort: number;
  /** Beyond it lies what no delay could hide. */
  readonly #depthMax: number;
  #depth = 0;
  #measured = false;
  #settled = false;
  #settledAt = 0;
  #known = 0;
  /** Whether more (1) or less (-1) than what is advised is wished for, and since when. */
  #direction = 0;
  #since = 0;
  /** The delay that is advised. */
  value: number;

  constructor(predictionWindow: number, inputDelay: number) {
    this.#comfort = COMFORT * predictionWindow;
    this.#depthMax = CLOCK_STEPS * (predictionWindow + INPUT_DELAY_MAX);
    this.value = inputDelay;
  }

  /** Another delay is in force. */
  changed(after: number, now: number): void {
    this.#measured = false;
    this.unsettle(now);
    this.value = after;
  }

  /** This machine slept: while it catches up, nothing that it measures counts. */
  unsettle(now: number): void {
    this.#settled = false;
    this.#settledAt = now + SETTLE_MS;
    this.#direction = 0;
  }

  /** Looks at what has come; the frame clock stands at `clock`, in `CLOCK_STEPS` of a frame. */
  measure(clock: number, inputs: FinalInputs, own: number): void {
    const end = othersEnd(inputs, own);
    const before = this.#known;
    if (end === NOBODY || end <= before) return;
    this.#known = end;
    const depth = (clock - CLOCK_STEPS * before) | 0; // both wrap after a day and a half
    if (!this.#settled || depth > this.#depthMax) return;
    if (!this.#measured) this.#depth = depth;
    else this.#depth += depth > this.#depth ? UP : -DOWN;
    this.#measured = true;
  }

  /** Forms an opinion. True when it is a new one, and not what is in force anyway. */
  consider(inputDelay: number, now: number): boolean {
    if (this.#settledAt === 0) this.#settledAt = now + SETTLE_MS;
    this.#settled = now >= this.#settledAt;
    if (!this.#settled || !this.#measured) return false;
    const wish = this.#wished(inputDelay);
    const direction = Math.sign(wish - this.value);
    if (direction !== this.#direction) this.#since = now;
    this.#direction = direction;
    if (direction === 0 || now - this.#since < (direction > 0 ? RAISE_MS : LOWER_MS)) return false;
    this.value = wish;
    this.#direction = 0;
    return wish !== inputDelay;
  }

  #wished(inputDelay: number): number {
    const over = this.#depth / CLOCK_STEPS - this.#comfort;
    if (over > 0) return Math.min(INPUT_DELAY_MAX, inputDelay + Math.ceil(over));
    return Math.max(0, inputDelay - Math.max(0, Math.floor(-over) - SPARE_FRAMES));
  }
}

const NOBODY = 0x7fff_ffff;

/** The least end of the others who are here, as a whole number: Infinity is a fraction to engines, and costs garbage. */
function othersEnd(inputs: FinalInputs, own: number): number {
  let end = NOBODY;
  for (let seat = 0; seat < inputs.seats; seat++) {
    if (seat === own || inputs.leftAt(seat) !== Infinity) continue;
    const held = inputs.held(seat);
    // Replaced inputs come at their deadline, whatever the delay is.
    const replaced = held > inputs.begin(seat) && inputs.presenceAt(seat, held - 1) === PRESENCE_REPLACED;
    if (!replaced && held < end) end = held;
  }
  return end;
}
