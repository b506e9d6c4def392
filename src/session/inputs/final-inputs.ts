// Every seat's final inputs, frame by frame, in the layout the game module reads.
import { assert } from "../../assert.js";
import { CELL_HEADER_BYTES, PRESENCE_HERE, PRESENCE_REPLACED } from "../../simulation/simulation.js";

/**
 * Frames kept. Everybody needs the final inputs from `stableEnd` on, and nobody runs further ahead of it than a drop
 * timeout (60 s at most would be 3 600 frames, but under `wait` the window stops everybody long before): 17 s at 60.
 */
export const HISTORY_FRAMES = 1024;

/** What is played for a seat whose input is not known yet: its newest one again, or none. */
export type Prediction = "repeat" | "none";

export interface FinalInputsOptions {
  seats: number;
  /** A multiple of four where frames are played. */
  cellBytes: number;
  /** "repeat", the default, for what is held down; "none" for commands, which are carried out once. */
  prediction?: Prediction;
  /** Frames [0, inputDelay) are neutral for everybody and never sent. */
  inputDelay: number;
  /** The first frame whose inputs are held at all: of who came with a snapshot, the snapshot's. By default 0. */
  base?: number;
  /** No absent seat is played again before this frame; Infinity, the default, where that is decided. */
  absentEnd?: number;
  /** Under `substitute`, our own seat: what is pushed there is a guess like any other until the sequencer says so. */
  open?: number | undefined;
}

/**
 *   seat 0   |##########|        end(0)        final: written once, gap-free
 *   seat 1   |#######|           end(1)
 *   seat 2   |###|      ¦        left at frame 3: absent from there on, and until somebody joins the seat again; where
 *                       ¦        joins are decided, end(2) is Infinity, elsewhere the frame before which none can be
 *                    ^ confirmedEnd = the least end: every input of the frames before it is known
 *   open     |#####.....|        held beyond its end: the dots may still be replaced
 *
 * An absent seat may be played again from some frame J on, which the sequencer decides. Nobody may confirm a frame from J
 * on as if the seat were still absent, and nobody should wait for a seat that nobody plays. So the sequencer promises,
 * with every clock that it tells, that no seat comes back in the frames before that clock and a few more, `absentEnd`; it
 * joins a seat only at a J beyond all it has promised to anybody, and says so from then on before it promises more.
 *
 * Cells are kept as words, since a loop over a few words is the fastest copy there is for so few bytes.
 */
export class FinalInputs {
  readonly seats: number;
  readonly cellBytes: number;
  readonly recordBytes: number;
  readonly #cellWords: number;
  readonly #repeats: boolean;
  readonly #open: number | undefined;
  #openEnd = 0;
  readonly #base: number;
  #absentEnd: number;
  #confirmedEnd = 0;
  readonly #held: number[];
  readonly #leftAt: number[];
  readonly #records: Uint8Array[];
  /** All records, one after the other. */
  readonly #words: Uint32Array;

