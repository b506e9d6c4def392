// A room whose match is played without this server: it passes datagrams from page to page, and knows who is still here.
import { CLOSE_BUSY, CLOSE_DONE } from "../transport/closing.js";
import { RELAY_ENTER, RELAY_GRANT, RELAY_PLACES_MAX, RELAY_SEATS_MAX } from "../transport/relay.js";
import type { Transport } from "../transport/transport.js";
import { DATAGRAM_BYTES_MAX, Reader, Writer } from "../wire/bytes.js";
import { EPOCH_MAX } from "../wire/limits.js";
import type { Connection } from "./connection.js";
import type { Limits } from "./limits.js";

/** `RELAY_ENTER`, how many play, whether this one only looks on, and a token. */
const ENTER_BYTES = 19;

/** Nobody is granted an epoch before those who are gone have been away for so long: a carrier that broke is dialled again sooner. */
const GRANT_AFTER_MS = 3000;

/** A place is kept for its page for so long, as a match keeps a seat; then it is anybody's who finds no other. */
const PLACE_KEPT_MS = 180_000;

/** Time between two grants: a page may ask as often as it likes, and its claim takes a moment. */
const GRANT_AGAIN_MS = 1000;

interface Place {
  token: string;
  connection: Connection | undefined;
  carrier: Transport | undefined;
  /** Since when there is no connection. */
  goneAt: number;
}

export interface RelayRoomOptions {
  code: string;
  limits: Limits;
  now: number;
  log: (event: string, more: object) => void;
}

export class RelayRoom {
  readonly code: string;
  readonly bytes = 0;
  readonly over = false;
  readonly settled = false;
  readonly #options: RelayRoomOptions;
  /** By seat; undefined where nobody has come yet. Behind the players' come those of pages that look on. */
  readonly #places: (Place | undefined)[] = [];
  readonly #connections = new Set<Connection>();
  readonly #buffer = new Uint8Array(DATAGRAM_BYTES_MAX);
  readonly #writer = new Writer();
  readonly #reader = new Reader();
  #players: number | undefined;
  #emptyAt: number | undefined;
  /** Epochs so far: each is granted once. */
  #counter = 0;
  #grantedAt = -Infinity;

  constructor(options: RelayRoomOptions) {
    this.code = options.code;
    this.#options = options;
    this.#emptyAt = options.now;
  }

  get peers(): number {
    return this.#connections.size;
  }

  /** As far as can be told from outside. */
  get playing(): boolean {
    return this.#seats.length > 0 && this.#seats.every((place) => place !== undefined) && this.peers > 0;
  }

  /** Takes a connection in and passes on what comes through its carrier. */
  enter(connection: Connection, carrier: Transport): void {
    this.#connections.add(connection);
    this.#emptyAt = undefined;
    carrier.listen({
      opened: () => {},
      received: (bytes) => this.#receive(connection, carrier, bytes),
      closed: () => this.#lose(connection),
    });
  }

