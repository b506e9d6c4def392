// Who left a match, when, and why: one last frame for each, the same for everybody, and nobody goes without a reason.

import type { DelayEvent } from "../../src/sequencer/timing/timing.js";
import type { Verdict } from "../../src/sequencer/verdict/judgement.js";
import type { FinalInputs } from "../../src/session/inputs/final-inputs.js";
import { PRESENCE_HERE } from "../../src/simulation/simulation.js";
import { victimOf } from "./schedule.js";
import { presentIn, type World } from "./world.js";

/** Shorter sleeps than this the sequencer does not know from a slow host, and it looks every few ms. */
const NOTICE_MS = 270;

/** Who plays at less than a quarter of the pace may be dropped: for each frame that is confirmed he is given three more. */
const GIVEN_FRAMES = 3;

/**
 * Since when, by a clock that runs while the sequencer is awake, a player has been silent, his inputs alone have kept a
 * frame from being confirmed, and where late inputs are replaced all of his were; and for how long in all others had sent
 * what he had not, beyond what he was given: the only reasons to drop him.
 */
class Patience {
  silentSince = 0;
  awaitedSince = 0;
  heldEnd = 0;
  /** None of his inputs has become final since, but for those that were put in their place. */
  absentSince = 0;
  /** The last of all so far, and for how long he was, beyond what he was given; and before he was given anything just now. */
  last = false;
  lastMs = 0;
  lastBeforeMs = 0;
}

/** Watches each player's patience as the match runs, and asks for it when one is dropped. */
export class Departures {
  readonly #patience: Patience[];
  /** For so long the sequencer has been awake. */
  #awakeMs = 0;
  #passedAt = 0;
  /** When the match was looked at last, and how many frames were final then. */
  #lookedMs = 0;
  #frames = 0;
  readonly violations: string[] = [];
  /** Last frames, by seat, in the order in which the sequencer decided them. */
  readonly decided = new Map<number, number[]>();
  /** Players who are out by the sequencer's word, and at which frame, until they are back in the match. */
  readonly away = new Map<number, number>();
  /** When they went last: somebody may have come back, and gone again, before he heard of either. */
  readonly wentLast = new Map<number, number>();
  /** Players who ever were. */
  readonly everAway = new Set<number>();
  /** By seat, what was stable before somebody joined it: the others had confirmed it, and he need not have yet. */
  readonly stableBefore = new Map<number, number>();
  /** What else the sequencer decided. */
  readonly delays: DelayEvent[] = [];
  readonly verdicts: Verdict[] = [];
  /** Snapshots that were called wrong, by their frames. */
  readonly spoilt: number[] = [];

  constructor(players: number) {
    this.#patience = Array.from({ length: players }, () => new Patience());
  }

  /** A datagram of this player reached the sequencer, which knows whose it is. */
  arrived(player: number): void {
    this.#patience[player]!.silentSince = this.#awakeMs;
  }

  /** The sequencer is awake at `now`: a sleep that it did not notice is time to it as any other. */
  passTo(now: number): void {
    const ms = now - this.#passedAt;
    this.#awakeMs += ms < NOTICE_MS ? ms : 1;
    this.#passedAt = now;
  }

  /** Something happened while the sequencer was awake. */
  watch(world: World): void {
    const { sequencer, players } = world.match;
    const { inputs } = sequencer;
    this.#passed(world);
    for (const event of sequencer.takeEvents()) {
      if (event.type === "delay") this.delays.push(event);
      if (event.type === "desync") this.verdicts.push(event.verdict);
      if (event.type === "started") this.#begun(world);
      if (event.type === "spoilt") this.spoilt.push(event.frame);
      if (event.type === "joined") this.stableBefore.set(event.seat, sequencer.stableEnd);
      if (event.type !== "left") continue;
      this.decided.set(event.seat, [...(this.decided.get(event.seat) ?? []), event.frame]);
      const index = this.#who(world, event.seat);
      if (index === undefined) continue;
      this.away.set(index, Math.min(event.frame, this.away.get(index) ?? Infinity));
      this.wentLast.set(index, event.frame);
      this.everAway.add(index);
      if (event.dropped) this.#dropped(index, world);
    }
    const farthest = inputs === undefined ? 0 : farthestHeld(inputs);
    for (const { index, peer, player } of players) {
      const patience = this.#patience[index]!;
      // Whose connection was lost still has his seat.
      const seat = sequencer.seatOf(peer) ?? (this.away.has(index) ? undefined : player.seat);
      if (inputs === undefined || seat === undefined) continue;
      const held = inputs.held(seat);
      const awaited = held === inputs.confirmedEnd && inputs.confirmedEndWithout(seat) > held;
      const pressed = held > patience.heldEnd && inputs.presenceAt(seat, held - 1) === PRESENCE_HERE;
      if (pressed || world.config.policy === 0) patience.absentSince = this.#awakeMs;
      if (!awaited || held !== patience.heldEnd) patience.awaitedSince = this.#awakeMs;
      patience.heldEnd = held;
      patience.last = held === inputs.confirmedEnd && farthest > held;
    }
  }