  constructor(options: FinalInputsOptions) {
    this.seats = options.seats;
    this.cellBytes = options.cellBytes;
    this.recordBytes = options.seats * options.cellBytes;
    this.#cellWords = options.cellBytes >> 2;
    this.#repeats = options.prediction !== "none";
    this.#open = options.open;
    this.#base = options.base ?? 0;
    this.#openEnd = this.#base;
    this.#absentEnd = options.absentEnd ?? Infinity;
    this.#held = new Array<number>(options.seats).fill(this.#base);
    this.#leftAt = new Array<number>(options.seats).fill(Infinity);
    const ring = new Uint8Array(HISTORY_FRAMES * this.recordBytes);
    this.#records = Array.from({ length: HISTORY_FRAMES }, (_, slot) =>
      ring.subarray(slot * this.recordBytes, (slot + 1) * this.recordBytes),
    );
    this.#words = new Uint32Array(ring.buffer);
    for (let seat = 0; seat < options.seats; seat++) {
      for (let frame = this.#base; frame < options.inputDelay; frame++) this.push(seat, NEUTRAL, 0, 0);
    }
    if (this.#open !== undefined) this.#openEnd = this.#held[this.#open]!;
    this.#confirmedEnd = this.confirmedEndWithout(undefined);
  }

  /** Most bytes of one input. */
  get inputBytes(): number {
    return this.cellBytes - CELL_HEADER_BYTES;
  }

  /** Exclusive end of what is held of a seat's inputs. */
  held(seat: number): number {
    return this.#held[seat]!;
  }

  /** Exclusive end of what is known of a seat: of an absent one the end of what is promised, or Infinity. */
  end(seat: number): number {
    const held = seat === this.#open ? this.#openEnd : this.#held[seat]!;
    return held >= this.#leftAt[seat]! ? Math.max(this.#absentEnd, held) : held;
  }

  /** The frame from which a seat is absent; Infinity while it plays. */
  leftAt(seat: number): number {
    return this.#leftAt[seat]!;
  }

  /** Oldest frame still held of a seat. */
  begin(seat: number): number {
    return Math.max(this.#base, this.#held[seat]! - HISTORY_FRAMES);
  }

  /** Every input of the frames before this one is final and held; Infinity when all have left. */
  get confirmedEnd(): number {
    return this.#confirmedEnd;
  }

  /** The same without one seat: under `wait` a player's own input is final when sampled. */
  confirmedEndWithout(own: number | undefined): number {
    // Who is ahead of the least end, as he nearly always is of his own, is not who it is of.
    if (own !== undefined && this.end(own) > this.#confirmedEnd) return this.#confirmedEnd;
    let end = Infinity;
    for (let seat = 0; seat < this.seats; seat++) if (seat !== own) end = Math.min(end, this.end(seat));
    return end;
  }

  /** Appends a seat's next final input: `length` bytes of `from` at `at`. */
  push(seat: number, from: Uint8Array, at: number, length: number, presence: number = PRESENCE_HERE): void {
    const held = this.#held[seat]!;
    assert(length <= this.inputBytes, "an input fits its cell");
    assert(held < this.#leftAt[seat]!, "a departed seat has no further input");
    const record = this.#records[held % HISTORY_FRAMES]!;
    const cell = seat * this.cellBytes;
    record[cell] = presence;
    record[cell + 2] = length & 255;
    record[cell + 3] = length >> 8;
    const bytes = cell + CELL_HEADER_BYTES;
    for (let i = 0; i < length; i++) record[bytes + i] = from[at + i]!;
    const end = cell + this.cellBytes;
    if (end - bytes > FEW_BYTES) record.fill(0, bytes + length, end);
    else for (let i = bytes + length; i < end; i++) record[i] = 0;
    this.#held[seat] = held + 1;
    // The least end only moves with a seat that it is of.
    if (held <= this.#confirmedEnd) this.#confirmedEnd = this.confirmedEndWithout(undefined);
  }

  /** Appends what the sequencer plays for a seat whose input is late: its newest one again, or none; flagged. */
  pushReplaced(seat: number): void {
    const newest = this.#held[seat]! - 1;
    if (!this.#repeats || newest < 0) this.push(seat, NEUTRAL, 0, 0, PRESENCE_REPLACED);
    else {
      const from = this.recordOf(seat, newest);
      const cell = seat * this.cellBytes;
      this.push(seat, from, cell + CELL_HEADER_BYTES, cellLength(from, cell), PRESENCE_REPLACED);
    }
  }

  /** The open seat's inputs of the frames before `end` are final as they stand. */
  finish(end: number): void {
    this.#openEnd = Math.min(end, this.#held[this.#open!]!);
    this.#confirmedEnd = this.confirmedEndWithout(undefined);
  }

  /** The open seat's next frame is final, and not as it was pushed. */
  finishReplaced(): void {
    const seat = this.#open!;
    const held = this.#held[seat]!;
    this.#held[seat] = this.#openEnd;
    this.pushReplaced(seat);
    this.#held[seat] = Math.max(held, this.#held[seat]!);
    this.finish(this.#openEnd + 1);
  }

  /** From `frame` on the seat is absent. Decided once, by the sequencer. */
  leave(seat: number, frame: number): void {
    assert(this.#held[seat]! <= frame, "a seat leaves after its last final input");
    this.#leftAt[seat] = frame;
    this.#confirmedEnd = this.confirmedEndWithout(undefined);
  }

  /** Nobody ever took the seat: it is absent from the first frame on. Before anything was played. */
  vacate(seat: number): void {
    this.#held[seat] = this.#base;
    this.leave(seat, this.#base);
  }

  /** The seat is absent until `frame`, and played again from there on. Decided once, by the sequencer. */
  join(seat: number, frame: number): void {
    const held = this.#held[seat]!;
    assert(this.#leftAt[seat]! <= held && held <= frame, "only an absent seat is joined, behind its last final input");
    for (let absent = Math.max(held, frame - HISTORY_FRAMES); absent < frame; absent++) {
      this.#clear(this.#records[absent % HISTORY_FRAMES]!, seat);
    }
    this.#held[seat] = frame;
    this.#leftAt[seat] = Infinity;
    if (seat === this.#open) this.#openEnd = frame;
    this.#confirmedEnd = this.confirmedEndWithout(undefined);
  }

  /** No absent seat is played again before this frame. */
  get absentEnd(): number {
    return this.#absentEnd;
  }

  /** The first frame whose inputs were held at all. */
  get base(): number {
    return this.#base;
  }

  /** No absent seat is played again before `end`. */
  promiseAbsent(end: number): void {
    if (end <= this.#absentEnd) return;
    this.#absentEnd = end;
    this.#confirmedEnd = this.confirmedEndWithout(undefined);
  }

  /** The record in which a held input stands; its cell begins at `seat * cellBytes`. */
  recordOf(seat: number, frame: number): Uint8Array {
    assert(frame >= this.begin(seat) && frame < this.#held[seat]!, "the input is held");
    return this.#records[frame % HISTORY_FRAMES]!;
  }

  lengthAt(seat: number, frame: number): number {
    return cellLength(this.recordOf(seat, frame), seat * this.cellBytes);
  }

  presenceAt(seat: number, frame: number): number {
    return this.recordOf(seat, frame)[seat * this.cellBytes]!;
  }

  /** All seats' inputs of a confirmed frame. */
  record(frame: number): Uint8Array {
    assert(frame < this.confirmedEnd, "the frame is confirmed");
    const record = this.#records[frame % HISTORY_FRAMES]!;
    for (let seat = 0; seat < this.seats; seat++) if (this.#leftAt[seat]! <= frame) this.#clear(record, seat);
    return record;
  }

  /**
   * Writes what is played at `frame`, all seats' cells: the final inputs where they are known, else their prediction.
   * A known input is its own prediction, so confirmed and predicted frames are one case.
   */
  write(frame: number, into: Uint32Array): void {
    const words = this.#words;
    const cellWords = this.#cellWords;
    const recordWords = cellWords * this.seats;
    for (let seat = 0; seat < this.seats; seat++) {
      const held = this.#held[seat]!;
      const begin = seat * cellWords;
      const end = begin + cellWords;
      const newest = held - 1;
      const known = frame < held;
      if (frame >= this.#leftAt[seat]!) into.fill(0, begin, end);
      else if (known || (this.#repeats && newest >= 0)) {
        const from = ((known ? frame : newest) % HISTORY_FRAMES) * recordWords;
        for (let i = begin; i < end; i++) into[i] = words[from + i]!;
      } else {
        into.fill(0, begin, end);
        into[begin] = newest < 0 ? PRESENCE_HERE : words[(newest % HISTORY_FRAMES) * recordWords + begin]! & 0xff;
      }
    }
  }

  /**
   * The first frame of [begin, end) whose final input is not what was predicted while `begin` was the newest end; `end`
   * when there is none. Nobody needs to keep what was played: a repeated input was wrong from the first frame on whose
   * input is not its forerunner's.
   */
  surprise(seat: number, begin: number, end: number): number {
    const cellWords = this.#cellWords;
    const recordWords = cellWords * this.seats;
    const cell = seat * cellWords;
    for (let frame = begin; frame < end; frame++) {
      if (frame >= this.#leftAt[seat]!) return frame; // it was played as present
      const at = (frame % HISTORY_FRAMES) * recordWords + cell;
      const repeated = this.#repeats && frame > 0;
      const before = ((frame - 1) % HISTORY_FRAMES) * recordWords + cell;
      for (let i = 0; i < cellWords; i++) {
        const predicted = repeated
          ? this.#words[before + i]!
          : i > 0
            ? 0
            : frame > 0
              ? this.#words[before]! & 0xff
              : PRESENCE_HERE;
        if (this.#words[at + i] !== predicted) return frame;
      }
    }
    return end;
  }

  #clear(record: Uint8Array, seat: number): void {
    record.fill(0, seat * this.cellBytes, (seat + 1) * this.cellBytes);
  }
}

const NEUTRAL = new Uint8Array(0);

/** Up to so many, a loop is quicker than `fill`. */
const FEW_BYTES = 64;

/** Input length in a cell's header. */
export function cellLength(record: Uint8Array, cell: number): number {
  return record[cell + 2]! | (record[cell + 3]! << 8);
}
