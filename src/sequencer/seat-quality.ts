// How good a seat's path is, as the sequencer sees it: figures for a server's operator, kept in place.
import type { PathMeter } from "../session/path/path-meter.js";
import { Growth, Least, SPELL_MS } from "../session/path/spells.js";

export interface SeatQuality {
  roundTripMs: number;
  /** Mean difference between his inputs' times of travel (RFC 3550, 6.4.1), in ms. */
  jitterMs: number;
  /** Shares of the last five to ten seconds' datagrams that were lost; down as far as he tells, in eight steps. */
  lossUp: number;
  lossDown: number;
  /** Of the last second: the stream's bytes, without what carriers add. */
  bytesPerSecondUp: number;
  bytesPerSecondDown: number;
  /** The least time by which his inputs came before the match's clock would have waited for them, of the last second or two. */
  marginMs: number;
  /** Datagrams that carry each input to him. */
  redundancy: number;
}

/** What the figures are made from. */
export interface SeatPath {
  readonly roundTripMs: number;
  readonly path: PathMeter;
  readonly redundancy: readonly { readonly datagrams: number }[];
}

export class SeatQualityMeter {
  readonly figures: SeatQuality = {
    roundTripMs: 0,
    jitterMs: 0,
    lossUp: 0,
    lossDown: 0,
    bytesPerSecondUp: 0,
    bytesPerSecondDown: 0,
    marginMs: 0,
    redundancy: 0,
  };
  sentBytes = 0;
  receivedBytes = 0;
  readonly #margin = new Least();
  readonly #up = new Growth();
  readonly #down = new Growth();
  #measureAt = -Infinity;

  /** An input of his came so long before the match's clock would have waited for it. */
  came(marginMs: number, now: number): void {
    this.#margin.note(marginMs, now);
  }

  /** At each tick. */
  measure({ roundTripMs, path, redundancy }: SeatPath, now: number): void {
    if (now < this.#measureAt) return;
    this.#measureAt = now + SPELL_MS;
    const { figures } = this;
    this.#up.note(this.receivedBytes, now);
    this.#down.note(this.sentBytes, now);
    figures.roundTripMs = roundTripMs;
    figures.jitterMs = path.jitterMs;
    figures.lossUp = path.arrivals.share;
    figures.lossDown = path.lossOut;
    figures.bytesPerSecondUp = this.#up.perSecond;
    figures.bytesPerSecondDown = this.#down.perSecond;
    figures.marginMs = this.#margin.value;
    figures.redundancy = redundancy[0]!.datagrams;
  }
}
