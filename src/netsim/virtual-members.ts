// A match without a server, with its network, in virtual time: members over a mesh of simulated links, in one thread.
import { Member } from "../member/member.js";
import type { MemberEvent } from "../member/member-events.js";
import type { Simulation } from "../simulation/simulation.js";
import type { MatchConfig } from "../wire/match-config.js";
import { type Conditions, PERFECT } from "./conditions.js";
import { Link, type LinkMode } from "./link.js";
import { Random } from "./random.js";

/** Seeds are told apart by these: of matches, and in a match of members, each of whom has a link to each other one. */
const MATCH_DICE = 4096;
const MEMBER_DICE = 64;

/** What may become of a datagram on its way, whatever the link does: `handOn` gives it to whom it was for, as from anybody. */
export type MembersTamper = (
  from: number,
  to: number,
  bytes: Uint8Array,
  handOn: (from: number, bytes: Uint8Array) => void,
) => void;

const UNTOUCHED: MembersTamper = (from, _, bytes, handOn) => handOn(from, bytes);

export interface VirtualMemberOptions<S extends Simulation = Simulation> {
  simulation: S;
  /** What he holds down when asked, once a frame: bytes of the game's input class. */
  input: () => Uint8Array;
  /** Of every link from him. */
  conditions?: Conditions;
  /** Drift of his clock in parts per million, and where it stands at time zero, in ms. */
  skewPpm?: number;
  offsetMs?: number;
  /** Time between two ticks of his host, and how much longer it may be now and then, in ms. */
  tickMs?: number;
  tickJitterMs?: number;
  /** His page is opened then, in ms: at once by default. */
  comesAt?: number;
  /** Opens a match with a seed of his own, and takes any. */
  seedLow?: number;
  /** Seeds his luck; his seat, unless others were taken out from before him. */
  dice?: number;
  onConfirmed?: (member: VirtualMember<S>, end: number, chain: number) => void;
  /** A datagram of another page reaches him: its bytes are borrowed. */
  onHeard?: (from: number, bytes: Uint8Array) => void;
}

export class VirtualMember<S extends Simulation = Simulation> {
  readonly seat: number;
  readonly simulation: S;
  member: Member;
  readonly events: MemberEvent[] = [];
  /** By seat, the links from here. */
  readonly links: Link[];
  /** Until then he does nothing and hears nothing. */
  pausedUntil = 0;
  /** Until then his application takes no datagrams and no events. */
  undrainedUntil = 0;
  /** What has heaped up at most: datagrams and events handed over at once. */
  readonly most: { datagrams: number; events: number } = { datagrams: 0, events: 0 };
  /** What a step costs his machine, in ms: it does nothing else meanwhile. */
  stepMs = 0;
  /** Until then his page is hidden: it is woken by datagrams only. */
  hiddenUntil = 0;
  /** His page is gone. */
  gone = false;
  readonly #options: VirtualMemberOptions<S>;
  readonly #config: MatchConfig;
  /** By seat, the luck of the links from here; and his host's. */
  readonly #dice: Random[];
  readonly #random: Random;
  readonly #mode: LinkMode;
  readonly #tamper: MembersTamper;
  #nextTick = 0;
  #busyUntil = 0;
  #jumpedMs = 0;

