// One peer's carrier: the sockets he opened, used in turn, as one Transport.
import {
  CLOSE_DONE,
  CLOSE_GOING_AWAY,
  CLOSE_NO_HELLO,
  CLOSE_POLICY,
  CLOSE_SLOW,
  isFinal,
} from "../transport/closing.js";
import { heldUp } from "../transport/held-up.js";
import { isBulk, Rotation, SILENT_MS } from "../transport/rotation.js";
import type { Transport, TransportListener } from "../transport/transport.js";
import type { Allowance } from "./allowance.js";
import type { Limits } from "./limits.js";
import type { Stripe, StripeListener } from "./stripe.js";

export class Connection implements Transport {
  readonly peer: number;
  /** True from the first seat on: until then the hello deadline runs. */
  seated = false;
  /** His other end is a carrier, which counts what is held up, and not a bare socket, to which only datagrams mean anything. */
  introduced = false;
  readonly #limits: Limits;
  readonly #openedAt: number;
  readonly #rotation = new Rotation<Stripe>();
  readonly #stripes: Stripe[] = [];
  readonly #allowance: Allowance;
  readonly #onGone: () => void;
  #listener: TransportListener | undefined;
  #ending: { code: number; reason: string } | undefined;
  #heardAt: number;
  #talkingSince: number;
  #ticks = 0;

  constructor(options: { stripe: Stripe; peer: number; limits: Limits; onGone: () => void }) {
    const { stripe, peer, limits } = options;
    this.peer = peer;
    this.#limits = limits;
    this.#onGone = options.onGone;
    this.#heardAt = stripe.heardAt;
    this.#talkingSince = stripe.heardAt;
    this.#openedAt = stripe.openedAt;
    this.#allowance = stripe.allowance;
    this.#take(stripe);
  }

  /** His sockets that are open. */
  get stripes(): number {
    return this.#stripes.length;
  }

  listen(listener: TransportListener): void {
    this.#listener = listener;
    listener.opened();
  }

  /** For how long he has been talking without a pause, in ms: 0 in the middle of one. */
  talkingMs(now: number): number {
    return now - this.#heardAt < SILENT_MS ? now - this.#talkingSince : 0;
  }

  /** Another socket of this peer: it spends from the same allowance. Of too many, the oldest is closed. */
  join(stripe: Stripe): void {
    if (this.#ending !== undefined) {
      stripe.end(this.#ending.code, this.#ending.reason);
      return;
    }
    stripe.allowance = this.#allowance;
    if (this.#stripes.length >= this.#limits.stripesPerPeer) {
      const oldest = this.#stripes.shift()!;
      oldest.listener = undefined;
      oldest.end(CLOSE_GOING_AWAY, "Another socket has taken its place.");
    }
    this.#take(stripe);
  }

  send(bytes: Uint8Array): void {
    const stripe = this.#rotation.pick(this.#stripes, bytes, performance.now());
    if (stripe !== undefined) this.#post(stripe, bytes);
  }

  #post(stripe: Stripe, bytes: Uint8Array): void {
    if (stripe.backlogBytes > this.#limits.backlogBytes) this.end(CLOSE_SLOW, "You read too slowly.");
    else stripe.send(bytes);
  }

  close(): void {
    this.end(CLOSE_DONE, "");
  }

  /** Closes all his sockets with a code and words for a person (at most 123 bytes). */
  end(code: number, reason: string): void {
    this.#ending ??= { code, reason };
    for (const stripe of this.#stripes) stripe.end(code, reason);
  }

  /** Lives until `now`: gives up who never introduced himself. */
  tick(now: number): void {
    this.#ticks += 1;
    if (!this.seated && now - this.#openedAt > this.#limits.helloMs) {
      this.end(CLOSE_NO_HELLO, "You have not taken a seat in time.");
    }
  }

  #take(stripe: Stripe): void {
    this.#stripes.push(stripe);
    stripe.listener = this.#ears;
  }

  readonly #ears: StripeListener = {
    received: (stripe, bytes) => this.received(stripe, bytes),
    exceeded: () => this.end(CLOSE_POLICY, "You send too much."),
    closed: (stripe, code, reason) => {
      this.#stripes.splice(this.#stripes.indexOf(stripe), 1);
      if (this.#stripes.length > 0) return;
      this.#onGone();
      this.#listener?.closed({ code, reason, final: isFinal(code) });
      this.#listener = undefined;
    },
  };

  /** A datagram came through one of his sockets. */
  received(stripe: Stripe, bytes: Uint8Array): void {
    if (stripe.heardAt - this.#heardAt >= SILENT_MS) this.#talkingSince = stripe.heardAt;
    this.#heardAt = stripe.heardAt;
    if (this.introduced && !isBulk(bytes)) this.#judge(stripe);
    this.#listener?.received(bytes);
  }

  // He sees himself what is held up on the way to him. On the way from him, only we do; whether he slept, only he knows.
  #judge(stripe: Stripe): void {
    const gapMs = stripe.arrivals.hear(stripe.heardAt, this.#stripes.length, this.#ticks);
    if (gapMs > 0) this.#post(stripe, heldUp(gapMs));
  }
}
