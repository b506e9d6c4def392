// A member's part in a hand-over: tells a claimant what he holds, and as a claimant takes over what the others hold.
import type { Sequencer } from "../sequencer/sequencer.js";
import type { History } from "../sequencer/succession/history.js";
import type { Holdings } from "../sequencer/succession/holdings.js";
import type { Player } from "../session/player.js";
import type { Running } from "../session/running.js";
import type { Simulation } from "../simulation/simulation.js";
import { type Body, blank, Decoder } from "../wire/messages.js";
import { Outbox } from "../wire/outbox.js";
import { GENERATIONS } from "../wire/stream.js";
import {
  bequeath,
  conflictsIn,
  describe,
  type Estate,
  electorsOf,
  estateOfMatch,
  estateOfPlayer,
  logEnd,
} from "./estate.js";
import { Reports } from "./reports.js";

export interface HeritageParts {
  /** Another one where the match that ours had begun never began for the others. */
  player: () => Player;
  simulation: Simulation;
  outbox: Outbox;
  own: number;
  seats: number;
}

export class Heritage {
  readonly #parts: HeritageParts;
  readonly #reports = new Reports();
  /** What we sequenced until we stepped down, where no player of ours took it over: he left, or comes in himself. */
  #retired: Sequencer | undefined;
  /** Inputs that two members held differently, though one sequencer had made them final: that one is to blame. */
  conflicts = 0;
  /** We started the match as its sequencer, whether our own player knows it or not. */
  #began = false;

  constructor(parts: HeritageParts) {
    this.#parts = parts;
  }

