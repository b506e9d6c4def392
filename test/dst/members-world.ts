// A scheduled match without a server: members, the troubles of their schedule, and all that the oracles will ask.
import { PERFECT } from "../../src/netsim/conditions.js";
import { type MembersTamper, type VirtualMember, VirtualMembers } from "../../src/netsim/virtual-members.js";
import type { Game, WasmSimulation } from "../../src/simulation/game.js";
import { CELL_HEADER_BYTES } from "../../src/simulation/simulation.js";
import { MATCH_DEFAULTS, type MatchConfig } from "../../src/wire/match-config.js";
import { Hands } from "./hands.js";
import { type MembersSchedule, type MembersTrouble, overAt, untilOf, type Who } from "./members-schedule.js";
import { Votes } from "./members-votes.js";

export type Page = VirtualMember<WasmSimulation>;

/** What a page confirmed from one coming in to the next: copies of every frame's inputs. */
export type Life = (Uint8Array | undefined)[];

export interface MembersWorld {
  schedule: MembersSchedule;
  config: MatchConfig;
  match: VirtualMembers<WasmSimulation>;
  /** By seat, one after the other. */
  lives: Life[][];
  /** Who opened which epoch. */
  opened: { epoch: number; seat: number }[];
  votes: Votes;
  /** Whether a rendezvous had to grant an epoch, since those who could decide were gone. */
  granted: number;
  /** When all pages that are left played on together, after everything was over; undefined: never. */
  togetherAt: number | undefined;
  /** The least confirmed frame then, and CALM_MS later. */
  calmFrame: number;
  laterFrame: number;
  /** What the players had been through by then. */
  course: string;
  /** Those whose good-bye or end was planned. */
  goers: Set<number>;
  /** When a page's machine is no longer slow, and when the page of who said good-bye is closed. */
  slow: Map<number, number>;
  closing: Map<number, number>;
  happened: MembersTrouble[];
}

/** How long progress is watched once everything is calm. */
export const CALM_MS = 1500;

/** So long after everything is over pages may take to find together: silence, a vote, a drop, and a snapshot. */
const TOGETHER_MS = 20_000;

/** With no majority left, a rendezvous grants an epoch after so long. */
const GRANT_AFTER_MS = 7000;

/** So long after players are together who looks on may take to find them: a silence, and a snapshot. */
const GUESTS_MS = 12_000;

/** A page whose player said good-bye is closed after so long. */
const CLOSE_MS = 2000;

/** A trouble of every datagram: what becomes of it until all others are over. */
export type Meddling = MembersTamper & { over?: boolean };

export async function runMembers(schedule: MembersSchedule, game: Game, meddling?: Meddling): Promise<MembersWorld> {
  const world = await createWorld(schedule, game, meddling);
  const { match } = world;
  const over = overAt(schedule);
  let grantAt = over + GRANT_AFTER_MS;
  for (let now = 0; now < over + TOGETHER_MS && world.togetherAt === undefined; now++) {
    for (const trouble of schedule.troubles) {
      if (trouble.at === now) happen(world, trouble, now);
      if (untilOf(trouble) === now && trouble.at !== now) restate(world, now);
    }
    for (const [seat, at] of world.closing) if (now === at) match.members[seat]!.gone = true;
    for (const [seat, at] of world.slow) if (now === at) match.members[seat]!.stepMs = 0;
    if (meddling !== undefined) meddling.over = now >= over;
    turn(world, now);
    if (now === grantAt) {
      grant(world);
      grantAt += GRANT_AFTER_MS;
    }
    if (now > over + CLOSE_MS && now % 50 === 0 && together(world)) world.togetherAt = now;
  }
  if (world.togetherAt === undefined) return world;
  world.calmFrame = leastFrame(world);
  for (let i = 1; i <= CALM_MS; i++) turn(world, world.togetherAt + i);
  world.laterFrame = leastFrame(world);
  world.course = courseOf(world);
  const guestsBy = world.togetherAt + CALM_MS + GUESTS_MS;
  for (let now = world.togetherAt + CALM_MS + 1; now < guestsBy && !guestsAreIn(world); now++) turn(world, now);
  return world;
}

/** Nothing of it may hang on who looks on. */
function courseOf(world: MembersWorld): string {
  const players = world.match.members.slice(0, world.config.players).map(({ member, events }) => {
    const { stats, chain } = member.player;
    const { frame, confirmedEnd, rollbacks, stalls } = stats;
    return [
      member.epoch,
      frame,
      confirmedEnd,
      rollbacks,
      stalls,
      chain?.end,
      chain?.value,
      events.map(({ type }) => type),
    ];
  });
  return JSON.stringify(players);
}

