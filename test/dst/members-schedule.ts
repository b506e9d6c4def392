// A schedule of a match without a server: its pages, the mesh between them, and everything that goes wrong when, from a seed.
import type { Conditions } from "../../src/netsim/conditions.js";
import type { LinkMode } from "../../src/netsim/link.js";
import { Random } from "../../src/netsim/random.js";
import { SEATS_MAX } from "../../src/wire/limits.js";
import { checked, type Kinds } from "./schedule.js";

/** A page by its seat, or whichever sequences the match then. */
export type Who = number | "sequencer";

/** All times in ms. What has an `until` is over by then; the rest happens once. */
export type MembersTrouble =
  /** The page is gone without a word. */
  | { kind: "kill"; at: number; who: Who }
  /** It is loaded anew, and has forgotten everything but its seat. */
  | { kind: "reload"; at: number; who: Who }
  /** Its player says good-bye; the page lives on for a moment. */
  | { kind: "leave"; at: number; who: Who }
  /** It is told that it is about to be hidden. */
  | { kind: "handOver"; at: number }
  /** It does nothing; or it is woken by datagrams only; or it takes no datagrams and no events from the engine. */
  | { kind: "pause" | "hidden" | "undrained"; at: number; until: number; who: Who }
  /** A step costs its machine so much. */
  | { kind: "slow"; at: number; until: number; who: Who; stepMs: number }
  /** Its clock is set forward or back. */
  | { kind: "jump"; at: number; who: Who; ms: number }
  /** Nothing passes between these pages and the others; or between two, and it may be from one to the other only. */
  | { kind: "part"; at: number; until: number; some: number[] }
  | { kind: "cut"; at: number; until: number; one: number; other: number; oneWay?: true }
  /** Another weather from one page to another. */
  | { kind: "storm"; at: number; until: number; one: number; other: number; weather: Partial<Conditions> }
  /** Two pages connect anew: what was under way between them is gone. */
  | { kind: "rebind"; at: number; one: number; other: number };

export interface PagePlan {
  /** Weather of all links from there, how its clock drifts, and how often its player does something else. */
  weather: Partial<Conditions>;
  skewPpm: number;
  /** Where its clock stands at time zero. */
  offsetMs?: number;
  tickMs: number;
  restless: number;
  /** When it is opened, if not at once. */
  comesAt?: number;
  /** Seeds its luck and its hands: its place in the list, unless pages were taken out of the schedule. */
  dice?: number;
}

export interface MembersSchedule {
  seed: number;
  game: "scramble" | "parley" | "scroll";
  mode: LinkMode;
  predictionWindow: number;
  inputDelay: number;
  dropAfterMs: number;
  /** As the match's setting; without it all have to come. */
  startWith?: number;
  /** By seat; then those who only look on, whose seats are none. */
  pages: PagePlan[];
  guests?: PagePlan[];
  troubles: MembersTrouble[];
}

/** By then the match has started, and there is something to lose. */
const BEGIN_MS = 1800;
const TROUBLES_MS = 6000;

/** Before this the match has not started, or only just. */
const LOBBY_MS = 1500;

/** Who only looks on, or comes late, does so before this. */
const COMES_MS = 5000;

/** A match between pages that are all there from the start, and then what came later: so that the first stay as they were. */
export function generateMembers(seed: number): MembersSchedule {
  const schedule = generateMatch(seed);
  const random = new Random(seed + LATER);
  const whole = withGuests(withReload(withLobby(schedule, random), random), random);
  return withRigour(withMany(whole, new Random(seed + MANY)), new Random(seed + RIGOUR));
}

function generateMatch(seed: number): MembersSchedule {
  const random = new Random(seed + MEMBERS);
  const pages = random.pick([2, 2, 3, 3, 3, 4, 4, 5, 6]);
  const bad = random.unit();
  const troubles: MembersTrouble[] = [];
  for (let goers = Math.max(1, Math.floor((pages - 1) / 2)); goers > 0 && random.chance(0.5); goers--) {
    const who = random.chance(0.7) ? "sequencer" : random.below(pages);
    troubles.push({ kind: random.chance(0.6) ? "kill" : "leave", at: moment(random), who });
  }
  const others = 1 + random.below(3);
  for (let i = 0; i < others; i++) troubles.push(trouble(random, pages));
  return {
    seed,
    game: random.pick(["scramble", "scramble", "scramble", "parley", "scroll"]),
    mode: random.chance(0.7) ? "datagram" : "stream",
    predictionWindow: random.chance(0.15) ? 0 : 2 + random.below(11),
    inputDelay: random.below(5),
    dropAfterMs: 1000 + random.below(2000),
    pages: Array.from({ length: pages }, () => page(random, bad)),
    troubles: troubles.sort((a, b) => a.at - b.at),
  };
}

