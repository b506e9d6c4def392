// What the tests of server and client share: a server on a port of its own, players and bare sockets.
import { expect } from "vitest";
import { WebSocket } from "ws";
import { intervalTicker } from "../../src/client/index.js";
import { type JoinOptions, join, type MatchSettings, matchConfigOf } from "../../src/client/join.js";
import type { Match } from "../../src/client/match.js";
import { parseReplay } from "../../src/replay/format.js";
import { createServer, type LogEntry, type Server, type ServerOptions } from "../../src/server/server.js";
import { Player } from "../../src/session/player.js";
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

/** The hash chain of a match as this player computed it, at all the frames that everybody was said to agree on. */
export class Agreed {
  readonly #chain = new Map<number, number>();
  end = 0;

  constructor(match: Match) {
    match.on("frame", () => {
      const { agreed } = match;
      if (agreed === undefined || agreed.end <= this.end) return;
      this.end = agreed.end;
      this.#chain.set(agreed.end, agreed.chain);
    });
  }

  /** The same as the one of a player who was there from the first frame on, also at frames behind `frame`. */
  expectIn(match: Match, frame: number): void {
    const chain = chainOf(match);
    const ends = [...this.#chain.keys()].filter((end) => chain.has(end));
    expect(ends.filter((end) => end > frame).length).toBeGreaterThan(5);
    expect(ends.map((end) => [end, this.#chain.get(end)])).toEqual(ends.map((end) => [end, chain.get(end)]));
  }
}

/** The hash chain at each frame, of a player who was there from the first one on. */
export function chainOf(match: Match): Map<number, number> {
  const parsed = parseReplay(match.replay());
  if (parsed.kind !== "replay") throw new Error(parsed.why);
  return new Map([...parsed.replay.checks()].map(({ frame, chain }) => [frame, chain]));
}

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

/** A player by hand: real messages, but he reads and talks only when told to. */
export class ByHand {
  readonly socket: WebSocket;
  readonly player: Player;

  static async sit({ server }: Hosted, room: string, game: Game, options: Seating): Promise<ByHand> {
    const { config, watch = false } = options;
    const [socket, simulation] = [await bare(server, room), await game.simulation()];
    const token = crypto.getRandomValues(new Uint8Array(16));
    return new ByHand(socket, new Player({ simulation, config: matchConfigOf(game, config), token, watch }));
  }

  private constructor(socket: WebSocket, player: Player) {
    this.socket = socket;
    this.player = player;
    socket.on("message", (bytes: Buffer) => player.receive(new Uint8Array(bytes), performance.now()));
  }

  tick(): void {
    this.player.tick(() => new Uint8Array(2), performance.now());
    this.player.drain((_, bytes) => this.socket.send(bytes.slice()));
  }
}
interface Seating {
  config: MatchSettings;
  watch?: boolean;
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
