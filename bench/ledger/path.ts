// One direction of a link whose traffic is counted as it is sent, whether it arrives or not.
import type { Conditions } from "../../src/netsim/conditions.js";
import { type Deliver, Link } from "../../src/netsim/link.js";
import { Random } from "../../src/netsim/random.js";

/** Seeds of paths are told apart by this: more paths than a mesh of eight has. */
const PATHS = 64;

export class Path {
  bytes = 0;
  messages = 0;
  readonly #link: Link;
  readonly #deliver: Deliver;

  /** Path number `index` of a run: its luck is its own. */
  constructor(seed: number, index: number, conditions: Conditions, deliver: Deliver) {
    this.#link = new Link(new Random(seed * PATHS + index), "datagram");
    this.#link.conditions = conditions;
    this.#deliver = deliver;
  }

  send(bytes: Uint8Array, now: number): void {
    this.bytes += bytes.length;
    this.messages += 1;
    this.#link.send(bytes, now);
  }

  deliver(now: number): void {
    this.#link.deliver(now, this.#deliver);
  }

  get nextAt(): number {
    return this.#link.nextAt;
  }
}
