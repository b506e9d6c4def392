// What the sequencer knows of one seat: who sits there, what he holds, when he was heard, what he is owed.
import { PartsOut } from "../session/inputs/parts-out.js";
import { CAREFUL_FRAMES, Redundancy } from "../session/inputs/redundancy.js";
import { PathMeter } from "../session/path/path-meter.js";
import type { MatchConfig } from "../wire/match-config.js";
import { type InputsBody, tripMs } from "../wire/stream.js";
import { SeatQualityMeter } from "./seat-quality.js";
import { Tail } from "./tail.js";
import { Lateness } from "./timing/lateness.js";

/**
 *   empty --hello--> probing --probes--> ready --start--> playing --bye, silence--> gone
 *       \--hello, the match runs--> joining ----live---------^  ^                    |
 *                                      ^                                            |
 *                                      \------------hello, as another Seat----------/
 *   who looks on:                   joining --live--> watching --bye, silence--> gone
 *   after a hand-over:              awaited --what he holds--> playing, or gone
 */
export type SeatPhase = "probing" | "ready" | "joining" | "awaited" | "playing" | "watching" | "gone";

export class Seat {
  readonly index: number;
  readonly token: string;
  /** Rises with each time that somebody comes in on this seat. */
  generation: number;
  phase: SeatPhase = "probing";
  /** The carrier's name for him; another one after he reconnects. */
  peer: number;
  /** The highest number of his hellos. */
  serial = 0;
  lastHeardAt: number;
  /** When an input of his last became final. */
  progressAt = 0;
  roundTripMs = 0;
  /** His newest datagram and when it came, for the echo. */
  sequence = 0;
  sequenceAt = 0;
  sequenceSeen = false;
  /** His newest datagram has not been echoed; and when to tell what all have, even so. */
  owesEcho = false;
  timedAt = -Infinity;
  /** Exclusive ends of what he holds of every seat, and the roster entries he has. */
  readonly received: number[];
  rosterEnd = 0;
  /** The first frame he is told of. */
  begin = 0;
  /** He looks on, and his seat is none. */
  watches = false;
  /** How he went, if he has, and when. */
  left: number | undefined;
  goneAt = 0;
  /** Why he was sent away, if he was. */
  refused: string | undefined;
  /** Streams that what goes to him takes in turn. */
  stripes = 1;
  readonly redundancy: Redundancy[];
  /** The others' long inputs on their way to him. */
  readonly parts: PartsOut[];
  /** What goes to him ahead of his acknowledgements, when he is far behind. */
  tail: Tail;
  /** Of his path, as it looks from here; his datagrams are all numbered, with 16 bits. */
  readonly path: PathMeter = new PathMeter(0x10000);
  readonly quality: SeatQualityMeter = new SeatQualityMeter();
  /** Datagrams of the stream to him so far. */
  sentNumber = 0;
  readonly lateness: Lateness = new Lateness();
  /** Exclusive ends of what he was heard to have pressed, of what was replaced of it, and of what of that came after all. */
  heardEnd = 0;
  replacedEnd = 0;
  lateEnd = 0;
  /** His inputs of the frames before this one are neutral: nothing could be pressed for them. */
  neutralEnd: number;
  /** The others' inputs that went into the last datagram: a new one is due when all have something newer. */
  flushedEnd = 0;
  flushAt = 0;

  constructor(options: {
    index: number;
    peer: number;
    token: string;
    seats: number;
    inputDelay: number;
    frameMs: number;
    now: number;
    generation?: number;
  }) {
    this.generation = options.generation ?? 0;
    this.index = options.index;
    this.peer = options.peer;
    this.token = options.token;
    this.lastHeardAt = options.now;
    this.heardEnd = options.inputDelay;
    this.neutralEnd = options.inputDelay;
    this.received = new Array<number>(options.seats).fill(options.inputDelay);
    this.parts = Array.from({ length: options.seats }, () => new PartsOut());
    const { seats, inputDelay, frameMs } = options;
    this.tail = new Tail(seats);
    this.redundancy = Array.from({ length: seats }, () => new Redundancy(inputDelay, frameMs));
  }

  get present(): boolean {
    return this.phase !== "gone" && this.phase !== "joining" && this.phase !== "watching";
  }

  /** He plays from this moment on. */
  play(at: number): void {
    this.phase = "playing";
    this.flushAt = at;
    this.progressAt = at;
  }

  /** He was let in while the match runs, and plays from this moment on. */
  join(frameMs: number, now: number): void {
    for (let other = 0; other < this.redundancy.length; other++) {
      this.redundancy[other] = new Redundancy(this.received[other]!, frameMs, CAREFUL_FRAMES);
    }
    this.play(now);
  }

  /** He begins at `frame`, with the state and the roster that hold there. */
  enter(frame: number, rosterEnd: number, { config, frameMs }: { config: MatchConfig; frameMs: number }): void {
    const first = Math.max(frame, frame === 0 ? config.inputDelay : 0);
    this.begin = frame;
    this.rosterEnd = rosterEnd;
    this.received.fill(first);
    this.tail = new Tail(this.received.length);
    for (let seat = 0; seat < this.redundancy.length; seat++) {
      this.redundancy[seat] = new Redundancy(first, frameMs);
      this.parts[seat] = new PartsOut();
    }
    this.flushAt = 0;
  }

  /** The machine that hears him slept until `now`: he was not silent, what came meanwhile is still in the carrier's queue. */
  slept(ms: number, now: number): void {
    this.lastHeardAt = Math.min(now, this.lastHeardAt + ms);
    this.progressAt = Math.min(now, this.progressAt + ms);
  }

  /** Remembers the newest datagram, for the echo that closes the round trip. */
  heard(sequence: number, now: number): void {
    const newer = ((sequence - this.sequence) << 16) >> 16;
    if (this.sequenceSeen && newer <= 0) return;
    this.sequence = sequence;
    this.sequenceAt = now;
    this.sequenceSeen = true;
    this.owesEcho = true;
  }

  /** A timed datagram of his says of the path: which one it is, how long it is, and how many of ours get lost. */
  told({ sequence, roundTrip, loss }: InputsBody, now: number): void {
    this.heard(sequence, now);
    this.roundTripMs = tripMs(roundTrip) ?? this.roundTripMs;
    this.path.arrivals.numbered(sequence);
    this.path.toldLoss = loss;
    for (let other = 0; other < this.redundancy.length; other++) this.redundancy[other]!.adapt(loss, this.stripes);
  }

  /** Quarter ms since the datagram that is echoed; 255 says that it is too long ago to be a round trip. */
  heldQuarters(now: number): number {
    return this.sequenceSeen ? Math.min(255, Math.round(4 * (now - this.sequenceAt))) : 255;
  }
}