  /** Time went by since the last look, in which nothing happened; and what happened then confirmed some frames. */
  #passed({ truth, config }: World): void {
    const ms = this.#awakeMs - this.#lookedMs;
    const givenMs = (GIVEN_FRAMES * 1000 * (truth.length - this.#frames)) / config.framesPerSecond;
    this.#lookedMs = this.#awakeMs;
    this.#frames = truth.length;
    for (const patience of this.#patience) {
      // Who is dropped confirms frames by that: he was dropped before.
      patience.lastBeforeMs = patience.lastMs + (patience.last ? ms : 0);
      patience.lastMs = Math.max(0, patience.lastBeforeMs - givenMs);
      patience.last = false;
    }
  }

  /** Who sat there: in the lobby a seat may have been another one's, who went. */
  #who({ match: { players, sequencer } }: World, seat: number): number | undefined {
    const all = players.filter(({ player }) => player.seat === seat);
    const sits = ({ peer }: World["match"]["players"][number]): boolean => sequencer.seatOf(peer) === seat;
    const inside = all.filter(({ index }) => !this.away.has(index));
    // Who came back, and went again before he heard so, is still away as far as he knows.
    const some = inside.length > 0 ? inside : all;
    return (some.find(sits) ?? some.find(({ gone }) => !gone) ?? some[0])?.index;
  }

  /** Whether anybody else who plays, or comes in, was heard for as long as silence is suffered. */
  #heard({ match, schedule, config }: World, besides: number): boolean {
    return match.players.some(({ index, peer }) => {
      const plays = index !== besides && schedule.players[index]!.watches !== true;
      // Who changes his connection is known by the old one until he is heard on the new one.
      const seated = plays && (!this.away.has(index) || match.sequencer.seatOf(peer) !== undefined);
      return seated && this.#awakeMs - this.#patience[index]!.silentSince <= config.dropAfterMs;
    });
  }

  /** The match does not wait for who has no seat yet: he comes in later, and may have said hello by now. */
  #begun({ match, schedule }: World): void {
    const { seats } = match.sequencer.match!;
    for (const { index, peer } of match.players) {
      if (schedule.players[index]!.watches === true || seats.some((seat) => seat?.peer === peer && seat.present))
        continue;
      this.away.set(index, 0);
      this.everAway.add(index);
    }
  }

  #dropped(player: number, world: World): void {
    const { dropAfterMs, seatKeepSeconds } = world.config;
    const { silentSince, awaitedSince, absentSince, lastBeforeMs } = this.#patience[player]!;
    const [silentMs = 0, awaitedMs = 0, absentMs = 0] = [silentSince, awaitedSince, absentSince].map(
      (since) => this.#awakeMs - since,
    );
    const kept = silentMs >= dropAfterMs && silentMs < dropAfterMs + 1000 * seatKeepSeconds;
    if (kept && !this.#heard(world, player)) {
      this.violations.push(`player ${player} was dropped when nobody else was there to wait for him`);
    }
    if (Math.max(silentMs, awaitedMs, absentMs, lastBeforeMs) + NOTICE_MS >= dropAfterMs) return;
    const when = `silent for ${silentMs} ms, awaited for ${awaitedMs} ms and the last for ${Math.round(lastBeforeMs)} ms`;
    const text = `player ${player} was dropped when ${when}`;
    this.violations.push(text);
  }
}

