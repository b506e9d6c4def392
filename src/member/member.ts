// A page of a match without a server: a player, the sequencer when it is its turn, and the hand-over from one to the next.
import { SamestepError } from "../error.js";
import { Sequencer } from "../sequencer/sequencer.js";
import { hasMajority } from "../sequencer/succession/quorum.js";
import { SteadyTime } from "../session/clock/steady-time.js";
import type { InputSource } from "../session/inputs/own-inputs.js";
import { Player } from "../session/player.js";
import type { Effect } from "../session/timeline/effects.js";
import type { List } from "../wire/codec.js";
import { type Body, blank, Decoder, MESSAGES, type Message } from "../wire/messages.js";
import { Outbox, type Send } from "../wire/outbox.js";
import { seatOf } from "./ballot.js";
import { BY_GRANT, BY_NAME, BY_SILENCE, Election, SILENCE_MS } from "./election.js";
import { Envelope, isAmongMembers } from "./envelope.js";
import { Heritage } from "./heritage.js";
import type { MemberEvent } from "./member-events.js";
import type { MemberOptions } from "./member-options.js";
import type { Role } from "./role.js";

export type { MemberOptions } from "./member-options.js";

/** A gap in which nothing lived: this page slept, and what was said meanwhile is still in the carrier's queue. */
const SLEEP_MS = 250;

/** Time between two ticks of a sequencer that is woken by datagrams only, as in a hidden page. */
const SEQUENCER_TICK_MS = 4;

/** Time between two notices to the same member, each of which answers many datagrams. */
const NOTICE_AGAIN_MS = 100;

/** A hand-over is said more than once, since nobody answers it, and the page may be gone. */
const HAND_OVERS = 3;

export class Member {
  readonly player: Player;
  readonly #seats: number;
  readonly #own: number;
  readonly #election: Election;
  readonly #envelope = new Envelope();
  readonly #decoder = new Decoder();
  readonly #outbox = new Outbox();
  readonly #time = new SteadyTime();
  readonly #noticedAt = new Map<number, number>();
  readonly #heritage: Heritage;
  #sequencer: Sequencer | undefined;
  /** One that has stepped down, for what it still has to say. */
  #retired: Sequencer | undefined;
  #events: MemberEvent[] = [];
  #now = -Infinity;
  #sequencerTickedAt = -Infinity;
  /** Datagrams that no member sends, or not from where they came. */
  strays = 0;