  #receive(connection: Connection, carrier: Transport, bytes: Uint8Array): void {
    const seat = this.#places.findIndex((place) => place?.connection === connection);
    if (bytes[0] === RELAY_ENTER && bytes.length === ENTER_BYTES) this.#seat(connection, carrier, bytes);
    else if (seat < 0)
      return; // a stranger until he has said who he is
    else if (bytes[0] === RELAY_GRANT) this.#grant(seat, carrier, bytes);
    else this.#pass(seat, bytes);
  }

  #seat(connection: Connection, carrier: Transport, bytes: Uint8Array): void {
    const players = bytes[1]!;
    const watches = bytes[2] === 1;
    const token = bytes.subarray(3).join();
    const playable = players >= 2 && players <= RELAY_SEATS_MAX;
    if (playable && !watches) this.#players ??= players;
    const known = this.#places.findIndex((place) => place?.token === token);
    const seat = known >= 0 ? known : this.#freePlace(watches);
    if (players !== this.#players || seat < 0) {
      const full = `This room is full, or is for ${this.#players} players.`;
      connection.end(CLOSE_BUSY, this.#players === undefined ? "Nobody plays here yet. Try again later." : full);
      return;
    }
    if (known < 0) {
      this.#places[seat] = { token, connection, carrier, goneAt: 0 };
      this.#options.log("seated", { seat, peer: connection.peer });
    }
    Object.assign(this.#places[seat]!, { connection, carrier });
    connection.seated = true;
    carrier.send(Uint8Array.of(RELAY_ENTER, seat));
  }

  /** One that nobody has, or whose page has been gone for long; of those who only look on, whose page is gone at all. */
  #freePlace(watches: boolean): number {
    const players = this.#players ?? 0;
    const now = performance.now();
    const [begin, end] = watches ? [players, players === 0 ? 0 : RELAY_PLACES_MAX] : [0, players];
    const keptMs = watches ? 0 : PLACE_KEPT_MS;
    let free = -1;
    for (let seat = end - 1; seat >= begin; seat--) {
      const place = this.#places[seat];
      if (place === undefined) free = seat;
      else if (free < 0 && place.carrier === undefined && now - place.goneAt > keptMs) free = seat;
    }
    return free;
  }

  /** The players' places. */
  get #seats(): (Place | undefined)[] {
    return Array.from({ length: this.#players ?? 0 }, (_, seat) => this.#places[seat]);
  }

  /** What is said to a page that is not here is lost, as by any carrier. */
  #pass(from: number, bytes: Uint8Array): void {
    const to = this.#places[bytes[0] ?? RELAY_PLACES_MAX];
    if (to?.carrier === undefined || bytes.length < 2) return;
    this.#buffer.set(bytes);
    this.#buffer[0] = from;
    to.carrier.send(this.#buffer.subarray(0, bytes.length));
  }

  /** Grants an epoch where half of those who play or more are gone: these cannot go on anywhere, and the others can be heard. */
  #grant(seat: number, carrier: Transport, bytes: Uint8Array): void {
    this.#reader.open(bytes.subarray(1));
    const epoch = this.#reader.varint();
    const now = performance.now();
    if (this.#reader.bad || this.#players === undefined || seat >= this.#players) return;
    const gone = this.#seats.filter((place) => place?.carrier === undefined);
    const few = 2 * gone.length >= this.#players;
    const forLong = gone.every((place) => now - (place?.goneAt ?? -Infinity) > GRANT_AFTER_MS);
    const soon = now - this.#grantedAt < GRANT_AGAIN_MS;
    if (!few || !forLong || soon) return;
    this.#grantedAt = now;
    this.#counter = Math.max(this.#counter, Math.floor(epoch / this.#players)) + 1;
    const granted = this.#counter * this.#players + seat;
    if (granted > EPOCH_MAX) return;
    this.#options.log("granted", { seat, epoch: granted });
    this.#writer.open(this.#buffer);
    this.#writer.u8(RELAY_GRANT);
    this.#writer.varint(granted);
    carrier.send(this.#buffer.subarray(0, this.#writer.at));
  }

  #lose(connection: Connection): void {
    const now = performance.now();
    this.#connections.delete(connection);
    for (const place of this.#places) {
      if (place?.connection === connection)
        Object.assign(place, { connection: undefined, carrier: undefined, goneAt: now });
    }
    if (this.#connections.size === 0) this.#emptyAt = now;
  }

  /** Answers why the room is to be closed, when it is. */
  tick(now: number): string | undefined {
    const { lingerMs, matchMs } = this.#options.limits;
    if (this.#emptyAt !== undefined && now - this.#emptyAt > lingerMs) return "Everyone has gone.";
    return now - this.#openedAt > matchMs ? "The match has lasted too long." : undefined;
  }

  /** Nothing is recorded of what is not understood. */
  takeRecording(): undefined {}

  async settle(): Promise<void> {}

  /** Sends everybody home. */
  close(code: number = CLOSE_DONE, reason = ""): void {
    for (const connection of this.#connections) connection.end(code, reason);
    this.#connections.clear();
  }

  get #openedAt(): number {
    return this.#options.now;
  }
}
