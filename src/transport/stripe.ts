// One WebSocket of a carrier: dialled, listened to, and given up without another word.
import { Arrivals, Departures, SEND_MS } from "./hold-ups.js";
import { isBulk, type Lane } from "./rotation.js";

const OPEN = 1;

/**
 * Bytes waiting in the socket above which nothing is added: four of the largest datagrams. What waits is out of date when
 * it leaves, and every datagram is disposable.
 */
const BACKLOG_BYTES_MAX = 4800;

/** What we use of a WebSocket: the browser's and that of the package `ws` both fit. */
export interface Socket {
  binaryType: string;
  readonly readyState: number;
  readonly bufferedAmount: number;
  send(bytes: Uint8Array): void;
  close(): void;
  addEventListener(type: string, listener: Listener | { handleEvent: Listener }): void;
}
type Listener = (event: never) => void;
export type SocketConstructor = new (url: string) => Socket;

export interface StripeListener {
  opened(stripe: Stripe): void;
  received(stripe: Stripe, bytes: Uint8Array): void;
  closed(stripe: Stripe, code: number, reason: string): void;
}

export class Stripe implements Lane {
  readonly arrivals = new Arrivals(SEND_MS);
  readonly departures = new Departures();
  /** When it was dialled, and how long it took to open. */
  readonly dialledAt = performance.now();
  openingMs = 0;
  /** When it opened, or something last came through it. */
  heardAt = this.dialledAt;
  /** True once something has come through it. */
  carried = false;
  /** Opened beside silent ones, to take their place. */
  readonly fresh: boolean;
  readonly #socket: Socket;
  #listener: StripeListener | undefined;

  constructor(Socket: SocketConstructor, url: string, fresh: boolean, listener: StripeListener) {
    this.fresh = fresh;
    this.#listener = listener;
    const socket = new Socket(url);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    socket.addEventListener("open", () => {
      this.heardAt = performance.now();
      this.openingMs = this.heardAt - this.dialledAt;
      this.#listener?.opened(this);
    });
    socket.addEventListener("message", ({ data }: { data: unknown }) => {
      if (data instanceof ArrayBuffer) this.#listener?.received(this, new Uint8Array(data));
    });
    socket.addEventListener("close", ({ code, reason }: { code: number; reason: string }) => {
      this.#listener?.closed(this, code, String(reason));
    });
    // `close` follows and says as much; without a listener `ws` would throw.
    socket.addEventListener("error", () => {});
  }

  send(bytes: Uint8Array, now: number): void {
    const socket = this.#socket;
    if (socket.readyState !== OPEN || socket.bufferedAmount > BACKLOG_BYTES_MAX) return;
    if (!isBulk(bytes)) this.departures.sent(now);
    // Both copy at once: a browser by its specification, `ws` when it masks.
    socket.send(bytes);
  }

  /** Closes the socket after what was sent. It may still speak, but nobody listens. */
  giveUp(): void {
    this.#listener = undefined;
    this.#socket.close();
  }
}