async function createWorld(schedule: MembersSchedule, game: Game, tamper?: MembersTamper): Promise<MembersWorld> {
  const config = configOf(schedule, game);
  const { inputBytes } = config;
  const { commands = false } = game.schema;
  const pages = [...schedule.pages, ...(schedule.guests ?? [])];
  const simulations = await Promise.all(pages.map(() => game.simulation()));
  const lives: Life[][] = pages.map(() => [[]]);
  const votes = new Votes();
  const match: VirtualMembers<WasmSimulation> = new VirtualMembers({
    config,
    seed: schedule.seed,
    mode: schedule.mode,
    ...(tamper === undefined ? {} : { tamper }),
    members: pages.map(({ weather, skewPpm, offsetMs = 0, tickMs, restless, comesAt = 0, dice: own }, seat) => {
      const dice = own ?? seat;
      const hands = new Hands({ seed: schedule.seed * 64 + dice, restless, inputBytes, commands });
      return {
        simulation: simulations[seat]!,
        input: () => hands.press(),
        conditions: { ...PERFECT, ...weather },
        ...{ skewPpm, offsetMs, tickMs, tickJitterMs: 2, comesAt, dice },
        onHeard: (from: number, bytes: Uint8Array) => votes.heard(from, bytes),
        onConfirmed: ({ member }: Page, end: number) => {
          lives[seat]!.at(-1)![end - 1] = member.player.inputs!.record(end - 1).slice();
        },
      };
    }),
  });
  return {
    ...{ schedule, config, match, lives, votes },
    ...{ opened: [], granted: 0, togetherAt: undefined, calmFrame: 0, laterFrame: 0, course: "" },
    ...{ goers: new Set(), slow: new Map(), closing: new Map(), happened: [] },
  };
}

function configOf(schedule: MembersSchedule, game: Game): MatchConfig {
  const { predictionWindow, inputDelay, dropAfterMs, pages, seed, startWith = 0 } = schedule;
  return {
    ...MATCH_DEFAULTS,
    ...{ players: pages.length, predictionWindow, inputDelay, dropAfterMs, startWith },
    commands: game.schema.commands ? 1 : 0,
    framesPerSecond: game.schema.framesPerSecond,
    inputBytes: game.schema.regions.inputs.stride - CELL_HEADER_BYTES,
    seedLow: seed >>> 0,
    seedHigh: 5,
    rules: new Uint8Array(0),
  };
}

function turn(world: MembersWorld, now: number): void {
  const heard = world.match.members.map(({ events }) => events.length);
  world.match.turn(now);
  const { members } = world.match;
  for (const page of members) {
    const { seat, events } = page;
    for (const event of events.slice(heard[seat]!)) {
      // A second welcome is to another match, or of a page that was loaded anew.
      const again = event.type === "welcome" && world.lives[seat]!.at(-1)!.length > 0;
      if (event.type === "rejoining" || again) world.lives[seat]!.push([]);
      if (event.type === "sequencer" && event.seat !== seat) world.votes.lives(seat, event.epoch);
      else if (event.type === "sequencer") {
        world.opened.push({ epoch: event.epoch, seat });
        world.votes.opened(event.epoch, page, members, world.lives);
      }
      if (event.type === "ended") page.gone ||= event.reason !== "left";
    }
  }
}

/** Who sequences in the latest epoch. */
export function sequencerOf({ match }: MembersWorld): Page | undefined {
  const sequencing = match.members.filter(({ gone, member }) => !gone && member.sequencer !== undefined);
  return sequencing.sort((a, b) => b.member.epoch - a.member.epoch)[0];
}

function pageOf(world: MembersWorld, who: Who): Page | undefined {
  const page = who === "sequencer" ? sequencerOf(world) : world.match.members[who];
  return page?.gone ? undefined : page;
}

function happen(world: MembersWorld, trouble: MembersTrouble, now: number): void {
  world.happened.push(trouble);
  const { members } = world.match;
  switch (trouble.kind) {
    case "handOver":
      for (const { gone, member } of members) if (!gone) member.handOver();
      return;
    case "rebind":
      members[trouble.one]!.renew(trouble.other);
      members[trouble.other]!.renew(trouble.one);
      return;
    case "part":
    case "cut":
    case "storm":
      restate(world, now);
      return;
    default:
  }
  const page = pageOf(world, trouble.who);
  if (page === undefined || world.goers.has(page.seat)) return;
  befall(world, trouble, page, now);
}

type OfPage = Extract<MembersTrouble, { who: Who }>;

