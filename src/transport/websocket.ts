// The default carrier: a WebSocket that is dialled again when it is lost, or when nothing comes through it any more.
import { SamestepError } from "../error.js";
import { CLOSE_LOST, isFinal } from "./closing.js";
import type { Transport, TransportListener } from "./transport.js";

/** First wait before dialling again, and the longest; each is twice the one before. */
const BACKOFF_MS = 250;
const BACKOFF_MAX_MS = 5000;

/** A server answers every player several times a second: after this long without a word the path is dead. */
const SILENCE_MS = 2000;

/** Time to open: a SYN and its first two repeats (1 s, 3 s). */
const OPENING_MS = 4000;

/** How often the two limits above are looked at. */
const WATCH_MS = 250;

/**
 * Bytes waiting in the socket above which nothing is added: four of the largest datagrams. What waits is out of date when
 * it leaves, and every datagram is disposable.
 */
const BACKLOG_BYTES_MAX = 4800;

const OPEN = 1;

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

export interface WebSocketOptions {
  /** ws:// or wss://, with the room in it: see `playUrl`. */
  url: string | URL;
  /** Without it the global WebSocket. On Node 20: `import { WebSocket } from "ws"`. */
  socket?: SocketConstructor;
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

/** @throws SamestepError BAD_USAGE when there is no WebSocket here, or the address is none. */
export class WebSocketTransport implements Transport {
  readonly #url: string;
  readonly #Socket: SocketConstructor;
  readonly #random: () => number;
  #listener: TransportListener | undefined;
  #socket: Socket | undefined;
  #attempts = 0;
  #aliveAt = 0;
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
    this.#url = String(options.url);
    this.#Socket = socket;
    this.#random = options.random ?? Math.random;
  }

  listen(listener: TransportListener): void {
    this.#listener = listener;
    if (this.#socket !== undefined || this.#closed) return;
    this.#watch = setInterval(() => this.#look(), WATCH_MS);
    this.#dial();
  }

  send(bytes: Uint8Array): void {
    const socket = this.#socket;
    if (socket?.readyState !== OPEN || socket.bufferedAmount > BACKLOG_BYTES_MAX) return;
    // Both copy at once: a browser by its specification, `ws` when it masks.
    socket.send(bytes);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#redial);
    clearInterval(this.#watch);
    this.#socket?.close();
    this.#socket = undefined;
  }

  #dial(): void {
    const socket = new this.#Socket(this.#url);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    this.#aliveAt = performance.now();
    // A socket that was given up may still speak; only the newest is listened to.
    const current = () => this.#socket === socket;
    socket.addEventListener("open", () => {
      if (!current()) return;
      this.#aliveAt = performance.now();
      this.#listener?.opened();
    });
    socket.addEventListener("message", ({ data }: { data: unknown }) => {
      if (!current() || !(data instanceof ArrayBuffer)) return;
      this.#aliveAt = performance.now();
      // Not before the server really talked: one that accepts and hangs up at once is not worth a quick visit.
      this.#attempts = 0;
      this.#listener?.received(new Uint8Array(data));
    });
    socket.addEventListener("close", ({ code, reason }: { code: number; reason: string }) => {
      if (current()) this.#lost(code, String(reason));
    });
    // `close` follows and says as much; without a listener `ws` would throw.
    socket.addEventListener("error", () => {});
  }

  #look(): void {
    const socket = this.#socket;
    if (socket === undefined) return;
    const silentMs = performance.now() - this.#aliveAt;
    if (silentMs < (socket.readyState === OPEN ? SILENCE_MS : OPENING_MS)) return;
    this.#socket = undefined;
    socket.close();
    this.#lost(CLOSE_LOST, "nothing came through the connection");
  }

  #lost(code: number, reason: string): void {
    this.#socket = undefined;
    const final = isFinal(code);
    if (final) this.close();
    else this.#redial = setTimeout(() => this.#dial(), backoffMs(this.#attempts, this.#random));
    this.#attempts += 1;
    this.#listener?.closed({ code, reason, final });
  }
}
