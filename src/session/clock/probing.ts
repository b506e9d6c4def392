// Before the start: measures the path until the clock can be set, and sets it at the sequencer's word.
import { PROBES, ROUND_TRIP_MAX } from "../../wire/limits.js";
import { type Body, blank } from "../../wire/messages.js";
import type { Outbox } from "../../wire/outbox.js";
import type { PlayerEvent } from "../player-events.js";
import { type Running, SEQUENCER } from "../running.js";

/** Time between two probes: twenty a second are few beside a match's own datagrams, and the lobby lasts a second or two. */
const AGAIN_MS = 50;

/** Afterwards, to show that we are here. */
const IDLE_MS = 250;

export class Probing {
  readonly #probe = blank("probe");
  #count = 0;
  #bestTripMs = Infinity;
  #sendAt = -Infinity;
  /** Of the answer before: when its probe went out, and when it came. */
  #wentAt = -Infinity;
  #cameAt = -Infinity;
  #present = 0;

  tick(running: Running, outbox: Outbox, now: number): void {
    if (now < this.#sendAt) return;
    const probe = this.#probe;
    probe.sequence = running.trips.stamp(now);
    probe.samples = Math.min(255, this.#count);
    probe.roundTrip = Math.min(ROUND_TRIP_MAX, this.#count === 0 ? 0 : Math.round(4 * this.#bestTripMs));
    outbox.post(SEQUENCER, "probe", probe);
    this.#sendAt = now + (this.#count < PROBES ? AGAIN_MS : IDLE_MS);
  }

  /** A probe came back: the next one goes at once, until there are enough. Tells when others have come or gone. */
  probed(running: Running, probed: Body<"probed">, now: number): PlayerEvent | undefined {
    this.#close(running, probed, now);
    const { present } = probed;
    if (present === this.#present) return undefined;
    this.#present = present;
    return { type: "waiting", present, players: running.config.players };
  }

  #close(running: Running, probed: Body<"probed">, now: number): void {
    const { trips } = running;
    if (!trips.closes(probed.echo, probed.held)) return;
    const tripMs = trips.ms(probed.echo, probed.held, now);
    running.clock.trip(tripMs);
    this.#bestTripMs = Math.min(this.#bestTripMs, tripMs);
    if (!this.#heldUp(now - tripMs - probed.held / 4, now)) this.#count += 1;
    if (this.#count < PROBES) this.#sendAt = -Infinity;
  }

  /**
   * Answers that come closer together than their probes went were held up together, on the path or by a server that slept:
   * the newest of them took the least time, and all of them are one sample.
   */
  #heldUp(wentAt: number, now: number): boolean {
    const together = now - this.#cameAt < (wentAt - this.#wentAt) / 2;
    this.#wentAt = wentAt;
    this.#cameAt = now;
    return together;
  }

  /** The match runs already, as others' inputs tell: asks for the start as often as may be. */
  hurry(now: number): void {
    this.#sendAt = Math.min(this.#sendAt, now + AGAIN_MS);
  }

  /**
   * Sets the clock: frame zero is `wait` quarter ms from the sending of this message, half a round trip ago. Who hears it
   * later than frame zero learns from the stream where the clock stands.
   */
  start(running: Running, start: Body<"start">, now: number): void {
    if (start.wait === 0) return;
    const { trips } = running;
    const closes = trips.closes(start.echo, start.held);
    const tripMs = closes ? trips.ms(start.echo, start.held, now) : this.#bestTripMs;
    const frameMs = 1000 / running.config.framesPerSecond;
    const clock256 = (256 * -start.wait) / 4 / frameMs;
    running.clock.sample({ clock256, shift256: 0, roundTripMs: Number.isFinite(tripMs) ? tripMs : 0 }, now);
  }
}