  constructor(options: MemberOptions) {
    const { simulation, config, seat, anySeed = false, onConfirmed } = options;
    if (config.policy !== 0) {
      throw new SamestepError("BAD_CONFIG", "a match without a server waits for late inputs: make its policy 0 (wait)");
    }
    if (!Number.isInteger(seat) || seat < 0) throw new SamestepError("BAD_CONFIG", `a seat is 0 or more, not ${seat}`);
    this.#own = seat;
    const watch = seat >= config.players;
    // Nobody asks for the token: the carrier vouches for the seat.
    const player = { simulation, config, anySeed, watch, token: new Uint8Array(16).fill(seat) };
    this.player = new Player(onConfirmed === undefined ? player : { ...player, onConfirmed });
    this.#seats = config.players;
    this.#heritage = new Heritage({
      ...{ player: this.player, simulation, outbox: this.#outbox, own: seat, seats: config.players },
    });
    const heritage = this.#heritage;
    const election: Election = new Election({
      ...{ seats: config.players, own: seat },
      electable: () => heritage.electable,
      electors: () => heritage.electors,
      complete: (from) => heritage.complete(from, election.epoch),
      ask: () => heritage.claim(0, election, this.sequencerSeat),
      claim: () => heritage.claim(1, election, this.sequencerSeat),
      enter: () => heritage.promise(seatOf(election.rumoured, this.#seats), election.rumoured, 1),
      inquire: () => this.#inquire(),
      stepDown: () => this.#stepDown(),
      open: (epoch, before) => this.#open(epoch, before),
      tell: (suspended) => this.#events.push({ type: suspended ? "suspended" : "resumed" }),
    });
    this.#election = election;
    if (seat === 0) this.#sequencer = new Sequencer({ members: true });
  }

  /** The epoch in which this page lives: it rises with each hand-over. */
  get epoch(): number {
    return this.#election.epoch;
  }
  /** What this page does about the sequencer. */
  get role(): Role {
    return this.#election.role;
  }
  /** The seat whose page sequences the match, as far as we know. */
  get sequencerSeat(): number {
    return seatOf(this.epoch, this.#seats);
  }
  /** Set while this page sequences the match. */
  get sequencer(): Sequencer | undefined {
    return this.#sequencer;
  }
  /** Inputs that two members held differently, though one sequencer had made them final: that one is to blame. */
  get conflicts(): number {
    return this.#heritage.conflicts;
  }
  /** So few can be heard that the match stands. */
  get suspended(): boolean {
    return this.#election.suspended;
  }

  takeEffects(): Effect[] {
    return this.player.takeEffects();
  }

  /** What happened to the match since the last call. */
  takeEvents(): MemberEvent[] {
    const events = [...this.#events, ...this.player.takeEvents()];
    this.#events = [];
    return events;
  }

  /**
   * The page is about to be hidden, frozen or closed (`pagehide`, `freeze`): another one is to sequence the match. Without
   * this it is noticed by silence, a second and a half later. Go on with `drain` and `receive` as long as you may.
   */
  handOver(): void {
    const match = this.#sequencer?.match;
    if (match === undefined || !match.started) return;
    const heard = (seat: number): boolean => this.#now - (match.seats[seat]?.lastHeardAt ?? -Infinity) < SILENCE_MS;
    for (let distance = 1; distance < this.#seats; distance++) {
      const successor = (this.#own + distance) % this.#seats;
      if (match.seats[successor]?.phase !== "playing" || !heard(successor)) continue;
      const body = Object.assign(blank("handOver"), { successor });
      for (const seat of match.seats) if (seat !== undefined) seat.flushAt = 0;
      this.#tickSequencer(this.#now);
      for (let i = 0; i < HAND_OVERS; i++) {
        for (const seat of match.seats) {
          if (seat?.phase === "playing" && seat.index !== this.#own) this.#outbox.post(seat.peer, "handOver", body);
        }
      }
      this.#election.abandon(this.epoch + 1, this.#now);
      return;
    }
  }

  /** Says good-bye: the others go on without this seat, and without this page if it sequenced. */
  leave(): void {
    this.player.leave();
    if (this.#sequencer === undefined) return;
    this.player.drain((_, bytes) => this.#sequencer!.receive(this.#own, bytes, this.#now));
    this.handOver();
  }

  /**
   * Whoever brought the pages together says that we may go on with those whom we hear, however few: from this epoch on,
   * which it never grants to two pages, and which is `n * players + seat` for some n. Who is not heard within a moment is
   * dropped, and comes back like anybody. False: there is a later epoch already, or we are not in the match.
   */
  grant(epoch: number): boolean {
    if (epoch % this.#seats !== this.#own) {
      throw new SamestepError("BAD_USAGE", `epoch ${epoch} of ${this.#seats} is not one of seat ${this.#own}`);
    }
    return this.#election.choose(BY_GRANT, epoch, this.#now);
  }

  /** Takes one datagram from another page. Anything that is not one is counted and dropped. */
  receive(peer: number, bytes: Uint8Array, at: number): void {
    const now = this.#live(at);
    if (peer === this.#own || !this.#envelope.open(bytes)) {
      this.strays += 1;
      return;
    }
    const { epoch, bytes: inner } = this.#envelope;
    this.#route(peer, epoch, inner, now);
    if (this.#election.role === "claiming") this.#election.tick(now);
    if (now - this.#sequencerTickedAt >= SEQUENCER_TICK_MS) this.#tickSequencer(now);
  }

  #live(at: number): number {
    const now = this.#time.at(at);
    const gapMs = now - this.#now;
    if (gapMs > SLEEP_MS && gapMs < Infinity) this.#election.slept(gapMs, now);
    this.#now = now;
    return now;
  }

  #route(peer: number, epoch: number, bytes: Uint8Array, now: number): void {
    const election = this.#election;
    if (epoch > election.epoch) {
      if (epoch < election.promised) this.#notice(peer, now);
      else this.#hearOfLater(epoch, peer, now);
    }
    if (isAmongMembers(bytes[0]!)) {
      const message = this.#decoder.decode(bytes);
      if (message === undefined) this.strays += 1;
      else this.#hear(message, peer, epoch, now);
      return;
    }
    if (epoch > election.epoch) return; // we are not in it yet
    if (election.role === "claiming" && bytes[0] === MESSAGES.part.code) this.#hearPart(bytes);
    else if (epoch < election.epoch || election.muted) this.#notice(peer, now);
    else if (peer === this.sequencerSeat) {
      election.heard(now);
      this.player.receive(bytes, now);
    } else if (this.#sequencer !== undefined) this.#sequencer.receive(peer, bytes, now);
    else this.strays += 1;
  }

  /** A later epoch is open. Who plays asks how to go on in it; who does not comes in by its door. */
  #hearOfLater(epoch: number, peer: number, now: number): void {
    if (this.#heritage.plays) this.#election.onLater(epoch, peer, now);
    else this.#comeAgain(epoch, now);
  }

  #comeAgain(epoch: number, now: number): void {
    if (!this.#election.live(epoch, "outside", now)) return;
    this.#heritage.forget();
    const { phase } = this.player;
    if (phase === "greeting" || phase === "probing") this.player.reconnect();
    else if (phase !== "ended" && phase !== "finishing") this.player.dropped();
    this.#events.push({ type: "sequencer", seat: this.sequencerSeat, epoch });
  }

  #hear(message: Message, peer: number, epoch: number, now: number): void {
    const election = this.#election;
    const current = epoch === election.epoch;
    if (epoch < election.epoch && message.type !== "promise") this.#notice(peer, now);
    switch (message.type) {
      case "claim":
        this.#hearClaim(message.body, peer, epoch, now);
        return;
      case "promise":
        this.#hearPromise(message.body, peer, epoch, now);
        return;
      case "bequest":
        if (message.body.ballot !== election.ballot || !current || election.role !== "claiming") return;
        if (this.#heritage.inherit(message.body, now)) election.hurry(now);
        return;
      case "opened":
        if (epoch === message.body.epoch && peer === seatOf(epoch, this.#seats)) this.#hearOpened(message.body, now);
        return;
      case "handOver":
        // A notice of it may have overtaken it.
        if (!current || peer !== this.sequencerSeat || election.promised > epoch + 1) return;
        election.abandon(epoch + 1, now);
        if (message.body.successor === this.#own) election.choose(BY_NAME, election.next, now);
        return;
      case "notice":
        if (current && peer === this.sequencerSeat) election.abandon(message.body.promised, now);
        else election.exceed(message.body.promised, now);
        return;
      default:
        this.strays += 1;
    }
  }

  #hearClaim(claim: Body<"claim">, peer: number, epoch: number, now: number): void {
    const election = this.#election;
    const heritage = this.#heritage;
    if (seatOf(claim.ballot, this.#seats) !== peer || heritage.electors.length === 0) return;
    if (claim.step === 0) {
      if (election.would(claim.ballot, epoch, claim.cause, now)) heritage.promise(peer, claim.ballot, 0);
      return;
    }
    if (!election.promise(claim.ballot, epoch, now)) return;
    heritage.promise(peer, claim.ballot, 1);
    if (epoch === election.epoch) heritage.bequeath(claim, peer, now);
  }

  #hearPromise(promise: Body<"promise">, peer: number, epoch: number, now: number): void {
    const { ballot, step } = promise;
    if (peer >= this.#seats || promise.held.count !== this.#seats) return;
    if (ballot === this.epoch && this.#sequencer !== undefined) this.#admit(promise, peer, now);
    else if (step === 0) this.#election.onWould(peer, ballot, now);
    else {
      this.#heritage.hear(promise, peer, epoch);
      this.#election.onPromise(peer, ballot, now);
    }
  }

  /** Somebody who was not there when we opened the epoch says what he holds. */
  #admit(promise: Body<"promise">, peer: number, now: number): void {
    const taken = this.#sequencer!.takeIn(
      peer,
      { ...promise, tail: itemsOf(promise.tail), held: itemsOf(promise.held) },
      now,
    );
    this.#tellOpened(peer, taken);
  }

  #tellOpened(seat: number, taken: boolean): void {
    if (seat === this.#own) return;
    const opened = blank("opened");
    opened.epoch = this.epoch;
    opened.taken = taken ? 1 : 0;
    opened.end = taken ? this.#sequencer!.inputs!.held(seat) : 0;
    this.#outbox.post(seat, "opened", opened);
  }

  #hearOpened({ epoch, taken, end }: Body<"opened">, now: number): void {
    if (taken === 0) {
      this.#comeAgain(epoch, now);
      return;
    }
    if (!this.#election.live(epoch, "taken", now)) return;
    this.#heritage.forget();
    if (!this.#heritage.follow(end, now)) this.player.dropped();
    this.#events.push({ type: "sequencer", seat: this.sequencerSeat, epoch });
  }

  /** A part of a long input that we lack, on its way to us who claim the match. */
  #hearPart(bytes: Uint8Array): void {
    const message = this.#decoder.decode(bytes);
    if (message?.type === "part") this.#heritage.inheritPart(message.body);
  }

  /** Tells a member that what he says does not count here. */
  #notice(to: number, now: number): void {
    if (now - (this.#noticedAt.get(to) ?? -Infinity) < NOTICE_AGAIN_MS) return;
    this.#noticedAt.set(to, now);
    const notice = blank("notice");
    notice.promised = this.#election.promised;
    this.#outbox.post(to, "notice", notice);
  }

  #inquire(): void {
    for (let seat = 0; seat < this.#seats; seat++) if (seat !== this.#own) this.#notice(seat, this.#now);
  }

  #stepDown(): void {
    const sequencer = this.#sequencer!;
    this.#sequencer = undefined;
    this.#retired = sequencer;
    this.#heritage.retire(sequencer, this.#now);
  }

  #open(epoch: number, { epoch: before, heardAt }: { epoch: number; heardAt: number }): void {
    const heritage = this.#heritage;
    const history = heritage.history(before, this.#now);
    if (this.#election.cause === BY_SILENCE) history.vanished = { seat: seatOf(before, this.#seats), heardAt };
    const sequencer = new Sequencer({ members: true, history });
    this.#sequencer = sequencer;
    heritage.follow(history.inputs.held(this.#own), this.#now);
    for (let seat = 0; seat < this.#seats; seat++) {
      const holdings = heritage.holdingsOf(seat, before);
      if (holdings === undefined) this.#notice(seat, this.#now);
      else this.#tellOpened(seat, sequencer.takeIn(seat, holdings, this.#now));
    }
    if (this.#election.cause === BY_GRANT) sequencer.dropAwaited(this.#now);
    this.#events.push({ type: "sequencer", seat: this.#own, epoch });
  }

  /** Lives until `at`, by the host's clock in ms: sends what is due, rolls back if need be, plays what is due. */
  tick(input: InputSource, at: number): void {
    const now = this.#live(at);
    this.player.tick(input, now);
    this.#tickSequencer(now);
    this.#election.tick(now);
  }

  #tickSequencer(now: number): void {
    const sequencer = this.#sequencer;
    if (sequencer === undefined) return;
    this.#sequencerTickedAt = now;
    sequencer.tick(now);
    if (sequencer.started) this.#election.suspend(!hasMajority(sequencer.match!, SILENCE_MS, now));
  }

  /** Hands over the datagrams that are due, by the seat they are for. Their bytes are borrowed during each call of `send`. */
  drain(send: Send): void {
    this.#send = send;
    this.player.drain(this.#fromPlayer);
    (this.#sequencer ?? this.#retired)?.drain(this.#fromSequencer);
    this.#retired = undefined;
    this.#outbox.drain(this.#fromHere);
  }

  #send: Send = () => {};

  readonly #fromPlayer: Send = (_, bytes) => {
    if (this.#sequencer !== undefined) this.#sequencer.receive(this.#own, bytes, this.#now);
    else if (!this.#election.muted) this.#send(this.sequencerSeat, this.#envelope.seal(this.epoch, bytes));
  };

  readonly #fromSequencer: Send = (to, bytes) => {
    if (to !== this.#own) this.#send(to, this.#envelope.seal(this.epoch, bytes));
    else if (this.#sequencer !== undefined) this.player.receive(bytes, this.#now);
  };

  readonly #fromHere: Send = (to, bytes) => {
    if (to !== this.#own) this.#send(to, this.#envelope.seal(this.epoch, bytes));
    else if (bytes[0] === MESSAGES.part.code) this.#hearPart(bytes);
    else this.#hear(this.#decoder.decode(bytes)!, this.#own, this.epoch, this.#now);
  };
}

function itemsOf<T>({ items, count }: List<T>): T[] {
  return items.slice(0, count);
}
