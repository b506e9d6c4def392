// A transport behind a bad network: decorates another one with a simulated link in each direction.
import { type Conditions, PERFECT } from "../netsim/conditions.js";
import { Link, type LinkMode } from "../netsim/link.js";
import { Random } from "../netsim/random.js";
import type { Transport, TransportListener } from "./transport.js";

export interface SimulatedOptions {
  /** What we send, and what comes to us. Without them nothing is changed. */
  up?: Conditions;
  down?: Conditions;
  /** "stream" where the real carrier is one (a WebSocket), so that loss is seen as a stall, as it would be. */
  mode: LinkMode;
  seed?: number;
  /** ms. */
  clock?: () => number;
}

/** Delivers by a timer; a page whose timers may sleep also calls `pump` when it wakes. */
export class SimulatedTransport implements Transport {
  readonly #inner: Transport;
  readonly #mode: LinkMode;
  readonly #clock: () => number;
  readonly #upRandom: Random;
  readonly #downRandom: Random;
  #listener: TransportListener | undefined;
  #up: Link;
  #down: Link;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerAt = Infinity;

  constructor(inner: Transport, options: SimulatedOptions) {
    const seed = options.seed ?? 1;
    this.#inner = inner;
    this.#mode = options.mode;
    this.#clock = options.clock ?? (() => performance.now());
    // One source for each direction: what one does never changes what happens to the other.
    this.#upRandom = new Random(2 * seed);
    this.#downRandom = new Random(2 * seed + 1);
    this.#up = this.#link(this.#upRandom, options.up ?? PERFECT);
    this.#down = this.#link(this.#downRandom, options.down ?? PERFECT);
  }

  get up(): Conditions {
    return this.#up.conditions;
  }

  get down(): Conditions {
    return this.#down.conditions;
  }

  get stripes(): number {
    return this.#inner.stripes ?? 1;
  }

  /** Changes the network from now on; what is under way stays as it was. */
  change(conditions: { up?: Conditions; down?: Conditions }): void {
    if (conditions.up !== undefined) this.#up.conditions = conditions.up;
    if (conditions.down !== undefined) this.#down.conditions = conditions.down;
  }

  listen(listener: TransportListener): void {
    this.#listener = listener;
    this.#inner.listen({
      opened: () => {
        // Another connection is another stream: it does not wait for what the old one still owed.
        this.#up = this.#link(this.#upRandom, this.#up.conditions);
        this.#down = this.#link(this.#downRandom, this.#down.conditions);
        listener.opened();
      },
      received: (bytes) => {
        const now = this.#clock();
        this.#down.send(bytes, now);
        this.pump(now);
      },
      closed: (closing) => listener.closed(closing),
    });
  }

  send(bytes: Uint8Array): void {
    const now = this.#clock();
    this.#up.send(bytes, now);
    this.pump(now);
  }

  /** Hands over all that has arrived by `now`, in both directions. */
  pump(now: number): void {
    this.#up.deliver(now, (bytes) => this.#inner.send(bytes));
    this.#down.deliver(now, (bytes) => this.#listener?.received(bytes));
    const next = Math.min(this.#up.nextAt, this.#down.nextAt);
    if (next >= this.#timerAt) return;
    clearTimeout(this.#timer);
    this.#timerAt = next;
    this.#timer = setTimeout(() => this.#ring(), Math.max(0, next - now));
  }

  /** Closes the carrier; what we sent still arrives, without the delay. */
  close(): void {
    this.#up.deliver(Infinity, (bytes) => this.#inner.send(bytes));
    this.#listener = undefined;
    clearTimeout(this.#timer);
    this.#timerAt = -Infinity;
    this.#inner.close();
  }

  #ring(): void {
    this.#timerAt = Infinity;
    this.pump(this.#clock());
  }

  #link(random: Random, conditions: Conditions): Link {
    const link = new Link(random, this.#mode);
    link.conditions = conditions;
    return link;
  }
}
