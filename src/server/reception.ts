// Where sockets arrive: counted, held to a deadline, and brought to the peer they belong to.
import type { WebSocket } from "ws";
import { CLOSE_NO_HELLO, CLOSE_UNKNOWN } from "../transport/closing.js";
import { Carriers } from "./carriers.js";
import type { Connection } from "./connection.js";
import type { Limits } from "./limits.js";
import { Stripe } from "./stripe.js";

export interface ReceptionOptions {
  limits: Limits;
  /** A new peer comes to a room: his connection, unless there is no place for him. `onGone` is due with his last socket. */
  open: (stripe: Stripe, room: string, onGone: () => void) => Connection | undefined;
  log: (event: string, more: object) => void;
}

export class Reception {
  readonly #options: ReceptionOptions;
  readonly #carriers = new Carriers();
  readonly #stripes = new Set<Stripe>();
  /** Those that have not said yet whose they are. */
  readonly #unnamed = new Set<Stripe>();
  readonly #perAddress = new Map<string, number>();

  constructor(options: ReceptionOptions) {
    this.#options = options;
  }

  get sockets(): number {
    return this.#stripes.size;
  }

  socketsOf(address: string): number {
    return this.#perAddress.get(address) ?? 0;
  }

  accept(socket: WebSocket, room: string, address: string): void {
    const stripe = new Stripe({ socket, address, limits: this.#options.limits, now: performance.now() });
    this.#stripes.add(stripe);
    this.#unnamed.add(stripe);
    this.#perAddress.set(address, this.socketsOf(address) + 1);
    socket.on("close", () => this.#forget(stripe));
    stripe.listener = {
      received: (_, bytes) => this.#introduced(stripe, room, bytes),
      exceeded: () => {},
      closed: () => {},
    };
  }

  #introduced(stripe: Stripe, room: string, bytes: Uint8Array): void {
    this.#unnamed.delete(stripe);
    stripe.listener = undefined;
    const claim = this.#carriers.claim(room, bytes);
    switch (claim.kind) {
      case "joins":
        claim.connection.join(stripe);
        return;
      case "opens": {
        const { token } = claim;
        const connection = this.#options.open(stripe, room, () => {
          if (token !== undefined) this.#carriers.forget(room, token);
        });
        if (connection === undefined) return;
        connection.introduced = token !== undefined;
        if (token !== undefined) this.#carriers.open(room, token, connection);
        else connection.received(stripe, bytes); // a datagram already
        return;
      }
      case "refused":
        this.#options.log("stranger", { room, why: claim.why, ...this.#carriers.refused });
        stripe.end(CLOSE_UNKNOWN, "This connection is not known here. Open another one.");
        return;
      default:
        claim satisfies never;
    }
  }

  #forget(stripe: Stripe): void {
    this.#stripes.delete(stripe);
    this.#unnamed.delete(stripe);
    const left = this.socketsOf(stripe.address) - 1;
    if (left > 0) this.#perAddress.set(stripe.address, left);
    else this.#perAddress.delete(stripe.address);
  }

  /** Lives until `now`: pings, cuts the silent, and closes those who do not say whose they are. */
  tick(now: number): void {
    for (const stripe of this.#stripes) stripe.tick(now);
    for (const stripe of this.#unnamed) {
      if (now - stripe.openedAt > this.#options.limits.helloMs) stripe.end(CLOSE_NO_HELLO, "You have not said a word.");
    }
  }

  /** Closes every socket. */
  end(code: number, reason: string): void {
    for (const stripe of this.#stripes) stripe.end(code, reason);
  }
}
