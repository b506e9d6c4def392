// Writes a match down while it is played: confirmed inputs, hash chain values, and now and then a whole state.
import { assert } from "../assert.js";
import { cellLength } from "../session/inputs/final-inputs.js";
import type { Core } from "../simulation/core.js";
import { CELL_HEADER_BYTES, PRESENCE_HERE } from "../simulation/simulation.js";
import { RunWriter } from "../wire/input-run.js";
import type { MatchConfig } from "../wire/match-config.js";
import { SIGNATURE_BYTES, type SignedResult, STATEMENT_BYTES_MAX, signedResult } from "../wire/result.js";
import { crc32 } from "./crc32.js";
import { BLOCK_FRAMES, type Check, FileWriter, FORMAT, header, type Keyframe, MAGIC } from "./format.js";

/** Frames between keyframes unless asked otherwise: a second at 60 per second. */
export const KEYFRAME_EVERY_FRAMES = 60;

/** The longest varint. */
const VARINT_BYTES = 5;

/** Bits of a frame that is raw, beside its bytes: three of its kind, thirteen of its length, and as many of its presence. */
const RAW_OVERHEAD_BYTES = 4;

export interface RecorderOptions {
  gameHash: string;
  schemaHash: string;
  config: MatchConfig;
  cellBytes: number;
}

export class ReplayRecorder {
  readonly #options: RecorderOptions;
  readonly #runs: RunWriter[];
  readonly #last: { bytes: Uint8Array; length: number; presence: number }[];
  readonly #blocks = new FileWriter();
  readonly #checks: Check[] = [];
  readonly #keyframes: Keyframe[] = [];
  #keyState: Uint8Array | undefined;
  #result: SignedResult | undefined;
  #frames = 0;

  constructor(options: RecorderOptions) {
    this.#options = options;
    const { players, inputBytes } = options.config;
    const blockBytes = BLOCK_FRAMES * (inputBytes + RAW_OVERHEAD_BYTES);
    this.#runs = Array.from({ length: players }, () => new RunWriter(blockBytes));
    this.#last = this.#runs.map(() => ({ bytes: new Uint8Array(inputBytes), length: 0, presence: PRESENCE_HERE }));
    for (let seat = 0; seat < players; seat++) this.#begin(seat);
  }

  get frames(): number {
    return this.#frames;
  }

  #begin(seat: number): void {
    const { bytes, length, presence } = this.#last[seat]!;
    this.#runs[seat]!.begin(bytes, 0, length, presence);
  }

  /** The inputs of the next frame: the record of all seats' cells. */
  confirmed(frame: number, record: Uint8Array): void {
    assert(frame === this.#frames, "frames are recorded in order, without gaps");
    const { cellBytes, config } = this.#options;
    for (let seat = 0; seat < config.players; seat++) {
      const cell = seat * cellBytes;
      const length = cellLength(record, cell);
      const presence = record[cell]!;
      const fits = this.#runs[seat]!.put(record, cell + CELL_HEADER_BYTES, length, presence);
      assert(fits, "a block's buffer holds the longest inputs");
      this.#last[seat]!.bytes.set(record.subarray(cell + CELL_HEADER_BYTES, cell + CELL_HEADER_BYTES + length));
      this.#last[seat]!.length = length;
      this.#last[seat]!.presence = presence;
    }
    this.#frames += 1;
    if (this.#frames % BLOCK_FRAMES === 0) this.#closeBlock(this.#blocks, true);
  }

  #closeBlock(to: FileWriter, next: boolean): void {
    for (const [seat, run] of this.#runs.entries()) {
      to.put(2 * VARINT_BYTES + run.length, (writer) => {
        writer.varint(run.count);
        writer.varint(run.length);
        run.copyTo(writer);
      });
      if (next) this.#begin(seat);
    }
  }

  /** The low 32 bits of the hash chain at `frame`: of all states and inputs before it. */
  check(frame: number, chain: number): void {
    this.#checks.push({ frame, chain });
  }

  /** The whole state at `frame`; with it, a verification can name the fields that differ. */
  keyframe(frame: number, state: Uint8Array, core: Core): void {
    this.#keyframes.push({ frame, delta: core.deltaEncode(this.#keyState ?? new Uint8Array(state.length), state) });
    this.#keyState = state.slice();
  }

  /** The match is over, and this is its result. */
  sign(result: SignedResult): void {
    this.#result = result;
  }

  /** The file as of now; recording may go on. */
  finish(): Uint8Array {
    const file = new FileWriter();
    const { gameHash, schemaHash, config, cellBytes } = this.#options;
    file.put(1024, (writer) => {
      writer.raw(MAGIC);
      header.write(writer, { format: FORMAT, game: gameHash, schema: schemaHash, config, cellBytes });
      writer.varint(this.#frames);
    });
    const blocks = this.#blocks.finish();
    file.put(blocks.length, (writer) => writer.raw(blocks));
    if (this.#frames % BLOCK_FRAMES !== 0) this.#closeBlock(file, false);
    let before = 0;
    file.put(VARINT_BYTES + this.#checks.length * (VARINT_BYTES + 4), (writer) => {
      writer.varint(this.#checks.length);
      for (const { frame, chain } of this.#checks) {
        writer.varint(frame - before);
        writer.u32(chain);
        before = frame;
      }
    });
    before = 0;
    file.put(VARINT_BYTES, (writer) => writer.varint(this.#keyframes.length));
    for (const { frame, delta } of this.#keyframes) {
      file.put(2 * VARINT_BYTES + delta.length, (writer) => {
        writer.varint(frame - before);
        writer.varint(delta.length);
        writer.raw(delta);
      });
      before = frame;
    }
    const result = this.#result;
    if (result !== undefined) {
      file.put(VARINT_BYTES + STATEMENT_BYTES_MAX + SIGNATURE_BYTES, (writer) => signedResult.write(writer, result));
    }
    const crc = crc32(file.finish());
    file.put(4, (writer) => writer.u32(crc));
    return file.finish();
  }
}
