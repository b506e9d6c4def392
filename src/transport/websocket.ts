// The default carrier: one to three WebSockets used in turn, as loss demands, and a fresh one beside those that fell silent.
import { SamestepError } from "../error.js";
import { CLOSE_LOST, CLOSE_UNKNOWN, isFinal } from "./closing.js";
import { readHeldUp } from "./held-up.js";
import { Demand, STRIPES_MAX } from "./hold-ups.js";
import { drawToken, introduction } from "./introduction.js";
import { isBulk, Rotation, SILENT_MS } from "./rotation.js";
import { type SocketConstructor, Stripe, type StripeListener } from "./stripe.js";
import type { Transport, TransportListener } from "./transport.js";

/** First wait before dialling again, and the longest; each is twice the one before. */
const BACKOFF_MS = 250;
const BACKOFF_MAX_MS = 5000;

/** A server answers every player several times a second: who is deaf for so long, also on a fresh socket, is gone. */
const DEAF_MS = 2000;

/** Time to open: a SYN and its first two repeats (1 s, 3 s). */
const OPENING_MS = 4000;

/**
 * Beside silent sockets a fresh one is tried for a quarter longer than the last one took to open, then the next one: a
 * SYN that was lost in the outage is repeated a second later at the earliest, and we want to be back by then.
 */
const FRESH_MS = 200;
const FRESH_OPENINGS = 1.25;

/** So many fresh ones in haste: as long as others wait for a player by default. Then each gets its time. */
const HASTE = 20;

/** How often all this is looked at: what it adds to an outage is a frame or two. */
const LOOK_MS = 25;

/** Who did not look for so long slept, and what came meanwhile still waits for him. */
const ASLEEP_MS = 2000;

/** A live socket is heard so often before it counts as silent: a game of two frames a second is silent for longer. */
const HEARD_OFTEN = 4;

/** A socket that brings nothing while others do, for so many times the silence that counts, will not catch up. */
const SILENCES_DEAD = 4;

/** Weight of a new gap in the usual one. */
const SMOOTHING = 1 / 16;

export interface WebSocketOptions {
  /** ws:// or wss://, with the room in it: see `playUrl`. */
  url: string | URL;
  /** Without it the global WebSocket. On Node 20: `import { WebSocket } from "ws"`. */
  socket?: SocketConstructor;
  /** Sockets at least and at most, 1 to 3; as loss demands between them, so by default { least: 1, most: 3 }. */
  stripes?: { least?: number; most?: number };
  /** In [0, 1), for the jitter of the waits. */
  random?: () => number;
}

/**
 * The wait before the attempt after `attempts` failed ones, in ms: 250 doubled up to 5000, of which the half is random, so
 * that the players of a server that restarts do not come back as one.
 */
export function backoffMs(attempts: number, random: () => number): number {
  const most = Math.min(BACKOFF_MAX_MS, BACKOFF_MS * 2 ** attempts);
  return most / 2 + (most / 2) * random();
}

/**
 *   none  --dial--> dialling --open--> open (1 to 3 stripes, one more while some are silent)
 *    ^--- backoff ------'  ^----- the last one closed, all deaf, or unknown to the server -----'
 *
 * @throws SamestepError BAD_USAGE when there is no WebSocket here, the address is none, or the stripes are not 1 to 3.
 */
export class WebSocketTransport implements Transport {
  readonly #url: string;
  readonly #Socket: SocketConstructor;
  readonly #random: () => number;
  readonly #demand: Demand;
  readonly #rotation = new Rotation<Stripe>();
  #listener: TransportListener | undefined;
  #stripes: Stripe[] = [];
  /** One at a time, as browsers have it: a second WebSocket to the same host waits until the first is open. */
  #dialled: Stripe | undefined;
  #token = drawToken();
  #serial = 0;
  /** Carriers in a row that came to nothing; dials in a row that did, beside sockets that are open. */
  #attempts = 0;
  #missed = 0;
  #openingMs = 0;
  #dialAt = -Infinity;
  #heardAt = -Infinity;
  #lookedAt = performance.now();
  #sends = 0;
  /** Between two datagrams. As in a lobby until we know. */
  #usualMs = SILENT_MS / 2;
  #redial: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setInterval> | undefined;
  #closed = false;

