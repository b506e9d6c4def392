// Two ends in one program: for a sequencer inside the page, and for tests.
import { CLOSE_DONE } from "./closing.js";
import type { Transport, TransportListener } from "./transport.js";

/** Two transports, each the other's far end. Delivery is asynchronous, so that nobody is called inside his own call. */
export function memoryPair(): [Transport, Transport] {
  const a = new MemoryTransport();
  const b = new MemoryTransport();
  a.other = b;
  b.other = a;
  return [a, b];
}

class MemoryTransport implements Transport {
  other: MemoryTransport | undefined;
  #listener: TransportListener | undefined;
  #closed = false;

  listen(listener: TransportListener): void {
    this.#listener = listener;
    queueMicrotask(() => {
      if (!this.#closed) listener.opened();
    });
  }

  send(bytes: Uint8Array): void {
    if (this.#closed) return;
    const copy = bytes.slice();
    const to = this.other!;
    queueMicrotask(() => {
      if (!to.#closed) to.#listener?.received(copy);
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    queueMicrotask(() => this.other!.#lose());
  }

  #lose(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#listener?.closed({ code: CLOSE_DONE, reason: "the other end is closed", final: true });
  }
}