  constructor(seat: number, { members, config, seed, mode, tamper }: VirtualMembersOptions<S>) {
    const options = members[seat]!;
    const diceOf = (index: number): number => members[index]!.dice ?? index;
    const dice = seed * MATCH_DICE + diceOf(seat) * MEMBER_DICE;
    this.seat = seat;
    this.simulation = options.simulation;
    this.#options = options;
    this.#random = new Random(dice + MEMBER_DICE - 1);
    this.#mode = mode;
    this.#tamper = tamper ?? UNTOUCHED;
    this.#dice = members.map((_, to) => new Random(dice + diceOf(to)));
    this.links = this.#dice.map((luck) => {
      const link = new Link(luck, mode);
      link.conditions = options.conditions ?? PERFECT;
      return link;
    });
    this.#config = options.seedLow === undefined ? config : { ...config, seedLow: options.seedLow };
    this.member = this.#load();
  }

  #load(): Member {
    const { simulation, onConfirmed, seedLow } = this.#options;
    return new Member({
      ...{ simulation, config: this.#config, seat: this.seat, anySeed: seedLow !== undefined },
      onConfirmed: (end, chain) => onConfirmed?.(this, end, chain),
    });
  }

  /** His page is loaded anew, and has forgotten everything but its seat. */
  reload(): void {
    this.member = this.#load();
  }

  /** His clock is set forward or back. */
  jump(ms: number): void {
    this.#jumpedMs += ms;
  }

  /** A new connection to another page: what was under way to it on the old one is gone. */
  renew(to: number): void {
    const { conditions, cut } = this.links[to]!;
    this.links[to] = Object.assign(new Link(this.#dice[to]!, this.#mode), { conditions, cut });
  }

  /** The time on his clock. */
  #local(now: number): number {
    const { skewPpm = 0, offsetMs = 0 } = this.#options;
    return now * (1 + skewPpm / 1e6) + offsetMs + this.#jumpedMs;
  }

  turn(now: number, all: readonly VirtualMember<S>[]): void {
    if (now < (this.#options.comesAt ?? 0)) {
      for (const from of all) from.links[this.seat]!.deliver(now, () => {}); // to nobody
      return;
    }
    if (this.gone || now < this.pausedUntil || now < this.#busyUntil) return;
    const local = this.#local(now);
    for (const from of all) {
      if (from !== this) from.links[this.seat]!.deliver(now, (bytes) => this.#arrive(from.seat, bytes, local));
    }
    if (now >= this.#nextTick && now >= this.hiddenUntil) this.#tick(now, local);
    if (now < this.undrainedUntil) return;
    let sent = 0;
    this.member.drain((to, bytes) => {
      sent += 1;
      this.links[to]?.send(bytes, now);
    });
    this.member.takeEffects(); // nobody looks or listens here
    const events = this.member.takeEvents();
    this.events.push(...events);
    this.most.datagrams = Math.max(this.most.datagrams, sent);
    this.most.events = Math.max(this.most.events, events.length);
  }

  #arrive(from: number, bytes: Uint8Array, local: number): void {
    this.#tamper(from, this.seat, bytes, (as, given) => this.#hear(as, given, local));
  }

  #hear(from: number, bytes: Uint8Array, local: number): void {
    this.#options.onHeard?.(from, bytes);
    this.member.receive(from, bytes, local);
  }

  #tick(now: number, local: number): void {
    const { tickMs = 4, tickJitterMs = 0, input } = this.#options;
    this.#nextTick = now + tickMs + this.#random.below(tickJitterMs + 1);
    const before = stepsOf(this.member);
    this.member.tick(input, local);
    // A player who begins anew counts from zero.
    this.#busyUntil = now + this.stepMs * Math.max(0, stepsOf(this.member) - before);
  }
}

function stepsOf({ player: { stats } }: Member): number {
  return stats.frame + stats.resimulatedFrames;
}

export interface VirtualMembersOptions<S extends Simulation = Simulation> {
  config: MatchConfig;
  /** By seat; those behind the match's players look on. */
  members: VirtualMemberOptions<S>[];
  mode: LinkMode;
  seed: number;
  tamper?: MembersTamper;
}

export class VirtualMembers<S extends Simulation = Simulation> {
  readonly members: VirtualMember<S>[];

  constructor(options: VirtualMembersOptions<S>) {
    this.members = options.members.map((_, seat) => new VirtualMember(seat, options));
  }

  /** Cuts, or mends, what goes between some and all others: a partition. */
  part(some: readonly number[], cut: boolean): void {
    for (const { seat, links } of this.members) {
      for (const [to, link] of links.entries()) if (some.includes(seat) !== some.includes(to)) link.cut = cut;
    }
  }

  /** Lives through one moment; call it with every millisecond in turn. */
  turn(now: number): void {
    for (const member of this.members) member.turn(now, this.members);
  }
}
