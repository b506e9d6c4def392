// A page of a match without a server: a player, the sequencer when it is its turn, and the hand-over from one to the next.
import { SamestepError } from "../error.js";
import type { Sequencer } from "../sequencer/sequencer.js";
import { SteadyTime } from "../session/clock/steady-time.js";
import type { InputSource } from "../session/inputs/own-inputs.js";
import type { Player } from "../session/player.js";
import type { Effect } from "../session/timeline/effects.js";
import type { MatchConfig } from "../wire/match-config.js";
import { type Body, Decoder, MESSAGES, type Message } from "../wire/messages.js";
import { Outbox, type Send } from "../wire/outbox.js";
import { seatOf } from "./ballot.js";
import { ANEW, AS_HE_IS, Chair } from "./chair.js";
import { BY_GRANT, BY_NAME, Election } from "./election.js";
import { Envelope, isAmongMembers } from "./envelope.js";
import { Hearsay, latestIn } from "./hearsay.js";
import { Heritage } from "./heritage.js";
import type { MemberEvent } from "./member-events.js";
import { type MemberOptions, playerOf } from "./member-options.js";
import { Notices } from "./notices.js";
import type { Role } from "./role.js";

export type { MemberOptions } from "./member-options.js";

/** A gap in which nothing lived: this page slept, and what was said meanwhile is still in the carrier's queue. */
const SLEEP_MS = 250;

/** Time between two ticks of a sequencer that is woken by datagrams only, as in a hidden page. */
const SEQUENCER_TICK_MS = 4;

/** Time in which whoever keeps a lobby asks the others where they are: there may be another one, or the match runs. */
const LOOK_AROUND_MS = 500;

export class Member {
  readonly #options: MemberOptions;
  #player: Player;
  /** The match's settings as far as they are known: their seed is chosen by whoever opens it first. */
  #config: MatchConfig;
  readonly #seats: number;
  readonly #own: number;
  readonly #election: Election;
  readonly #envelope = new Envelope();
  readonly #decoder = new Decoder();
  readonly #outbox = new Outbox();
  readonly #time = new SteadyTime();
  readonly #notices: Notices;
  readonly #heritage: Heritage;
  readonly #chair: Chair;
  readonly #hearsay: Hearsay;
  #events: MemberEvent[] = [];
  #now = -Infinity;
  #sequencerTickedAt = -Infinity;
  #lookAt = -Infinity;
  /** Datagrams that no member sends, or not from where they came. */
  strays = 0;

