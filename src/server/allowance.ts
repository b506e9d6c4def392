// What one peer may send, over all of his sockets together.
import type { Limits } from "./limits.js";
import { TokenBucket } from "./token-bucket.js";

export class Allowance {
  readonly #messages: TokenBucket;
  readonly #bytes: TokenBucket;

  constructor(limits: Limits, now: number) {
    this.#messages = new TokenBucket(limits.messagesPerSecond, limits.messagesBurst, now);
    this.#bytes = new TokenBucket(limits.bytesPerSecond, limits.bytesBurst, now);
  }

  /** Takes one message of so many bytes: false when that is too much. */
  take(bytes: number, now: number): boolean {
    return this.#messages.take(1, now) && this.#bytes.take(bytes, now);
  }
}
