// Pages that reach each other through a server which understands nothing of what they say: a relay, and a rendezvous.
import { SamestepError } from "../error.js";
import { DATAGRAM_BYTES_MAX, Reader, Writer } from "../wire/bytes.js";
import { CLOSE_DONE } from "./closing.js";
import type { Closing, Transport } from "./transport.js";

/**
 * Seats of a relayed match at most: who sequences four sends 180 datagrams a second at 60 frames, and a server lets a peer
 * send 300. Of so many seats no datagram fills what a message may have, so that an address before it still fits.
 */
export const RELAY_SEATS_MAX = 4;

/**
 * All pages of a room, players and those who look on, whose places come behind the players' seats: who sequences sends
 * each of the others 60 datagrams a second, and four times that leaves a fifth of what he may for snapshots and repairs.
 */
export const RELAY_PLACES_MAX = 5;

/** Before a datagram stands whom it is for, or from whom it is: a seat, or what the relay itself is asked and answers. */
export const RELAY_ENTER = 255;
export const RELAY_GRANT = 254;

/** A request is repeated until it is answered. */
const ENTER_AGAIN_MS = 250;

export interface RelayListener {
  /** This page has a seat, or one behind the players' when it looks on: a `Member` may begin. Told once. */
  seated(seat: number): void;
  /** A datagram of another page. Its bytes are borrowed during the call. */
  received(seat: number, bytes: Uint8Array): void;
  /** Half of the pages that play or more have no connection with the relay any more: see `Member.grant`. */
  granted(epoch: number): void;
  closed(closing: Closing): void;
}

export interface RelayOptions {
  /** A carrier to the relay: `new WebSocketTransport({ url: relayUrl(server, room) })`. */
  transport: Transport;
  /** 16 random bytes that only this page knows: they keep its seat when the carrier changes. */
  token: Uint8Array;
  /** Seats of the match, 2 to 4: the same for all its pages. */
  players: number;
  /** Wants no seat, only to look on. */
  watch?: boolean;
}

export class Relay {
  readonly #transport: Transport;
  readonly #enter: Uint8Array;
  readonly #buffer = new Uint8Array(DATAGRAM_BYTES_MAX);
  readonly #writer = new Writer();
  readonly #reader = new Reader();
  #listener: RelayListener | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #seat: number | undefined;

  constructor({ transport, token, players, watch = false }: RelayOptions) {
    if (token.length !== 16) throw new SamestepError("BAD_CONFIG", `a token is 16 random bytes, not ${token.length}`);
    if (!(players >= 2 && players <= RELAY_SEATS_MAX)) {
      throw new SamestepError("BAD_CONFIG", `a relay serves 2 to ${RELAY_SEATS_MAX} players, not ${players}`);
    }
    this.#transport = transport;
    this.#enter = Uint8Array.of(RELAY_ENTER, players, watch ? 1 : 0, ...token);
  }

  /** Asks for a seat, until there is one. */
  listen(listener: RelayListener): void {
    this.#listener = listener;
    this.#transport.listen({
      opened: () => this.#ask(),
      received: (bytes) => this.#receive(bytes),
      closed: (closing) => {
        clearInterval(this.#timer);
        listener.closed(closing);
      },
    });
  }

  // Whoever comes back over a new carrier is a stranger there until he has said who he is.
  #ask(): void {
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#transport.send(this.#enter), ENTER_AGAIN_MS);
    this.#transport.send(this.#enter);
  }

  #receive(bytes: Uint8Array): void {
    const from = bytes[0];
    if (from === RELAY_ENTER && bytes.length === 2) this.#seated(bytes[1]!);
    else if (from === RELAY_GRANT) this.#granted(bytes);
    else if (from !== undefined && from < RELAY_PLACES_MAX) this.#listener?.received(from, bytes.subarray(1));
  }

  #seated(seat: number): void {
    clearInterval(this.#timer);
    if (this.#seat !== undefined && this.#seat !== seat) {
      this.close();
      this.#listener?.closed({ code: CLOSE_DONE, reason: "Somebody else has your place by now.", final: true });
      return;
    }
    if (this.#seat === undefined) this.#listener?.seated(seat);
    this.#seat = seat;
  }

  #granted(bytes: Uint8Array): void {
    this.#reader.open(bytes.subarray(1));
    const epoch = this.#reader.varint();
    if (!this.#reader.bad) this.#listener?.granted(epoch);
  }

  /** Sends a datagram to the page of a seat, or drops it. The bytes are borrowed. */
  send(seat: number, bytes: Uint8Array): void {
    const writer = this.#writer;
    writer.open(this.#buffer);
    writer.u8(seat);
    writer.raw(bytes);
    if (!writer.full) this.#transport.send(this.#buffer.subarray(0, writer.at));
  }

  /** Asks for an epoch later than `epoch`: for a page that is suspended. Answered by `granted` if half of the players or more are gone. */
  ask(epoch: number): void {
    const writer = this.#writer;
    writer.open(this.#buffer);
    writer.u8(RELAY_GRANT);
    writer.varint(epoch);
    this.#transport.send(this.#buffer.subarray(0, writer.at));
  }

  close(): void {
    clearInterval(this.#timer);
    this.#transport.close();
  }
}