function page(random: Random, bad: number): PagePlan {
  return {
    weather: {
      delayMs: 5 + random.below(50),
      jitterMs: random.below(20),
      loss: bad < 0.3 ? 0 : random.unit() * 0.05,
      burst: 1 + random.below(3),
    },
    skewPpm: random.below(400) - 200,
    tickMs: 4 + random.below(8),
    restless: random.unit() * 0.3,
  };
}

/** Things go wrong before there is a match, and pages come late to it. */
function withLobby(schedule: MembersSchedule, random: Random): MembersSchedule {
  if (!random.chance(0.3)) return schedule;
  const seats = schedule.pages.length;
  const goers = schedule.troubles.filter(({ kind }) => kind === "kill" || kind === "leave").length;
  const early: MembersTrouble[] = [];
  if (goers < Math.max(1, Math.floor((seats - 1) / 2)) && random.chance(0.6)) {
    const who = random.chance(0.7) ? "sequencer" : random.below(seats);
    early.push({ kind: random.chance(0.5) ? "kill" : "leave", at: random.below(LOBBY_MS), who });
  }
  if (random.chance(0.7)) early.push(trouble(random, seats, random.below(LOBBY_MS)));
  const pages = schedule.pages.map((plan) =>
    random.chance(0.3) ? { ...plan, comesAt: random.below(COMES_MS) } : plan,
  );
  // With half of the seats or fewer two matches might begin apart from each other.
  const most = Math.floor(seats / 2) + 1;
  const startWith = random.chance(0.7) ? { startWith: most + random.below(seats - most + 1) } : {};
  return { ...schedule, ...startWith, pages, troubles: inOrder([...early, ...schedule.troubles]) };
}

function withReload(schedule: MembersSchedule, random: Random): MembersSchedule {
  if (!random.chance(0.15)) return schedule;
  const who = random.chance(0.6) ? "sequencer" : random.below(schedule.pages.length);
  const reload: MembersTrouble = { kind: "reload", at: random.below(BEGIN_MS + TROUBLES_MS), who };
  return { ...schedule, troubles: inOrder([...schedule.troubles, reload]) };
}

function withGuests(schedule: MembersSchedule, random: Random): MembersSchedule {
  if (!random.chance(0.35)) return schedule;
  const bad = random.unit();
  const guests = Array.from({ length: 1 + random.below(2) }, () => {
    const plan = page(random, bad);
    return random.chance(0.5) ? { ...plan, comesAt: random.below(COMES_MS) } : plan;
  });
  return { ...schedule, guests };
}

/** Each way of a path has troubles of its own, machines are slow and their clocks wrong, and now and then there are many. */
function withRigour(schedule: MembersSchedule, random: Random): MembersSchedule {
  if (random.chance(0.4)) return schedule;
  const { pages } = schedule;
  const more = Array.from({ length: 1 + random.below(4) }, () => rigour(random, pages.length));
  const rigorous = { ...schedule, pages: pages.map((plan) => rougher(plan, random)) };
  return { ...rigorous, troubles: inOrder([...schedule.troubles, ...more]) };
}

/** A match costs by the square of its pages, since each talks to each other when it comes to a vote: one seed in so many. */
const MANY_EVERY = 20;

/** Most pages of the others. */
const FEW = 6;

/** One page more than few, then two, and so on with each such seed: each number of pages comes in its turn. */
function withMany(schedule: MembersSchedule, random: Random): MembersSchedule {
  const { seed, pages, startWith } = schedule;
  if (seed % MANY_EVERY !== MANY_EVERY - 1) return schedule;
  const many = FEW + 1 + (Math.floor(seed / MANY_EVERY) % (SEATS_MAX - FEW));
  const bad = random.unit();
  const more = Array.from({ length: many - pages.length }, () => page(random, bad));
  const most = Math.floor(many / 2) + 1;
  return {
    ...schedule,
    // Four kilobytes of each of many do not fit a datagram's marks.
    game: schedule.game === "scroll" ? "scramble" : schedule.game,
    ...(startWith === undefined ? {} : { startWith: Math.max(startWith, most) }),
    pages: [...pages, ...more],
  };
}

function rougher(plan: PagePlan, random: Random): PagePlan {
  const { weather } = plan;
  const rough = { ...plan, skewPpm: random.below(2001) - 1000, offsetMs: random.below(1_000_000) };
  if (!random.chance(0.3) || weather.loss === 0) return rough;
  return { ...rough, weather: { ...weather, ...badSpells(random, weather.loss ?? 0) } };
}

