// One accepted WebSocket as a Transport, with everything that limits a stranger on it.
import type { WebSocket } from "ws";
import { CLOSE_DONE, CLOSE_NO_HELLO, CLOSE_POLICY, CLOSE_SLOW, CLOSE_TEXT, isFinal } from "../transport/closing.js";
import type { Transport, TransportListener } from "../transport/transport.js";
import type { Limits } from "./limits.js";
import { TokenBucket } from "./token-bucket.js";

/** Time for the other side to answer a close before the socket is cut: a stalled reader never would. */
const CLOSE_ANSWER_MS = 1000;

const OPEN = 1;

export class Connection implements Transport {
  readonly peer: number;
  readonly address: string;
  /** True from the first seat on: until then the hello deadline runs. */
  seated = false;
  readonly #socket: WebSocket;
  readonly #limits: Limits;
  readonly #messages: TokenBucket;
  readonly #bytes: TokenBucket;
  readonly #openedAt: number;
  #heardAt: number;
  #pingAt: number;
  #listener: TransportListener | undefined;

  constructor(options: { socket: WebSocket; peer: number; address: string; limits: Limits; now: number }) {
    const { socket, limits, now } = options;
    this.peer = options.peer;
    this.address = options.address;
    this.#socket = socket;
    this.#limits = limits;
    this.#messages = new TokenBucket(limits.messagesPerSecond, limits.messagesBurst, now);
    this.#bytes = new TokenBucket(limits.bytesPerSecond, limits.bytesBurst, now);
    this.#openedAt = now;
    this.#heardAt = now;
    this.#pingAt = now + limits.pingMs;
    socket.on("message", (bytes: Buffer, binary: boolean) => this.#message(bytes, binary));
    socket.on("ping", (bytes: Buffer) => this.#admit(bytes.length));
    socket.on("pong", (bytes: Buffer) => this.#admit(bytes.length));
    socket.on("error", () => {}); // a protocol violation; `ws` closes with the right code, and `close` follows
    socket.on("close", (code: number, reason: Buffer) => {
      this.#listener?.closed({ code, reason: reason.toString(), final: isFinal(code) });
      this.#listener = undefined;
    });
  }

  listen(listener: TransportListener): void {
    this.#listener = listener;
    if (this.#socket.readyState === OPEN) listener.opened();
  }

  send(bytes: Uint8Array): void {
    const socket = this.#socket;
    if (socket.readyState !== OPEN) return;
    if (socket.bufferedAmount > this.#limits.backlogBytes) {
      this.end(CLOSE_SLOW, "You read too slowly.");
      return;
    }
    // A copy: `ws` keeps what it is given until the kernel takes it, and these bytes are borrowed.
    socket.send(bytes.slice());
  }

  close(): void {
    this.end(CLOSE_DONE, "");
  }

  /** Closes with a code and words for a person (at most 123 bytes). */
  end(code: number, reason: string): void {
    const socket = this.#socket;
    if (socket.readyState !== OPEN) return;
    socket.close(code, reason);
    setTimeout(() => socket.terminate(), CLOSE_ANSWER_MS).unref();
  }

  /** Cuts the socket without a word: nobody is there to read one. */
  cut(): void {
    this.#socket.terminate();
  }

  /** Lives until `now`: pings, and gives up who is silent or never introduced himself. */
  tick(now: number): void {
    const limits = this.#limits;
    if (!this.seated && now - this.#openedAt > limits.helloMs) {
      this.end(CLOSE_NO_HELLO, "You have not taken a seat in time.");
    }
    if (now - this.#heardAt > limits.silenceMs) this.cut();
    if (now < this.#pingAt || this.#socket.readyState !== OPEN) return;
    this.#pingAt = now + limits.pingMs;
    this.#socket.ping();
  }

  #message(bytes: Buffer, binary: boolean): void {
    if (!this.#admit(bytes.length) || this.#socket.readyState !== OPEN) return;
    // Not as a Buffer: its `slice` shares what that of a Uint8Array copies.
    if (binary) this.#listener?.received(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length));
    else this.end(CLOSE_TEXT, "This server speaks binary only.");
  }

  #admit(bytes: number): boolean {
    const now = performance.now();
    this.#heardAt = now;
    const admitted = this.#messages.take(1, now) && this.#bytes.take(bytes, now);
    if (!admitted) this.end(CLOSE_POLICY, "You send too much.");
    return admitted;
  }
}
