// The same match in virtual time: what the seeded network says that one and three sockets would make of it.
import { matchConfigOf } from "../../src/client/join.js";
import { PERFECT } from "../../src/netsim/conditions.js";
import { type Deliver, Link } from "../../src/netsim/link.js";
import { Random } from "../../src/netsim/random.js";
import { VirtualMatch } from "../../src/netsim/virtual-match.js";
import { fighter } from "../bench-games.js";
import { LEG, Screens } from "./screens.js";

/** Several streams over one path, used in turn. */
class Streams extends Link {
  readonly #links: Link[];
  #turn = 0;

  constructor(random: Random, streams: number) {
    super(random, "stream");
    this.#links = Array.from({ length: streams }, () => {
      const link = new Link(random, "stream");
      link.conditions = { ...PERFECT, ...LEG };
      return link;
    });
  }

  override get stripes(): number {
    return this.#links.length;
  }

  override send(bytes: Uint8Array, now: number): void {
    this.#turn = (this.#turn + 1) % this.#links.length;
    this.#links[this.#turn]!.send(bytes, now);
  }

  override deliver(now: number, to: Deliver): void {
    for (const link of this.#links) link.deliver(now, to);
  }

  override get nextAt(): number {
    return Math.min(...this.#links.map(({ nextAt }) => nextAt));
  }
}

/** From press to picture over so many sockets, for so many seconds. */
export async function predicted(sockets: number, seconds: number, seed: number): Promise<number[]> {
  const game = await fighter();
  const random = new Random(seed);
  const screens = new Screens();
  let now = 0;
  const players = await Promise.all(
    [0, 1].map(async (index) => ({
      simulation: await game.simulation(),
      input: () => {
        screens.pressed(match.players[index]!.player, now);
        return pressing(random);
      },
    })),
  );
  const match = new VirtualMatch({ config: matchConfigOf(game, { seed: 1 }), players, mode: "stream", seed });
  for (const each of match.players) {
    each.up = new Streams(random, sockets);
    each.down = new Streams(random, sockets);
  }
  for (; now < 1000 * seconds; now++) {
    match.turn(now);
    for (const { player } of match.players) screens.drawn(player, now);
  }
  return screens.times;
}

/** Buttons that change now and then. */
export function pressing(random: Random): Uint8Array {
  return Uint8Array.of(random.chance(0.9) ? 0 : random.below(256), 0);
}