/** The end of what is held of who plays and is the farthest: one pass for all, since every moment asks. */
function farthestHeld(inputs: FinalInputs): number {
  let farthest = 0;
  for (let seat = 0; seat < inputs.seats; seat++)
    if (inputs.leftAt(seat) === Infinity) farthest = Math.max(farthest, inputs.held(seat));
  return farthest;
}

/** He is in the match again from `frame` on: what he had played alone meanwhile concerns nobody. */
export function cameBack({ departures, testimonies }: World, player: number, frame: number): void {
  const left = departures.away.get(player) ?? frame;
  if (frame <= (departures.wentLast.get(player) ?? -1)) return; // he hears only now that he came in, before he was dropped again
  const { records, chain } = testimonies[player]!;
  for (let alone = left; alone < frame; alone++) {
    records[alone] = undefined;
    chain[alone + 1] = undefined;
  }
  departures.away.delete(player);
}

/** Everybody who heard of a leaver heard of the same last frame, once; those who stayed have heard of all. */
export function lastFrames(world: World): string[] {
  const { sequencer, players } = world.match;
  const { inputs } = sequencer;
  if (inputs === undefined || !sequencer.started) return [];
  const found: string[] = [];
  const stayed = new Set(presentIn(world));
  for (const actor of players) {
    const told = actor.events.filter((event) => event.type === "left");
    for (let seat = 0; seat < inputs.seats; seat++) {
      if (seat === actor.player.seat || actor.player.inputs === undefined) continue;
      const his = actor.player.inputs.leftAt(seat);
      // Who came in later knows of nothing before his snapshot: there the seat has been absent from its frame on.
      const truth = Math.max(inputs.leftAt(seat), actor.player.inputs.begin(seat));
      const frames = told.filter((event) => event.seat === seat).map(({ frame }) => frame);
      const decided = world.departures.decided.get(seat) ?? [];
      const who = `player ${actor.index}`;
      if (his !== truth && stayed.has(actor) && !world.departures.away.has(actor.index)) {
        found.push(`${who} has seat ${seat} leaving at frame ${his}, the sequencer at ${truth}`);
      }
      if (new Set(frames).size !== frames.length) found.push(`${who} heard twice that seat ${seat} left`);
      if (frames.some((frame) => !decided.includes(frame))) found.push(`${who} was told another last frame of ${seat}`);
    }
  }
  return found;
}

/** Whoever is out said good-bye, was dropped, or was taken out by the schedule. */
export function reasonsToGo(world: World): string[] {
  const found: string[] = [];
  for (const { index, events } of world.match.players) {
    const end = events.find((event) => event.type === "ended");
    if (end?.type !== "ended" || end.reason === "dropped") continue;
    // Who was dropped asks to come back, and hears it when there is nothing left to come back to.
    const tooLate = end.reason === "lost" || end.reason === "refused";
    if (tooLate && world.match.sequencer.over) continue;
    if (world.schedule.players[index]!.watches === true && end.reason !== "trap") continue; // nobody waits for a guest
    // A game may well stop on a bit that turned over in its state.
    if (end.reason === "trap" && world.schedule.fault?.player === index) continue;
    // Deadlines are not for everybody: whose path is too long for them is told so before the match.
    if (end.reason === "refused" && world.config.policy === 1 && end.text.includes("too long for this match")) continue;
    const wanted = world.schedule.troubles.some((trouble) => trouble.kind === "leave" && trouble.player === index);
    if (end.reason !== "left" || !wanted) found.push(`player ${index} is out: ${end.reason}, ${end.text}`);
  }
  return [...world.departures.violations, ...found];
}

/** After longer gaps between ticks a player's missed frames are neutral. */
const SLEEP_MS = 900;

/** Whether he may have been away for so long that what he would have pressed was not asked for. */
export function mayHaveSlept({ schedule }: World, player: number): boolean {
  const his = schedule.troubles.filter((trouble) => victimOf(trouble) === player);
  const pausedMs = his.reduce((sum, trouble) => sum + (trouble.kind === "pause" ? trouble.until - trouble.at : 0), 0);
  return pausedMs > SLEEP_MS || his.some(({ kind }) => kind === "jump" || kind === "slow");
}
