// One accepted WebSocket: what any stranger's socket is held to, before and after it is known whose it is.
import type { WebSocket } from "ws";
import { CLOSE_POLICY, CLOSE_TEXT } from "../transport/closing.js";
import { Arrivals } from "../transport/hold-ups.js";
import type { Lane } from "../transport/rotation.js";
import { Allowance } from "./allowance.js";
import { type Limits, TICK_MS } from "./limits.js";

/** Time for the other side to answer a close before the socket is cut: a stalled reader never would. */
const CLOSE_ANSWER_MS = 1000;

/** With half of the ticks that were due in a gap the server was awake. When it is busier than that, it tells of no hold-ups. */
const PULSE_MS: number = 2 * TICK_MS;

const OPEN = 1;

export interface StripeListener {
  received(stripe: Stripe, bytes: Uint8Array): void;
  closed(stripe: Stripe, code: number, reason: string): void;
  /** This socket sent more than its peer may. */
  exceeded(stripe: Stripe): void;
}

export class Stripe implements Lane {
  readonly address: string;
  readonly openedAt: number;
  /** When anything last came, a pong as well. */
  heardAt: number;
  /** Its own until it joins a peer that has one. */
  allowance: Allowance;
  listener: StripeListener | undefined;
  readonly arrivals = new Arrivals(PULSE_MS);
  readonly #socket: WebSocket;
  readonly #limits: Limits;
  #pingAt: number;

  constructor(options: { socket: WebSocket; address: string; limits: Limits; now: number }) {
    const { socket, limits, now } = options;
    this.address = options.address;
    this.allowance = new Allowance(limits, now);
    this.openedAt = now;
    this.heardAt = now;
    this.#socket = socket;
    this.#limits = limits;
    this.#pingAt = now + limits.pingMs;
    socket.on("message", (bytes: Buffer, binary: boolean) => this.#message(bytes, binary));
    socket.on("ping", (bytes: Buffer) => this.#admit(bytes.length));
    socket.on("pong", (bytes: Buffer) => this.#admit(bytes.length));
    socket.on("error", () => {}); // a protocol violation; `ws` closes with the right code, and `close` follows
    socket.on("close", (code: number, reason: Buffer) => {
      this.listener?.closed(this, code, reason.toString());
      this.listener = undefined;
    });
  }

  get open(): boolean {
    return this.#socket.readyState === OPEN;
  }

  /** Bytes that wait in our memory for its reader. */
  get backlogBytes(): number {
    return this.#socket.bufferedAmount;
  }

  send(bytes: Uint8Array): void {
    // A copy: `ws` keeps what it is given until the kernel takes it, and these bytes are borrowed.
    if (this.open) this.#socket.send(bytes.slice());
  }

  /** Closes with a code and words for a person (at most 123 bytes). */
  end(code: number, reason: string): void {
    if (!this.open) return;
    this.#socket.close(code, reason);
    setTimeout(() => this.#socket.terminate(), CLOSE_ANSWER_MS).unref();
  }

  /** Lives until `now`: pings, and cuts without a word who is silent, since nobody is there to read one. */
  tick(now: number): void {
    if (now - this.heardAt > this.#limits.silenceMs) this.#socket.terminate();
    if (now < this.#pingAt || !this.open) return;
    this.#pingAt = now + this.#limits.pingMs;
    this.#socket.ping();
  }

  #message(bytes: Buffer, binary: boolean): void {
    if (!this.#admit(bytes.length) || !this.open) return;
    // Not as a Buffer: its `slice` shares what that of a Uint8Array copies.
    if (binary) this.listener?.received(this, new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length));
    else this.end(CLOSE_TEXT, "This server speaks binary only.");
  }

  #admit(bytes: number): boolean {
    const now = performance.now();
    this.heardAt = now;
    const admitted = this.allowance.take(bytes, now);
    if (!admitted) {
      this.end(CLOSE_POLICY, "You send too much.");
      this.listener?.exceeded(this);
    }
    return admitted;
  }
}
