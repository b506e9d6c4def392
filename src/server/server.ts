// The server: HTTP for the page and the counts, WebSockets for the rooms, one timer for all of them.
import {
  createServer as createHttpServer,
  type Server as HttpServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { SamestepError } from "../error.js";
import type { Conditions } from "../netsim/conditions.js";
import type { Key } from "../signing/keys.js";
import type { Game } from "../simulation/game.js";
import { CLOSE_BUSY, CLOSE_GOING_AWAY } from "../transport/closing.js";
import { PLAY_PATH, RELAY_PATH, ROOM_CODE } from "../transport/room-code.js";
import { SimulatedTransport } from "../transport/simulated.js";
import type { Transport } from "../transport/transport.js";
import { networkOf } from "./address.js";
import type { Simulated } from "./attestation.js";
import { Connection } from "./connection.js";
import { LIMITS, type Limits, TICK_MS } from "./limits.js";
import { Reception } from "./reception.js";
import { type OpenedMatch, openRecordings, type Recorder, writeRecording } from "./recording.js";
import { RelayRoom } from "./relay-room.js";
import { Room } from "./room.js";
import { serveFile } from "./static-files.js";
import type { Stripe } from "./stripe.js";

/** Where a server looks first for a free port, and how many it tries. */
export const PORT_FIRST = 8080;
const PORTS_TRIED = 20;

/** Fragments and pieces of one message that `ws` keeps: a datagram has one. */
const FRAGMENTS_MAX = 4;
const CHUNKS_MAX = 64;

/** Sockets that are not WebSockets yet, beside those that are. */
const OTHER_SOCKETS = 200;

export interface ServerOptions {
  /** Without one: 8080, or the next that is free. 0 lets the system choose. */
  port?: number;
  /** By default only this machine: 127.0.0.1. "0.0.0.0" lets the network in. */
  host?: string;
  /** A directory whose files are served. */
  files?: string;
  /** Every match becomes a file there when it ends. */
  record?: { directory: string; recorder: (match: OpenedMatch) => Recorder };
  /** Games whose matches this server plays too: then its hash is the truth. Rooms of other games are refused. */
  games?: readonly Game[];
  /** Who looks on sees every match so many seconds later, so that nobody plays with a spectator's eyes: 0, the default, to 8. */
  spectatorDelaySeconds?: number;
  /** Signs the results of `games`: what `readPrivateKey` makes of a file of samestep keygen. */
  key?: Key;
  /** Degrades every connection, in both directions. */
  network?: Conditions;
  limits?: Partial<Limits>;
  /** One entry for everything that happens; `time` in ISO 8601. */
  log?: (entry: LogEntry) => void;
}

export interface LogEntry {
  time: string;
  event: string;
  room?: string;
  [more: string]: unknown;
}

export interface Server {
  readonly port: number;
  /** http://host:port */
  readonly url: string;
  readonly rooms: number;
  readonly connections: number;
  /** Ends every match, writes its record, and frees the port. */
  close(): Promise<void>;
}

/**
 * Starts a server: `/play?room=CODE` for players, `/relay?room=CODE` for pages that play without it, `/health`, `/rooms`, and the files of a directory.
 * @throws SamestepError PORT_BUSY when the port is taken (or, without one, when twenty are), BAD_USAGE when nothing can be
 *   written where `record` says.
 */
export async function createServer(options: ServerOptions = {}): Promise<Server> {
  const server = new RoomServer(options);
  if (options.record !== undefined) await openRecordings(options.record.directory);
  await server.listen();
  return server;
}

/** Rooms in which this server sequences, and those in which a page does. */
type AnyRoom = Room | RelayRoom;
const RELAYED = "~";

class RoomServer implements Server {
  readonly #options: ServerOptions;
  readonly #limits: Limits;
  readonly #http: HttpServer;
  readonly #webSockets: WebSocketServer;
  readonly #rooms = new Map<string, AnyRoom>();
  /** Rooms whose match is over and whose code is in use again. */
  readonly #former = new Set<AnyRoom>();
  readonly #reception: Reception;
  readonly #connections = new Set<Connection>();
  readonly #writing = new Set<Promise<void>>();
  readonly #startedAt = performance.now();
  readonly #simulated: Simulated = { frames: 0, ms: 0 };
  #peers = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(options: ServerOptions) {
    if (options.key !== undefined && options.games === undefined) {
      throw new SamestepError("BAD_USAGE", "results are signed of games that the server plays: name them in `games`");
    }
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
    this.#reception = new Reception({
      limits: this.#limits,
      open: (stripe, room, onGone) => this.#open(stripe, room, onGone),
      log: (event, more) => this.#log(event, more),
    });
    const { requestMs, messageBytes, connections } = this.#limits;
    this.#http = createHttpServer(
      {
        headersTimeout: requestMs,
        requestTimeout: requestMs,
        connectionsCheckingInterval: 500,
        keepAliveTimeout: requestMs,
      },
      (request, response) => void this.#answer(request, response),
    );
    this.#http.maxConnections = connections + OTHER_SOCKETS;
    // A socket that sends nothing never becomes a request, so the timeouts above do not see it.
    this.#http.on("connection", (socket: Socket) => {
      socket.setTimeout(2 * requestMs, () => socket.destroy());
    });
    this.#http.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
    this.#webSockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false, // four times the CPU (measured), and nothing to gain on inputs
      maxPayload: messageBytes,
      maxFragments: FRAGMENTS_MAX,
      maxBufferedChunks: CHUNKS_MAX,
    });
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  get url(): string {
    const host = this.#options.host ?? "127.0.0.1";
    return `http://${host.includes(":") ? `[${host}]` : host}:${this.port}`;
  }

  get rooms(): number {
    return this.#rooms.size + this.#former.size;
  }

  get connections(): number {
    return this.#reception.sockets;
  }

  async listen(): Promise<void> {
    const { port, host = "127.0.0.1" } = this.#options;
    const first = port ?? PORT_FIRST;
    const tries = port === undefined ? PORTS_TRIED : 1;
    for (let i = 0; i < tries; i++) {
      if (await listenOn(this.#http, first + i, host)) {
        this.#log("listening", { url: this.url });
        this.#timer = setInterval(() => this.#tick(), TICK_MS);
        return;
      }
    }
    const taken = tries === 1 ? `port ${first} is` : `ports ${first} to ${first + tries - 1} are`;
    throw new SamestepError("PORT_BUSY", `${taken} in use on ${host}: stop the other program, or choose another port`);
  }

  #log(event: string, more: object): void {
    this.#options.log?.({ time: new Date().toISOString(), event, ...more });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(request);
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.writeHead(405, { Allow: "GET, HEAD" }).end();
    } else if (path === "/health") {
      const uptimeS = Math.round((performance.now() - this.#startedAt) / 1000);
      json(response, { status: "ok", uptimeS, rooms: this.rooms, connections: this.connections });
    } else if (path === "/rooms") {
      // Counts only: whoever knows a room's code may sit down in it.
      const playing = [...this.#rooms.values()].filter((room) => room.playing).length;
      const simulated = { frames: this.#simulated.frames, ms: Math.round(this.#simulated.ms) };
      const played = this.#options.games === undefined ? {} : { simulated };
      json(response, { rooms: this.rooms, playing, connections: this.connections, ...played });
    } else if (path === PLAY_PATH) {
      response
        .writeHead(426, { Upgrade: "websocket", "Content-Type": "text/plain" })
        .end("Here speak WebSockets only.\n");
    } else if (path === undefined || this.#options.files === undefined) {
      response.writeHead(404, { "Content-Type": "text/plain" }).end("Not found.\n");
    } else {
      await serveFile(this.#options.files, path, request, response);
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const address = networkOf(request.socket.remoteAddress ?? "");
    const code = roomOf(request);
    const { connections, connectionsPerAddress } = this.#limits;
    socket.on("error", () => {}); // gone in the middle of the handshake
    if (code === undefined)
      refuse(socket, "404 Not Found", `Play at ${PLAY_PATH}?room=CODE, a code of 1 to 16 of A-Z, 0-9 and '-'.`);
    else if (this.connections >= connections) refuse(socket, "503 Service Unavailable", "This server is full.");
    else if (this.#reception.socketsOf(address) >= connectionsPerAddress) {
      refuse(socket, "429 Too Many Requests", "Too many connections from your address.");
    } else {
      request.socket.setTimeout(0);
      this.#webSockets.handleUpgrade(request, socket, head, (webSocket) =>
        this.#reception.accept(webSocket, code, address),
      );
    }
  }

  /** A new peer's connection, in his room; undefined when there is no place for him, which he is told. */
  #open(stripe: Stripe, code: string, onGone: () => void): Connection | undefined {
    const why = this.#whyFull(code);
    if (why !== undefined) {
      stripe.end(CLOSE_BUSY, why);
      return undefined;
    }
    const gone = () => {
      this.#connections.delete(connection);
      onGone();
    };
    const connection = new Connection({ stripe, peer: ++this.#peers, limits: this.#limits, onGone: gone });
    this.#connections.add(connection);
    this.#room(code, performance.now())!.enter(connection, this.#degraded(connection));
    return connection;
  }

  #whyFull(code: string): string | undefined {
    if (this.#connections.size >= this.#limits.peers) return "This server is full.";
    const room = this.#room(code, performance.now());
    if (room === undefined) return "This server has no room for another match. Try again later.";
    return room.peers >= this.#limits.peersPerRoom ? "This room is full." : undefined;
  }

  #degraded(connection: Connection): Transport {
    const { network } = this.#options;
    if (network === undefined) return connection;
    return new SimulatedTransport(connection, { mode: "stream", up: network, down: network, seed: connection.peer });
  }

  #room(code: string, now: number): AnyRoom | undefined {
    const known = this.#rooms.get(code);
    if (known !== undefined && !known.over) return known;
    if (this.rooms >= this.#limits.rooms) return undefined;
    if (known !== undefined) this.#former.add(known); // its last words may still be on the way
    const room = code.startsWith(RELAYED) ? this.#relayRoom(code, now) : this.#playRoom(code, now);
    this.#rooms.set(code, room);
    return room;
  }

  #relayRoom(code: string, now: number): RelayRoom {
    return new RelayRoom({
      ...{ code, now, limits: this.#limits },
      log: (event, more) => this.#log(event, { room: code, ...more }),
    });
  }

  #playRoom(code: string, now: number): Room {
    return new Room({
      code,
      now,
      limits: this.#limits,
      record: this.#options.record?.recorder,
      games: this.#options.games,
      key: this.#options.key,
      simulated: this.#simulated,
      spectatorDelaySeconds: this.#options.spectatorDelaySeconds ?? 0,
      bytesLeft: () => this.#limits.roomsBytes - this.#bytes(),
      log: (event, more) => this.#log(event, { room: code, ...more }),
    });
  }

  #bytes(): number {
    let bytes = 0;
    for (const room of this.#all()) bytes += room.bytes;
    return bytes;
  }

  #all(): AnyRoom[] {
    return [...this.#rooms.values(), ...this.#former];
  }

  #tick(): void {
    const now = performance.now();
    this.#reception.tick(now);
    for (const connection of this.#connections) connection.tick(now);
    for (const room of this.#all()) {
      const why = room.tick(now);
      if (room.settled || why !== undefined) this.#write(room);
      if (why !== undefined) this.#close(room, why);
    }
  }

  #close(room: AnyRoom, why: string): void {
    room.close(undefined, why);
    this.#former.delete(room);
    if (this.#rooms.get(room.code) === room) this.#rooms.delete(room.code);
    this.#log("closed", { room: room.code, why });
  }

  #write(room: AnyRoom): void {
    const { record } = this.#options;
    const file = room.takeRecording();
    if (file === undefined || record === undefined) return;
    const writing = writeRecording(record.directory, room.code, new Date(), file)
      .then((path) => this.#log("recorded", { room: room.code, path, bytes: file.length }))
      .catch(({ message }: Error) =>
        this.#log("error", { room: room.code, error: `this match is not recorded: ${message}` }),
      )
      .finally(() => this.#writing.delete(writing));
    this.#writing.add(writing);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#all().map((room) => room.settle()));
    for (const room of this.#all()) {
      this.#write(room);
      room.close(CLOSE_GOING_AWAY, "The server is shutting down.");
    }
    this.#reception.end(CLOSE_GOING_AWAY, "The server is shutting down.");
    this.#rooms.clear();
    this.#former.clear();
    const closed = new Promise<void>((resolve) => this.#http.close(() => resolve()));
    this.#http.closeIdleConnections();
    await Promise.all([closed, ...this.#writing]);
    this.#log("stopped", {});
  }
}

function listenOn(server: HttpServer, port: number, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => (error.code === "EADDRINUSE" ? resolve(false) : reject(error));
    server.once("error", onError);
    server.listen(port, host, () => {
      server.off("error", onError);
      resolve(true);
    });
  });
}

function parseUrl(request: IncomingMessage): URL | undefined {
  const url = `http://localhost${request.url}`;
  return URL.canParse(url) ? new URL(url) : undefined;
}

function pathOf(request: IncomingMessage): string | undefined {
  return parseUrl(request)?.pathname;
}

/** A room's code; of one that is only relayed with a mark before it, which no code has. */
function roomOf(request: IncomingMessage): string | undefined {
  const code = parseUrl(request)?.searchParams.get("room") ?? "";
  const path = pathOf(request);
  if (!ROOM_CODE.test(code) || (path !== PLAY_PATH && path !== RELAY_PATH)) return undefined;
  return path === RELAY_PATH ? RELAYED + code : code;
}

function refuse(socket: Duplex, status: string, text: string): void {
  const body = `${text}\n`;
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function json(response: ServerResponse, body: object): void {
  response
    .writeHead(200, { "Content-Type": "application/json", "Cache-Control": "no-store" })
    .end(`${JSON.stringify(body)}\n`);
}