  /** The match that we play, from the welcome on; not while we come in. */
  get #running(): Running | undefined {
    const { running, phase } = this.#parts.player();
    return phase === "running" || phase === "probing" ? running : undefined;
  }

  /** Whether we have a seat in the match, and it has been ours since before the lobby closed or we came in. */
  get plays(): boolean {
    return this.#running !== undefined && this.#parts.own < this.#parts.seats;
  }

  /** Whether we hold anything of a match, or of one to come, that could be promised. */
  get holds(): boolean {
    return this.#estate !== undefined;
  }

  get #seats(): number[] {
    return Array.from({ length: this.#parts.seats }, (_, seat) => seat);
  }

  /** Whether we have a seat, and as far as we know there is no match yet: we are in the lobby, or look for it. */
  get waits(): boolean {
    const { own, seats, player } = this.#parts;
    const { phase } = player();
    return own < seats && !this.#began && (phase === "greeting" || phase === "probing");
  }

  /** Whether a lobby may be opened anew as far as we are concerned: we wait, or held one when we left. */
  get yields(): boolean {
    return this.waits || this.#retired?.started === false;
  }

  get #estate(): Estate | undefined {
    const running = this.#running;
    const match = this.#retired?.match;
    if (match !== undefined) return estateOfMatch(match, running?.generation ?? 0);
    return running && estateOfPlayer(running);
  }

  /** Whether we could sequence the match: we play it and our seat is present, or it has not started. */
  get electable(): boolean {
    const { own, seats, player } = this.#parts;
    const running = this.#running;
    if (this.waits) return true;
    if ((player().phase !== "running" && !this.#began) || running === undefined || own >= seats) return false;
    return running.uplink.active && running.inputs.leftAt(own) === Infinity;
  }

  /** Who decides: seats that are present, as far as we know. Who is to come to a lobby nobody knows: there it is all seats. */
  get electors(): readonly number[] {
    if (this.waits) return this.#seats;
    const estate = this.#estate;
    return estate === undefined ? [] : electorsOf(estate);
  }

  /** We sequence no longer: all that was final is our player's from now on. */
  retire(sequencer: Sequencer, now: number): void {
    const { own } = this.#parts;
    const { match } = sequencer;
    this.#began ||= sequencer.started;
    const outbox = new Outbox();
    const decoder = new Decoder();
    let more = match !== undefined;
    while (more && this.#running !== undefined) {
      more = false;
      bequeath(estateOfMatch(match!, 0), this.#lacking(this.#running), own, outbox, now);
      outbox.drain((_, bytes) => {
        const message = decoder.decode(bytes);
        if (message?.type === "part") this.inheritPart(message.body);
        else if (message?.type === "bequest") more = this.inherit(message.body, now);
      });
    }
    this.#retired = this.#running === undefined ? sequencer : undefined;
  }

  /** Another epoch goes on without it. */
  forget(): void {
    this.#retired = undefined;
    this.#began = false;
  }

  /** Claims a ballot, or asks who would follow. Whoever sequenced so far holds the most, also when he has left. */
  claim(step: 0 | 1, { ballot, cause }: { ballot: number; cause: number }, sequencer: number): void {
    const { own, outbox } = this.#parts;
    if (this.waits) {
      const claim = Object.assign(blank("claim"), { ballot, step, cause });
      for (const seat of this.#seats) if (step === 1 || seat !== own) outbox.post(seat, "claim", claim);
      return;
    }
    const running = this.#running;
    if (running === undefined) return;
    if (this.#reports.ballot !== ballot) this.#reports.begin(ballot);
    const claim = Object.assign(this.#lacking(running), { ballot, step, cause });
    for (const seat of new Set([...electorsOf(estateOfPlayer(running)), sequencer])) {
      if (step === 1 || seat !== own) outbox.post(seat, "claim", claim);
    }
  }

  /** A claim that says from where on we lack everything. */
  #lacking(running: Running): Body<"claim"> {
    const { seats } = this.#parts;
    const estate = estateOfPlayer(running);
    const claim = Object.assign(blank("claim"), { begin: estate.inputs.base, roster: logEnd(estate) });
    claim.held.count = seats;
    for (let seat = 0; seat < seats; seat++) claim.held.items[seat] = estate.inputs.held(seat);
    return claim;
  }

  /**
   * Says what we hold: all of it, or (`step` 0) only that we would follow. Who waits for the start holds nothing that
   * matters, and nothing at all before he is welcomed.
   */
  promise(to: number, ballot: number, step: 0 | 1): void {
    const estate = this.#estate;
    const promise = blank("promise");
    if (estate !== undefined) describe(estate, promise);
    promise.ballot = ballot;
    promise.step = step;
    this.#parts.outbox.post(to, "promise", promise);
  }

  /** Hands over what a claimant lacks. */
  bequeath(claim: Body<"claim">, to: number, now: number): void {
    const estate = this.#estate;
    if (estate !== undefined) bequeath(estate, claim, to, this.#parts.outbox, now);
  }

  /** A member who lives in `epoch` has promised our ballot, and says what he holds. */
  hear(promise: Body<"promise">, seat: number, epoch: number): void {
    // Who holds nothing comes in anew, like somebody from an earlier epoch.
    const lived = promise.held.count === 0 ? -1 : epoch;
    if (promise.ballot === this.#reports.ballot) this.#reports.take(promise, seat, lived);
  }

  /** Whether all that he holds is ours by now. */
  complete(seat: number, epoch: number): boolean {
    if (this.waits) return true;
    const running = this.#running;
    return running !== undefined && this.#reports.complete(seat, epoch, estateOfPlayer(running));
  }

  /** Takes over what another member holds, as if our sequencer of before had told it. False when there was nothing new. */
  inherit({ frames }: Body<"bequest">, now: number): boolean {
    const running = this.#running;
    if (running === undefined) return false;
    const before = progressOf(running);
    frames.seat = this.#parts.own;
    frames.generation = running.generation % GENERATIONS;
    frames.timed = false;
    this.conflicts += conflictsIn(frames, running);
    running.read(frames, now);
    return progressOf(running) > before;
  }

  inheritPart(part: Body<"part">): void {
    const running = this.#running;
    if (running === undefined) return;
    part.generation = running.generation % GENERATIONS;
    running.uplink.readPart(part);
  }

  /** The match as far as all who promised know it, for who goes on with it from here. */
  history(epoch: number, now: number): History {
    const { own, simulation } = this.#parts;
    const running = this.#running!;
    // We went on pressing since we promised ourselves.
    const ours = blank("promise");
    describe(estateOfPlayer(running), ours);
    this.#reports.take(ours, own, epoch);
    return this.#reports.historyOf(running, simulation, now);
  }

  /** What a seat holds that promised and lived in this epoch. */
  holdingsOf(seat: number, epoch: number): Holdings | undefined {
    return this.#reports.of(seat, epoch);
  }

  /** Another sequencer has our inputs up to `end`; false when it has more of them than we have, or we forgot what it lacks. */
  follow(end: number, now: number): boolean {
    const { own } = this.#parts;
    const running = this.#running;
    if (running === undefined || end > running.inputs.held(own)) return false;
    // The newest one that it has is what the next ones are told against.
    const oldest = running.inputs.begin(own);
    if (end <= oldest && oldest > 0) return false;
    running.follow(end, now);
    return true;
  }
}

/** Grows with everything that is taken over. */
function progressOf({ inputs, uplink }: Running): number {
  let sum = uplink.roster.end;
  for (let seat = 0; seat < inputs.seats; seat++) sum += inputs.held(seat);
  return sum;
}
