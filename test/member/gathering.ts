// A match without a server, in virtual time: what the tests of members have in common.
import type { Conditions } from "../../src/netsim/conditions.js";
import { type VirtualMember, VirtualMembers } from "../../src/netsim/virtual-members.js";
import type { Game, WasmSimulation } from "../../src/simulation/game.js";
import type { MatchConfig } from "../../src/wire/match-config.js";
import { configOf, NEAR } from "../session/party.js";

export type Page = VirtualMember<WasmSimulation>;
export type Gathering = VirtualMembers<WasmSimulation>;

/** Every frame that somebody confirmed, as he confirmed it: by seat, then by frame. */
export type Confirmed = Uint8Array[][];

export interface GatheringOptions {
  pages: number;
  /** How many look on, in pages of their own. */
  guests?: number;
  config?: Partial<MatchConfig>;
  network?: Conditions;
  seed?: number;
  confirmed?: Confirmed;
  /** Each would open a match with a seed of his own. */
  seeds?: boolean;
  /** They write letters now and then, of all lengths, as in a game of commands. */
  letters?: boolean;
}

export async function gather(game: Game, options: GatheringOptions): Promise<Gathering> {
  const { pages, guests = 0, config, network = NEAR, seed = 1, confirmed, letters = false, seeds = false } = options;
  const simulations = await Promise.all(Array.from({ length: pages + guests }, () => game.simulation()));
  return new VirtualMembers<WasmSimulation>({
    config: configOf(game, { players: pages, ...config }),
    seed,
    mode: "datagram",
    members: simulations.map((simulation, seat) => ({
      simulation,
      input: letters ? writes(seat) : presses(seat),
      conditions: network,
      ...(seeds ? { seedLow: 100 + seat } : {}),
      onConfirmed: ({ member }, end) => {
        const frames = confirmed?.[seat];
        if (frames !== undefined) frames[end - 1] = member.player.inputs!.record(end - 1).slice();
      },
    })),
  });
}

/** Another button now and then, so that predictions fail. */
function presses(seat: number): () => Uint8Array {
  let count = 0;
  return () => Uint8Array.of(((count++ >> (3 + (seat % 3))) * 37 + seat) & 31);
}

function writes(seat: number): () => Uint8Array {
  let count = seat;
  return () => new Uint8Array(++count % 5 === 0 ? (count * 97) % 1500 : 0).fill(count & 255);
}

export function play(match: Gathering, begin: number, end: number): Gathering {
  for (let now = begin; now < end; now++) match.turn(now);
  return match;
}

/** The first ms from `begin` on at which it is true; throws when it never is before `end`. */
export function playUntil(match: Gathering, begin: number, end: number, what: () => boolean): number {
  for (let now = begin; now < end; now++) {
    match.turn(now);
    if (what()) return now;
  }
  throw new Error(`not before ${end} ms`);
}

export function confirmedEnd({ member }: Page): number {
  return member.player.stats.confirmedEnd;
}

/** Where all pages' chains can be compared: the newest frame that all have linked, and everybody's value there. */
export function chainsOf(pages: readonly Page[]): { end: number; values: number[] } {
  const chains = pages.map(({ member }) => member.player.chain!);
  const end = Math.min(...chains.map((chain) => chain.end));
  return { end, values: chains.map((chain) => chain.valueAt(end)) };
}

export function typesOf({ events }: Page): string[] {
  return events.map(({ type }) => type);
}