/** Gilbert and Elliott's: long bad spells that lose much but not all, and strays outside of them. */
function badSpells(random: Random, loss: number): Partial<Conditions> {
  return { burst: 5 + random.below(20), burstLoss: 0.5 + random.unit() * 0.5, strayLoss: loss * random.unit() * 0.5 };
}

function rigour(random: Random, pages: number): MembersTrouble {
  const at = moment(random);
  const until = at + 200 + random.below(random.chance(0.7) ? 1500 : 4000);
  const who = random.chance(0.5) ? "sequencer" : random.below(pages);
  const one = random.below(pages);
  const other = (one + 1 + random.below(pages - 1)) % pages;
  const kind = random.pick(["cut", "cut", "cut", "storm", "storm", "slow", "undrained", "jump", "rebind"] as const);
  switch (kind) {
    case "cut":
      return { kind, at, until, one, other, oneWay: true };
    case "storm": {
      const loss = 0.05 + random.unit() * 0.4;
      const delays = { delayMs: random.below(120), jitterMs: random.below(60) };
      const repeats = { duplicate: random.unit() * 0.1, reorder: random.unit() * 0.1 };
      return { kind, at, until, one, other, weather: { ...delays, ...repeats, loss, ...badSpells(random, loss) } };
    }
    case "slow":
      return { kind, at, until, who, stepMs: 4 + random.below(30) };
    case "undrained":
      return { kind, at, until, who };
    case "jump":
      return { kind, at, who, ms: random.below(3001) - (random.chance(0.3) ? 1500 : 0) };
    case "rebind":
      return { kind, at, one, other };
    default:
      return kind satisfies never;
  }
}

function inOrder(troubles: MembersTrouble[]): MembersTrouble[] {
  return troubles.sort((a, b) => a.at - b.at);
}

function moment(random: Random): number {
  return BEGIN_MS + random.below(TROUBLES_MS);
}

function trouble(random: Random, pages: number, at = moment(random)): MembersTrouble {
  const until = at + (random.chance(0.6) ? 300 + random.below(1500) : 1500 + random.below(5000));
  const who = random.chance(0.6) ? "sequencer" : random.below(pages);
  const kind = random.pick(["handOver", "handOver", "handOver", "pause", "hidden", "part", "cut"] as const);
  switch (kind) {
    case "handOver":
      return { kind, at };
    case "pause":
    case "hidden":
      return { kind, at, until, who };
    case "part": {
      const some = Array.from({ length: pages }, (_, seat) => seat).filter(() => random.chance(0.4));
      return { kind, at, until, some };
    }
    case "cut": {
      const one = random.below(pages);
      return { kind, at, until, one, other: (one + 1 + random.below(pages - 1)) % pages };
    }
    default:
      return kind satisfies never;
  }
}

/** Seeds of such matches, apart from those of matches with a server. */
const MEMBERS = 0x2000_0000;
const LATER = 0x2800_0000;
const RIGOUR = 0x2900_0000;
const MANY = 0x2a00_0000;

export function untilOf(one: MembersTrouble): number {
  return "until" in one ? one.until : one.at;
}

/** When all who come late have come, and all troubles are over. */
export function overAt({ troubles, pages, guests = [] }: MembersSchedule): number {
  return Math.max(0, ...troubles.map(untilOf), ...[...pages, ...guests].map(({ comesAt = 0 }) => comesAt));
}

/** Before anything of a match could be lost. */
export function isEarly(at: number): boolean {
  return at < BEGIN_MS;
}

/** A schedule as people read it: one page or trouble a line. */
export function writeMembers({ pages, guests, troubles, ...rest }: MembersSchedule): string {
  const lines = (list: readonly object[]): string =>
    list.length === 0 ? "[]" : `[\n${list.map((each) => `    ${JSON.stringify(each)}`).join(",\n")}\n  ]`;
  const scalars = Object.entries(rest).filter(([, value]) => value !== undefined);
  const fields = scalars.map(([name, value]) => `  "${name}": ${JSON.stringify(value)},\n`).join("");
  const looking = guests === undefined ? "" : `  "guests": ${lines(guests)},\n`;
  return `{\n${fields}  "pages": ${lines(pages)},\n${looking}  "troubles": ${lines(troubles)}\n}\n`;
}

/** What `writeMembers` wrote. */
export function readMembers(text: string): MembersSchedule {
  return checked(text, FIELDS);
}

const FIELDS: Kinds<MembersSchedule> = {
  ...{ seed: "number", game: "string", mode: "string", predictionWindow: "number", inputDelay: "number" },
  ...{ dropAfterMs: "number", pages: "list", troubles: "list" },
};