  constructor(options: MemberOptions) {
    const { simulation, config, seat } = options;
    this.#options = options;
    this.#own = seat;
    this.#seats = config.players;
    this.#config = config;
    this.#player = playerOf(options);
    const who = { outbox: this.#outbox, own: seat, seats: config.players };
    this.#notices = new Notices({ ...who, promised: () => this.#election.promised });
    const heritage = new Heritage({ ...who, player: () => this.#player, simulation });
    this.#heritage = heritage;
    this.#chair = new Chair({
      ...{ ...who, heritage },
      room: () => ({
        game: simulation.gameHash,
        schema: simulation.schemaHash,
        config: this.player.config ?? this.#config,
      }),
      notice: (to) => this.#notices.say(to, this.#now),
    });
    const election: Election = new Election({
      ...{ seats: config.players, own: seat },
      electable: () => heritage.electable,
      electors: () => heritage.electors,
      complete: (from) => heritage.complete(from, election.epoch),
      ask: () => this.#ask(),
      claim: () => heritage.claim(1, election, this.sequencerSeat),
      enter: () => heritage.promise(seatOf(election.rumoured, this.#seats), election.rumoured, 1),
      inquire: () => this.#notices.inquire(this.#now),
      stepDown: () => this.#chair.stepDown(this.#now),
      open: (epoch, before) => this.#open(epoch, before),
      tell: (suspended) => this.#events.push({ type: suspended ? "suspended" : "resumed" }),
    });
    this.#election = election;
    this.#hearsay = new Hearsay({ ...who, election, heritage, chair: this.#chair });
    if (seat === 0) this.#chair.openLobby(0);
  }

  takeEffects(): Effect[] {
    return this.#player.takeEffects();
  }
  /** The player; another one where the match that had started here had not for most of the others. */
  get player(): Player {
    return this.#player;
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
    return this.#chair.sequencer;
  }
  /** Inputs that two members held differently, though one sequencer had made them final: that one is to blame. */
  get conflicts(): number {
    return this.#heritage.conflicts;
  }
  /** So few can be heard that the match stands. */
  get suspended(): boolean {
    return this.#election.suspended;
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
    // Who has started the match, and not heard it himself yet, would not know what he hands over.
    if (this.sequencer?.started && this.#player.phase === "probing") return;
    if (this.#chair.resign(this.#now)) this.#election.abandon(this.epoch + 1, this.#now);
  }

  /** Says good-bye: the others go on without this seat, and without this page if it sequenced. */
  leave(): void {
    this.player.leave();
    const { sequencer } = this;
    if (sequencer === undefined) return;
    this.player.drain((_, bytes) => sequencer.receive(this.#own, bytes, this.#now));
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
    // Not for who looks on: when something goes out to those who play is none of his business.
    if (peer < this.#seats && now - this.#sequencerTickedAt >= SEQUENCER_TICK_MS) this.#tickSequencer(now);
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
    if (peer >= this.#seats) {
      this.#routeGuest(peer, epoch, bytes, now);
      return;
    }
    const among = isAmongMembers(bytes[0]!);
    const message = among ? this.#decoder.decode(bytes) : undefined;
    if ((among && message === undefined) || !this.#hearsay.reaches(peer, latestIn(epoch, message), now)) {
      this.strays += 1;
      return;
    }
    if (epoch > election.epoch) {
      if (epoch < election.promised) this.#notices.say(peer, now);
      else if (this.#hearsay.heeds(peer, epoch, now)) this.#hearOfLater(epoch, peer, now);
      else return;
    }
    if (message !== undefined) this.#hear(message, peer, epoch, now);
    else if (epoch <= election.epoch) this.#pass(bytes, peer, epoch, now);
  }

  /** What a player says to a sequencer, or it to him, and who of us it is for. */
  #pass(bytes: Uint8Array, peer: number, epoch: number, now: number): void {
    const election = this.#election;
    if (election.role === "claiming" && bytes[0] === MESSAGES.part.code) this.#hearPart(bytes);
    else if (epoch < election.epoch || election.muted) this.#notices.say(peer, now);
    else if (peer === this.sequencerSeat) {
      election.heard(now);
      this.player.receive(bytes, now);
    } else if (this.sequencer !== undefined) this.sequencer.receive(peer, bytes, now);
    else this.strays += 1;
  }

  /** Who only looks on decides nothing: he is told where the match goes on, and heard by whoever sequences it. */
  #routeGuest(peer: number, epoch: number, bytes: Uint8Array, now: number): void {
    const { epoch: ours, muted } = this.#election;
    if (epoch < ours || (epoch === ours && muted)) this.#notices.say(peer, now);
    else if (bytes[0] === MESSAGES.notice.code)
      return; // he looks for the match, and knows as much as we do
    else if (epoch === ours && this.sequencer !== undefined && !isAmongMembers(bytes[0]!)) {
      this.sequencer.receive(peer, bytes, now);
    } else this.strays += 1;
  }

  /** A later epoch is open. Who plays asks how to go on in it; who does not comes in by its door. */
  #hearOfLater(epoch: number, peer: number, now: number): void {
    if (this.#heritage.plays) this.#election.onLater(epoch, peer, now);
    else this.#comeAgain(epoch, false, now);
  }

  /** We live in this epoch from now on, and come to its match as anybody does; `anew`: it is not the one that we knew. */
  #comeAgain(epoch: number, anew: boolean, now: number): void {
    if (!this.#election.live(epoch, "outside", now)) return;
    this.#heritage.forget();
    const { phase } = this.player;
    if (phase === "greeting" || phase === "probing") this.player.reconnect();
    else if (phase !== "ended" && phase !== "finishing") {
      if (!anew) this.player.dropped();
      else {
        this.#config = this.player.config ?? this.#config;
        this.#events.push(...this.#player.takeEvents());
        this.#player = playerOf(this.#options);
      }
    }
    // Our own we would sequence, had we not forgotten it: somebody else will have to.
    if (this.sequencerSeat !== this.#own) this.#events.push({ type: "sequencer", seat: this.sequencerSeat, epoch });
  }

  #hear(message: Message, peer: number, epoch: number, now: number): void {
    const election = this.#election;
    const current = epoch === election.epoch;
    if (epoch < election.epoch && message.type !== "promise") this.#notices.say(peer, now);
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
        this.#hearsay.expect(message.body.successor, now);
        if (message.body.successor === this.#own) election.choose(BY_NAME, election.next, now);
        return;
      case "notice":
        if (!this.#hearsay.heeds(peer, message.body.promised, now)) return;
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
    if (seatOf(claim.ballot, this.#seats) !== peer) return;
    // He knows of no match, and asks for a lobby's sake: who knows of one does not follow him.
    const lobby = claim.held.count === 0;
    if (lobby ? !heritage.yields : !heritage.holds && !heritage.waits) {
      if (lobby && heritage.holds) heritage.promise(peer, 0, 0); // no ballot: he should know that the match runs
      return;
    }
    if (claim.step === 0) {
      // Who keeps a lobby while somebody plays was loaded anew, and forgot that the match runs.
      const forgot = !lobby && heritage.waits;
      if (election.would(claim, epoch, forgot, now)) heritage.promise(peer, claim.ballot, 0);
      return;
    }
    if (!this.#hearsay.heeds(peer, claim.ballot, now) || !election.promise(claim.ballot, epoch, now)) return;
    heritage.promise(peer, claim.ballot, 1);
    if (epoch === election.epoch && !lobby) heritage.bequeath(claim, peer, now);
  }

  #hearPromise(promise: Body<"promise">, peer: number, epoch: number, now: number): void {
    const { ballot, step } = promise;
    if (promise.held.count !== this.#seats && promise.held.count > 0) return;
    if (ballot === 0 && step === 0) {
      if (this.#heritage.waits) this.#election.forgo(now);
    } else if (ballot === this.epoch && this.sequencer !== undefined) this.#chair.admit(promise, peer, now);
    else if (step === 0) this.#election.onWould(peer, ballot, now);
    else {
      this.#heritage.hear(promise, peer, epoch);
      this.#election.onPromise(peer, ballot, now);
    }
  }

  #hearOpened({ epoch, taken, end }: Body<"opened">, now: number): void {
    if (taken !== AS_HE_IS) {
      this.#comeAgain(epoch, taken === ANEW, now);
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

  /** Asks who would follow us; where nobody knows of a match, also whether there is one. */
  #ask(): void {
    this.#heritage.claim(0, this.#election, this.sequencerSeat);
    if (this.#heritage.waits) this.#notices.inquire(this.#now);
  }

  #open(epoch: number, before: { epoch: number; heardAt: number }): void {
    if (this.#heritage.waits) {
      this.#chair.openLobby(epoch);
      this.#player.reconnect();
    } else this.#chair.openMatch(epoch, this.#election.cause, before, this.#now);
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
    const { sequencer } = this;
    if (sequencer === undefined) return;
    this.#sequencerTickedAt = now;
    sequencer.tick(now);
    if (!sequencer.started && now >= this.#lookAt) {
      this.#lookAt = now + LOOK_AROUND_MS;
      this.#notices.inquire(this.#now);
    }
    if (sequencer.started) this.#election.suspend(!this.#chair.leads(now));
  }

  /** Hands over the datagrams that are due, by the seat they are for. Their bytes are borrowed during each call of `send`. */
  drain(send: Send): void {
    this.#send = send;
    this.player.drain(this.#fromPlayer);
    const retired = this.#chair.takeRetired();
    (this.sequencer ?? retired)?.drain(this.#fromSequencer);
    this.#outbox.drain(this.#fromHere);
  }

  #send: Send = () => {};

  readonly #fromPlayer: Send = (_, bytes) => {
    if (this.sequencer !== undefined) this.sequencer.receive(this.#own, bytes, this.#now);
    else if (!this.#election.muted) this.#send(this.sequencerSeat, this.#envelope.seal(this.epoch, bytes));
  };

  readonly #fromSequencer: Send = (to, bytes) => {
    if (to !== this.#own) this.#send(to, this.#envelope.seal(this.epoch, bytes));
    else if (this.sequencer !== undefined) this.player.receive(bytes, this.#now);
  };

  readonly #fromHere: Send = (to, bytes) => {
    if (to !== this.#own) this.#send(to, this.#envelope.seal(this.epoch, bytes));
    else if (bytes[0] === MESSAGES.part.code) this.#hearPart(bytes);
    else this.#hear(this.#decoder.decode(bytes)!, this.#own, this.epoch, this.#now);
  };
}