  constructor(options: WebSocketOptions) {
    const socket = options.socket ?? (globalThis.WebSocket as SocketConstructor | undefined);
    if (socket === undefined) {
      throw new SamestepError("BAD_USAGE", `no WebSocket here: pass one, import { WebSocket } from "ws"`);
    }
    if (!URL.canParse(options.url) || !/^wss?:$/.test(new URL(options.url).protocol)) {
      throw new SamestepError("BAD_USAGE", `a WebSocket's address begins with ws:// or wss://: '${options.url}'`);
    }
    const { least = 1, most = STRIPES_MAX } = options.stripes ?? {};
    if (!(1 <= least && least <= most && most <= STRIPES_MAX)) {
      throw new SamestepError("BAD_USAGE", `stripes are 1 to ${STRIPES_MAX}, not at least ${least}, at most ${most}`);
    }
    this.#url = String(options.url);
    this.#Socket = socket;
    this.#demand = new Demand(least, most);
    this.#random = options.random ?? Math.random;
  }

  /** Sockets in use now. */
  get stripes(): number {
    return this.#stripes.length;
  }

  /** How often a socket stood still for a lost packet, as far as one can tell from what came out of it at either end. */
  get holdUps(): number {
    return this.#demand.holdUps;
  }

  listen(listener: TransportListener): void {
    this.#listener = listener;
    if (this.#watch !== undefined || this.#closed) return;
    this.#watch = setInterval(() => this.#look(performance.now()), LOOK_MS);
    this.#dial("first");
  }

  send(bytes: Uint8Array): void {
    const now = performance.now();
    // Timers of a hidden page ring once a second, while its worker goes on ticking. Not now: nobody hears of a loss
    // inside his own call.
    if (now - this.#lookedAt >= LOOK_MS) queueMicrotask(() => this.#look(performance.now()));
    this.#sends += 1;
    this.#rotation.pick(this.#stripes, bytes, now)?.send(bytes, now);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#redial);
    clearInterval(this.#watch);
    this.#abandon();
  }

  #dial(role: "first" | "further" | "fresh"): void {
    this.#dialled = new Stripe(this.#Socket, this.#url, role === "fresh", this.#ears);
  }

  readonly #ears: StripeListener = {
    opened: (stripe) => this.#opened(stripe),
    received: (stripe, bytes) => this.#heard(stripe, bytes),
    closed: (stripe, code, reason) => this.#gone(stripe, code, reason),
  };

  #opened(stripe: Stripe): void {
    this.#dialled = undefined;
    this.#missed = 0;
    this.#openingMs = stripe.openingMs;
    this.#stripes.push(stripe);
    stripe.send(introduction(this.#token, this.#serial++), stripe.heardAt);
    if (this.#stripes.length > 1) return;
    this.#heardAt = stripe.heardAt;
    this.#listener?.opened();
  }

  #heard(stripe: Stripe, bytes: Uint8Array): void {
    const now = performance.now();
    this.#usualMs += SMOOTHING * (Math.min(DEAF_MS, now - this.#heardAt) - this.#usualMs);
    stripe.heardAt = now;
    this.#heardAt = now;
    // Not before the server really talked: one that accepts and hangs up at once is not worth a quick visit.
    this.#attempts = 0;
    if (!stripe.carried) {
      stripe.carried = true;
      // Only now. And all of them, also one that woke up meanwhile: its other direction may still wait for its timer.
      if (stripe.fresh) this.#retire((other) => other.dialledAt < stripe.dialledAt);
    }
    const upMs = readHeldUp(bytes);
    if (upMs !== undefined) {
      if (!stripe.departures.excuse(upMs)) this.#demand.heldUp("up", now);
      return;
    }
    if (!isBulk(bytes) && stripe.arrivals.hear(now, this.#stripes.length, this.#sends) > 0) {
      this.#demand.heldUp("down", now);
    }
    this.#listener?.received(bytes);
  }

  #gone(stripe: Stripe, code: number, reason: string): void {
    if (stripe === this.#dialled) this.#dialled = undefined;
    this.#stripes = this.#stripes.filter((other) => other !== stripe);
    // A fresh one that the server gave up (what it said was lost on the way) says nothing about the others.
    const ofAll = code === CLOSE_UNKNOWN || (stripe.carried && isFinal(code));
    if (ofAll || this.#stripes.length === 0) this.#lose(code, reason);
    else this.#dialAt = performance.now() + backoffMs(this.#missed++, this.#random);
  }

  #look(now: number): void {
    const asleep = now - this.#lookedAt > ASLEEP_MS;
    this.#lookedAt = now;
    if (asleep) this.#excuse(now);
    if (this.#dialled !== undefined && !this.#giveUpDial(this.#dialled, now)) return;
    if (this.#stripes.length === 0) return;
    if (this.#stripes.every((stripe) => now - stripe.heardAt >= this.#silenceMs)) this.#replace(now);
    else this.#fit(now);
  }

  #excuse(now: number): void {
    this.#heardAt = now;
    for (const stripe of this.#stripes) stripe.heardAt = now;
  }

  get #silenceMs(): number {
    return Math.max(SILENT_MS, HEARD_OFTEN * this.#usualMs);
  }

  /** Whether the socket that is being opened had its time. */
  #giveUpDial(dialled: Stripe, now: number): boolean {
    const hasty = this.#stripes.length > 0 && this.#missed < HASTE;
    const patienceMs = hasty ? Math.max(FRESH_MS, FRESH_OPENINGS * this.#openingMs) : OPENING_MS;
    if (now - dialled.dialledAt < patienceMs) return false;
    dialled.giveUp();
    this.#dialled = undefined;
    if (this.#stripes.length === 0) this.#lose(CLOSE_LOST, "nothing came through the connection");
    else this.#missed += 1;
    return true;
  }

  /** All are silent: a fresh one is opened beside them, for a new connection does not wait for an old one's timers. */
  #replace(now: number): void {
    const fresh = this.#stripes.some(({ carried }) => !carried);
    if (fresh && now - this.#heardAt >= DEAF_MS) this.#lose(CLOSE_LOST, "nothing came through the connection");
    else if (!fresh && now >= this.#dialAt) this.#dial("fresh");
  }

  /** As many as loss demands, if enough comes to hear each of them often. */
  #fit(now: number): void {
    // While a fresh one has not carried anything, the old ones are kept.
    const proven = this.#stripes.every(({ carried }) => carried);
    const deadMs = SILENCES_DEAD * this.#silenceMs;
    this.#retire((stripe) => now - stripe.heardAt >= deadMs && (proven || !stripe.carried));
    if (!proven) return;
    const wanted = this.#demand.stripes(now);
    const count = this.#stripes.length;
    if (count > wanted) this.#retire((stripe) => stripe === this.#stripes[0]); // the oldest
    const often = HEARD_OFTEN * this.#usualMs * (count + 1) <= SILENT_MS;
    if (count < wanted && often && now >= this.#dialAt) this.#dial("further");
  }

  #retire(which: (stripe: Stripe) => boolean): void {
    for (const stripe of this.#stripes) if (which(stripe)) stripe.giveUp();
    this.#stripes = this.#stripes.filter((stripe) => !which(stripe));
  }

  /** The carrier is gone. The next one is another one: the server may have forgotten this. */
  #lose(code: number, reason: string): void {
    this.#abandon();
    this.#token = drawToken();
    this.#serial = 0;
    const final = isFinal(code);
    if (final) this.close();
    else this.#redial = setTimeout(() => this.#dial("first"), backoffMs(this.#attempts, this.#random));
    this.#attempts += 1;
    this.#listener?.closed({ code, reason, final });
  }

  #abandon(): void {
    this.#dialled?.giveUp();
    this.#dialled = undefined;
    this.#retire(() => true);
  }
}
