// A line of three sockets, as the WebSocket carrier opens them where there is loss: streams of their own, taken in turn.
import type { Conditions } from "../../src/netsim/conditions.js";
import { type Deliver, Link } from "../../src/netsim/link.js";
import { Random } from "../../src/netsim/random.js";
import { Rotation } from "../../src/transport/rotation.js";

const STRIPES = 3;

interface Stripe {
  readonly link: Link;
  /** When the other direction of this socket last brought something. */
  heardAt: number;
}

class StripedLink extends Link {
  readonly #lanes: Stripe[];
  opposite: StripedLink | undefined;
  readonly #rotation = new Rotation<Stripe>();

  constructor(random: Random, conditions: Conditions) {
    super(random, "stream");
    this.#lanes = Array.from({ length: STRIPES }, () => {
      const link = new Link(random, "stream");
      link.conditions = conditions;
      return { link, heardAt: 0 };
    });
  }

  override get stripes(): number {
    return STRIPES;
  }

  override send(bytes: Uint8Array, now: number): void {
    this.#rotation.pick(this.#lanes, bytes, now)!.link.send(bytes, now);
  }

  override deliver(now: number, to: Deliver): void {
    for (const [index, { link }] of this.#lanes.entries()) {
      if (now >= link.nextAt) this.opposite!.#lanes[index]!.heardAt = now;
      link.deliver(now, to);
    }
  }

  override get nextAt(): number {
    return Math.min(...this.#lanes.map(({ link }) => link.nextAt));
  }
}

/** His line becomes one of three sockets, on the same path. */
export function stripe(guest: { up: Link; down: Link; index: number }, seed: number): void {
  const [up, down] = [guest.up, guest.down].map(
    ({ conditions }, way) => new StripedLink(new Random(1024 * seed + 2 * guest.index + way), conditions),
  );
  up!.opposite = down;
  down!.opposite = up;
  guest.up = up!;
  guest.down = down!;
}