function befall({ lives, goers, slow, closing }: MembersWorld, trouble: OfPage, page: Page, now: number): void {
  switch (trouble.kind) {
    case "reload":
      page.reload();
      lives[page.seat]!.push([]);
      return;
    case "pause":
      page.pausedUntil = Math.max(page.pausedUntil, trouble.until);
      return;
    case "hidden":
      page.hiddenUntil = Math.max(page.hiddenUntil, trouble.until);
      return;
    case "undrained":
      page.undrainedUntil = Math.max(page.undrainedUntil, trouble.until);
      return;
    case "slow":
      page.stepMs = trouble.stepMs;
      slow.set(page.seat, trouble.until);
      return;
    case "jump":
      page.jump(trouble.ms);
      return;
    case "kill":
      goers.add(page.seat);
      page.gone = true;
      return;
    case "leave":
      goers.add(page.seat);
      page.member.leave();
      closing.set(page.seat, now + CLOSE_MS);
      return;
    default:
      trouble satisfies never;
  }
}

/** Cuts and storms may overlap: what passes now follows from all of them. */
function restate({ schedule, match }: MembersWorld, now: number): void {
  const lasting = schedule.troubles.filter((trouble) => trouble.at <= now && now < untilOf(trouble));
  const plans = [...schedule.pages, ...(schedule.guests ?? [])];
  for (const { seat, links } of match.members) {
    for (const [to, link] of links.entries()) {
      link.cut = lasting.some((trouble) => cuts(trouble, seat, to));
      const storm = lasting.findLast(
        (trouble) => trouble.kind === "storm" && trouble.one === seat && trouble.other === to,
      );
      const weather = storm?.kind === "storm" ? storm.weather : plans[seat]!.weather;
      link.conditions = { ...PERFECT, ...weather };
    }
  }
}

function cuts(trouble: MembersTrouble, from: number, to: number): boolean {
  if (trouble.kind === "part") return trouble.some.includes(from) !== trouble.some.includes(to);
  if (trouble.kind !== "cut") return false;
  const { one, other, oneWay = false } = trouble;
  return (one === from && other === to) || (!oneWay && one === to && other === from);
}

/** Pages that are left, and should play on. */
export function leftIn({ match, goers, config }: MembersWorld): Page[] {
  return match.members.filter(({ gone, seat }) => !gone && seat < config.players && !goers.has(seat));
}

/** Pages that look on. */
export function guestsIn({ match, config }: MembersWorld): Page[] {
  return match.members.slice(config.players);
}

function guestsAreIn(world: MembersWorld): boolean {
  const least = leastFrame(world) - 60;
  return guestsIn(world).every(({ gone, member }) => {
    if (gone) return true;
    const { phase, stats } = member.player;
    return phase === "running" && stats.confirmedEnd > least;
  });
}

/** Whether so many are gone that a match which has not begun for anybody else never will: the others wait for it. */
export function waitsForEver(world: MembersWorld): boolean {
  const { startWith, players } = world.config;
  const left = leftIn(world);
  const begun = left.some(({ member }) => !["greeting", "probing"].includes(member.player.phase));
  return !begun && left.length < (startWith > 0 ? startWith : players);
}

/** All in the lobby that one of them keeps. */
function waitTogether(world: MembersWorld): boolean {
  const left = leftIn(world);
  const keepers = left.filter(({ member }) => member.sequencer !== undefined);
  const seated = keepers[0]?.member.sequencer?.match?.seats;
  return keepers.length === 1 && left.every(({ seat, member }) => member.player.phase === "probing" && seated?.[seat]);
}

function together(world: MembersWorld): boolean {
  const left = leftIn(world);
  const [first] = left;
  if (waitsForEver(world)) return waitTogether(world);
  return left.every(({ member }) => {
    const { player, epoch, suspended } = member;
    const { inputs, stats, phase } = player;
    const plays = phase === "running" && inputs !== undefined && !suspended && epoch === first!.member.epoch;
    const present = plays && left.every(({ seat }) => inputs.leftAt(seat) === Infinity);
    const goersOut = present && [...world.goers].every((seat) => inputs.leftAt(seat) < Infinity);
    return goersOut && stats.confirmedEnd > leastFrame(world) - 60;
  });
}

export function leastFrame(world: MembersWorld): number {
  return Math.min(...leftIn(world).map(({ member }) => member.player.stats.confirmedEnd));
}

/** Who is left and plays is told that he may go on alone, or with whom he hears: nobody else can. */
function grant(world: MembersWorld): void {
  const { players } = world.config;
  const able = leftIn(world).filter(({ member }) => ["running", "greeting", "probing"].includes(member.player.phase));
  const counter = Math.floor(Math.max(...world.match.members.map(({ member }) => member.epoch)) / players) + 100;
  const latest = able.sort((a, b) => b.member.epoch - a.member.epoch);
  // Who waits while the match runs for somebody else does not take it.
  if (latest.some(({ seat, member }) => member.grant(counter * players + seat))) world.granted += 1;
}
