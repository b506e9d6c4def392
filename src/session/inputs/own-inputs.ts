// A player's own inputs: one sample for each frame that is due, put at the frame that the input delay says.
import { SamestepError } from "../../error.js";
import type { Schema } from "../../simulation/schema-shape.js";
import { CELL_HEADER_BYTES } from "../../simulation/simulation.js";
import { INPUT_DELAY_MAX } from "../../wire/limits.js";
import type { FinalInputs } from "./final-inputs.js";
import type { InputDelay } from "./input-delay.js";
import { buttonBytes, Merging } from "./merging.js";

/** Answers what is pressed at this moment. Called once for each frame, so that a command is neither lost nor sent twice. */
export type InputSource = () => Uint8Array;

/**
 * Commands that wait in line, because the delay was lowered and their frame is taken. Each keeps a frame of its own, since
 * nobody but the game knows what two commands in one input would mean; an empty sample lets the line catch up.
 */
class Line {
  readonly #waiting: Uint8Array[] = [];

  /** Lowering from the longest delay to none makes so many wait, and the line gets no longer than that. */
  add(command: Uint8Array): void {
    if (command.length > 0 && this.#waiting.length <= INPUT_DELAY_MAX) this.#waiting.push(command.slice());
  }

  get empty(): boolean {
    return this.#waiting.length === 0;
  }

  next(): Uint8Array {
    return this.#waiting.shift() ?? NOTHING;
  }
}

export class OwnInputs {
  readonly #inputs: FinalInputs;
  readonly #own: number;
  readonly #delay: InputDelay;
  /** Of games whose inputs are held, or else of commands. */
  readonly #merging: Merging | undefined;
  readonly #line = new Line();
  /** Frames before it have been asked for. */
  #sampledEnd = 0;
  /** The end of what was sampled here, or is neutral from the beginning; what lies beyond is the sequencer's. */
  #pushedEnd: number;
  /** After a sleep under `substitute`: nothing is sampled until the sequencer has said what is final by now. */
  uncertain = false;

  constructor(inputs: FinalInputs, own: number, delay: InputDelay, schema: Schema) {
    this.#inputs = inputs;
    this.#own = own;
    this.#delay = delay;
    this.#pushedEnd = inputs.held(own);
    this.#merging = schema.commands ? undefined : new Merging(buttonBytes(schema, inputs.inputBytes));
  }

  /** What nobody can have pressed before the match started is neutral, and final from its start on. */
  begin(inputDelay: number): void {
    while (this.#inputs.held(this.#own) < inputDelay) this.#push(NOTHING);
    this.#pushedEnd = this.#inputs.held(this.#own);
  }

  /** Asks once for what is pressed at `frame`, the next to be played. */
  sample(frame: number, source: InputSource): void {
    if (frame < this.#sampledEnd) return;
    this.#sampledEnd = frame + 1;
    const inputs = this.#inputs;
    const place = frame + this.#delay.at(frame);
    const held = inputs.held(this.#own);
    // Too late: the sequencer made this frame final without us.
    if (held > place && held !== this.#pushedEnd) return;
    const input = source();
    const most = inputs.inputBytes;
    if (input.length > most) {
      throw new SamestepError("BAD_INPUT", `an input of this game has at most ${most} bytes, not ${input.length}`);
    }
    if (this.#merging === undefined) this.#command(input, place);
    else this.#hold(this.#merging, input, place);
    this.#pushedEnd = inputs.held(this.#own);
  }

  #hold(merging: Merging, input: Uint8Array, place: number): void {
    const inputs = this.#inputs;
    const own = this.#own;
    if (inputs.held(own) > place) {
      merging.add(input);
      return;
    }
    while (inputs.held(own) < place) this.#repeat();
    if (merging.length === 0) inputs.push(own, input, 0, input.length);
    else {
      merging.add(input);
      inputs.push(own, merging.bytes, 0, merging.length);
      merging.clear();
    }
  }

  #repeat(): void {
    const inputs = this.#inputs;
    const own = this.#own;
    const newest = inputs.held(own) - 1;
    if (newest < inputs.begin(own)) inputs.push(own, NOTHING, 0, 0);
    else {
      const cell = own * inputs.cellBytes + CELL_HEADER_BYTES;
      inputs.push(own, inputs.recordOf(own, newest), cell, inputs.lengthAt(own, newest));
    }
  }

  #command(input: Uint8Array, place: number): void {
    const line = this.#line;
    while (this.#inputs.held(this.#own) < place) this.#push(line.next());
    if (this.#inputs.held(this.#own) > place) {
      line.add(input);
      return;
    }
    if (line.empty) this.#push(input);
    else {
      line.add(input);
      this.#push(line.next());
    }
  }

  #push(input: Uint8Array): void {
    this.#inputs.push(this.#own, input, 0, input.length);
  }
}

const NOTHING = new Uint8Array(0);
