// What the tests of server and client share: a server on a port of its own, players and bare sockets.
import { WebSocket } from "ws";
import { intervalTicker } from "../../src/client/index.js";
import { type JoinOptions, join } from "../../src/client/join.js";
import type { Match } from "../../src/client/match.js";
import { createServer, type LogEntry, type Server, type ServerOptions } from "../../src/server/server.js";
import type { Game } from "../../src/simulation/game.js";
import { playUrl } from "../../src/transport/room-code.js";
import { WebSocketTransport } from "../../src/transport/websocket.js";
import type { Path } from "../transport/path.js";

export interface Hosted {
  server: Server;
  log: LogEntry[];
}

export async function host(options: ServerOptions = {}): Promise<Hosted> {
  const log: LogEntry[] = [];
  const onLog = (entry: LogEntry): void => {
    log.push(entry);
    options.log?.(entry);
  };
  const server = await createServer({ port: 0, ...options, log: onLog });
  return { server, log };
}

/** Every socket that `player` dialled, for tests that cut them. */
export const dialled: WebSocket[] = [];

class Dialled extends WebSocket {
  constructor(url: string) {
    super(url);
    dialled.push(this);
  }
}

/** A player over a real socket, on a plain timer. He presses whatever `input` says. */
export function player(
  server: Pick<Server, "url">,
  game: Game,
  room: string,
  more: Partial<JoinOptions> = {},
): Promise<Match> {
  const transport = new WebSocketTransport({ url: playUrl(server.url, room), socket: Dialled });
  const options = { game, transport, input: () => new Uint8Array(2), ticker: intervalTicker(), ...more };
  return join(options as JoinOptions);
}

/** A player who presses another button now and then. */
export function restless(): () => Uint8Array {
  let calls = 0;
  let buttons = 0;
  return () => {
    if (calls++ % 30 === 0) buttons = (buttons * 5 + 3) & 31;
    return Uint8Array.of(buttons, 0);
  };
}

/** A player through a path that a test can break: his carrier, and the match. */
export async function playerThrough(path: Path, game: Game, room: string, more: Through = {}) {
  const { stripes = {}, ...rest } = more;
  const transport = new WebSocketTransport({ url: playUrl(path.url, room), socket: Dialled, stripes });
  const options = { game, transport, input: restless(), ticker: intervalTicker(), ...rest };
  return { transport, match: await join(options as JoinOptions) };
}
type Through = Partial<JoinOptions> & { stripes?: { least?: number; most?: number } };

/** A socket that has said something, and is nobody's player yet. */
export async function bare(server: Server, room: string): Promise<WebSocket> {
  const socket = new WebSocket(playUrl(server.url, room));
  await new Promise((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  socket.on("error", () => {});
  socket.send(Uint8Array.of(255));
  return socket;
}

export function closed(socket: WebSocket): Promise<{ code: number; reason: string }> {
  return new Promise((resolve) => {
    socket.once("close", (code, reason) => resolve({ code, reason: reason.toString() }));
  });
}

export async function until(what: () => boolean, withinMs = 5000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!what()) {
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
