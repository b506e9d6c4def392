// Where a hello arrives: a seat in the lobby, one in the running match, a place to look on from, or a reason why not.
import { ENTRY_JOIN, ENTRY_LOBBY, ENTRY_WATCH } from "../../session/running.js";
import { type Body, blank, Refusal } from "../../wire/messages.js";
import type { Outbox } from "../../wire/outbox.js";
import type { Match } from "../match.js";
import { Seat } from "../seat.js";
import type { Admission, Room } from "./admission.js";
import { placeOf } from "./places.js";
import type { Reception } from "./reception.js";

export type DoorEvent =
  | { type: "seated"; seat: number; peer: number }
  | { type: "watching"; peer: number }
  | { type: "refused"; peer: number; text: string };

export interface DoorOptions {
  admission: Admission;
  reception: Reception;
  outbox: Outbox;
  byPeer: Map<number, Seat>;
  /** Peers are seats: the carrier vouches for them, and nobody has to know a secret. */
  members: boolean;
  /** The first hello opens the room. */
  open: (room: Room) => Match;
  /** Somebody who plays lost what he knew of the match: he is out, and comes in again. */
  drop: (match: Match, seat: Seat, now: number) => void;
  onEvent: (event: DoorEvent) => void;
}

/** Who says hello, and the seat of his token, if it has one. */
interface Caller {
  hello: Body<"hello">;
  token: string;
  known: Seat | undefined;
}

export class Door {
  readonly #options: DoorOptions;
  /** Hellos over a connection that has a seat already, and hellos that had been heard over another one. */
  strangers = 0;
  replayed = 0;

  constructor(options: DoorOptions) {
    this.#options = options;
  }

  /** Somebody says hello. */
  hello(match: Match | undefined, peer: number, hello: Body<"hello">, now: number): void {
    const { admission, byPeer, open } = this.#options;
    const token = this.#options.members ? String(peer) : hello.token.join();
    const sits = byPeer.get(peer);
    // One connection, one seat.
    if (sits !== undefined && sits.token !== token) {
      this.strangers += 1;
      return;
    }
    const known = match?.seats.find((seat) => seat?.token === token);
    const his = known ?? this.#options.reception.watcher(token);
    // His own next connection brings a higher number: this is somebody who heard him say it, or a straggler.
    if (his !== undefined && his.peer !== peer && hello.serial <= his.serial) {
      this.replayed += 1;
      this.refuse(peer, Refusal.Replay, REPLAY_TEXT);
      return;
    }
    if (hello.rejoin === 1 && hello.watch === 0 && known === undefined) {
      this.refuse(peer, Refusal.Gone, GONE_TEXT);
      return;
    }
    const answer = admission.consider(hello);
    if (answer.kind === "refused") {
      this.refuse(peer, answer.reason, answer.text);
      return;
    }
    const opened = match ?? open(answer.room);
    const caller = { hello, token, known };
    const seat = hello.watch === 1 ? this.#watch(opened, peer, token, now) : this.#seat(opened, peer, caller, now);
    if (seat === undefined) return;
    seat.serial = Math.max(seat.serial, hello.serial);
    this.#welcome(opened, seat, peer, now);
  }

  #welcome(match: Match, seat: Seat, peer: number, now: number): void {
    const { byPeer, outbox } = this.#options;
    // The token is known to one player only: a new hello with it from another peer is him on a new carrier.
    if (seat.peer !== peer) byPeer.delete(seat.peer);
    seat.peer = peer;
    seat.lastHeardAt = now;
    byPeer.set(peer, seat);
    const welcome = blank("welcome");
    welcome.seat = seat.watches ? 0 : seat.index;
    welcome.generation = seat.generation;
    welcome.entry = seat.watches ? ENTRY_WATCH : seat.phase === "joining" ? ENTRY_JOIN : ENTRY_LOBBY;
    welcome.config = match.config;
    outbox.post(peer, "welcome", welcome);
  }

  #watch(match: Match, peer: number, token: string, now: number): Seat | undefined {
    const seat = this.#options.reception.watch(match, { peer, token, now });
    if (seat === undefined)
      this.refuse(peer, Refusal.Full, "So many look on here that there is no place left. Try again later.");
    else if (seat.peer === peer && seat.lastHeardAt === now) this.#options.onEvent({ type: "watching", peer });
    return seat;
  }

  #seat(match: Match, peer: number, { hello, token, known }: Caller, now: number): Seat | undefined {
    if (!match.started) return known ?? this.#lobby(match, peer, token, now);
    const { reception, drop } = this.#options;
    const place = placeOf(match, hello, known, peer, now);
    switch (place.kind) {
      case "his":
        return place.seat;
      case "comes": {
        if (place.lost !== undefined) drop(match, place.lost, now);
        return this.#seated(reception.admit(match, { index: place.index, peer, token, now }));
      }
      case "refused":
        this.refuse(peer, place.reason, place.text);
        return undefined;
      default:
        return place satisfies never;
    }
  }

  /** A free seat. */
  #lobby(match: Match, peer: number, token: string, now: number): Seat | undefined {
    const index = match.members ? peer : match.seats.indexOf(undefined);
    const { inputDelay, players } = match.config;
    if (index < 0 || index >= players) {
      this.refuse(peer, Refusal.Full, `This room is full: all ${players} seats are taken. Open another room.`);
      return undefined;
    }
    const seat = new Seat({ index, peer, token, seats: players, inputDelay, frameMs: match.frameMs, now });
    match.seats[index] = seat;
    return this.#seated(seat);
  }

  #seated(seat: Seat): Seat {
    this.#options.onEvent({ type: "seated", seat: seat.index, peer: seat.peer });
    return seat;
  }

  refuse(peer: number, reason: number, text: string): void {
    const refused = blank("refused");
    refused.reason = reason;
    refused.text = text;
    this.#options.outbox.post(peer, "refused", refused);
    this.#options.onEvent({ type: "refused", peer, text });
  }
}

const REPLAY_TEXT =
  "This hello has been heard over another connection: it opens nothing again. Reload the page to join with a token of its own.";
const GONE_TEXT =
  "This match is gone, or your seat in it: the server was restarted, the room was closed, or somebody else plays there now. Start a new match.";
