// The truth for who was found wrong: the blocks in which his state differs, from somebody who is right.
import type { Simulation } from "../../simulation/simulation.js";
import { Reader, Writer } from "../../wire/bytes.js";
import { bytes, struct, u32, type ValueOf, varint } from "../../wire/codec.js";
import { BLOCKS_MAX, SNAPSHOT_BYTES_MAX } from "../../wire/limits.js";
import type { Body } from "../../wire/messages.js";
import type { Outbox } from "../../wire/outbox.js";
import { packBlocks } from "./blocks.js";
import { ParcelOut, TRUTH } from "./parcel.js";
import type { Witness } from "./witness.js";

/** Bytes of a truth beside the blocks: and a delta is a little longer than what it could not make shorter. */
const REST_BYTES = 1024;
const PACKED_BYTES_MAX = SNAPSHOT_BYTES_MAX + SNAPSHOT_BYTES_MAX / 16 + REST_BYTES;
export const TRUTH_BYTES_MAX: number = PACKED_BYTES_MAX + REST_BYTES;

/** A donor gives up what could not be given, or has been, after so long. */
const GIVE_UP_MS = 5000;

/** Frames of which one seat is given the truth after one verdict: each costs a comparison of two states. */
const GIFTS_MAX = 4;

const truth = struct({
  frame: varint,
  /** The hash chain there. */
  low: u32,
  high: u32,
  /** Which blocks, and those as they make of the state before the first bad one. */
  blocks: bytes(0, BLOCKS_MAX),
  packed: bytes(0, PACKED_BYTES_MAX),
});

export type Truth = ValueOf<typeof truth>;

export function readTruth(from: Uint8Array): Truth | undefined {
  const reader = new Reader();
  reader.open(from);
  const body = truth.read(reader, truth.blank());
  return reader.bad || reader.rest > 0 ? undefined : body;
}

function writeTruth(body: Truth): Uint8Array {
  const writer = new Writer();
  writer.open(new Uint8Array(body.packed.length + body.blocks.length + REST_BYTES));
  truth.write(writer, body);
  return writer.bytes.slice(0, writer.at);
}

interface Gift {
  serial: number;
  /** Whom it is for. */
  seat: number;
  frame: number;
  hashes: Uint8Array;
  out: ParcelOut | undefined;
  endsAt: number;
}

/** Who is right, and gives: a player, or the sequencer's own simulation. */
export class Donor {
  readonly #simulation: Simulation;
  readonly #witness: Witness;
  readonly #badFrame: (serial: number) => number | undefined;
  readonly #gifts: Gift[] = [];
  /** How many a seat was given after a verdict. */
  readonly #given = new Map<number, number>();

  /** `badFrame`: the first bad frame of a verdict that is known here. */
  constructor(simulation: Simulation, witness: Witness, badFrame: (serial: number) => number | undefined) {
    this.#simulation = simulation;
    this.#witness = witness;
    this.#badFrame = badFrame;
  }

  onHeal({ serial, seat, frame, hashes }: Body<"heal">, now: number): void {
    const known = this.#gifts.find((gift) => gift.serial === serial && gift.seat === seat && gift.frame === frame);
    const key = serial * 256 + seat;
    const given = this.#given.get(key) ?? 0;
    if (known !== undefined || given >= GIFTS_MAX) return;
    this.#given.set(key, given + 1);
    this.#gifts.push({ serial, seat, frame, hashes, out: undefined, endsAt: now + GIVE_UP_MS });
  }

  onLacking(lacking: Body<"lacking">): void {
    for (const { serial, seat, out } of this.#gifts)
      if (serial === lacking.serial && seat === lacking.seat) out?.lacks(lacking);
  }

  /** Posts what is due; `to` is where a seat is reached, and `from` who it is from, if not the carrier's own. */
  tick(outbox: Outbox, to: (seat: number) => number | undefined, now: number, from?: number): void {
    for (let i = this.#gifts.length - 1; i >= 0; i--) {
      const gift = this.#gifts[i]!;
      gift.out ??= this.#give(gift);
      const peer = to(gift.seat);
      if (peer !== undefined) gift.out?.post(outbox, peer, now, from);
      if (now >= gift.endsAt) this.#gifts.splice(i, 1);
    }
  }

  /** Undefined while the frame is not settled here, or the verdict not known. */
  #give({ serial, seat, frame, hashes }: Gift): ParcelOut | undefined {
    const bad = this.#badFrame(serial);
    const base = bad === undefined ? undefined : this.#witness.before(bad);
    const found = base && this.#witness.truth(frame, hashes);
    if (found === undefined) return undefined;
    const { low, high, blocks, state } = found;
    const packed = packBlocks(this.#simulation, base!, state, blocks);
    const bytes = writeTruth({ frame, low, high, blocks: Uint8Array.from(blocks), packed });
    return new ParcelOut({ kind: TRUTH, serial, seat }, bytes);
  }
}
