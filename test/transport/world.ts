// Matches over carriers in virtual time: players, their sockets and the server's room are real, TCP is netsim's stream.
import { EventEmitter } from "node:events";
import { type Conditions, PERFECT } from "../../src/netsim/conditions.js";
import { Link } from "../../src/netsim/link.js";
import { Random } from "../../src/netsim/random.js";
import { Connection } from "../../src/server/connection.js";
import { LIMITS, TICK_MS } from "../../src/server/limits.js";
import { Reception } from "../../src/server/reception.js";
import { Room } from "../../src/server/room.js";
import { Player } from "../../src/session/player.js";
import type { Game, WasmSimulation } from "../../src/simulation/game.js";
import { isBulk } from "../../src/transport/rotation.js";
import { WebSocketTransport } from "../../src/transport/websocket.js";
import { MESSAGES } from "../../src/wire/messages.js";
import { configOf } from "../session/party.js";

/** Of everybody's host. */
const PLAYER_TICK_MS = 4;

/** One way of a socket: all arrives, in order, and what is behind a lost packet waits for its repeat. */
export class Way {
  readonly link: Link;
  /** Of what was sent: snapshots and evidence, and what frames need. */
  bulk = 0;
  frames = 0;
  /** Of those that frames need: how many left while bulk was under way before them, and how long one took at most, in ms. */
  behind = 0;
  longestMs = 0;
  /** What is under way, in order. */
  readonly #flying: { at: number; bulk: boolean }[] = [];
  readonly #arrive: (bytes: Uint8Array) => void;

  constructor(seed: number, conditions: Conditions, arrive: (bytes: Uint8Array) => void) {
    this.link = new Link(new Random(seed), "stream");
    this.link.conditions = conditions;
    this.#arrive = arrive;
  }

  send(bytes: Uint8Array): void {
    const now = performance.now();
    const bulk = isBulk(bytes);
    if (bulk) this.bulk += 1;
    else if (isFrames(bytes)) {
      this.frames += 1;
      if (this.#flying.some((each) => each.bulk)) this.behind += 1;
    }
    this.#flying.push({ at: now, bulk });
    this.link.send(bytes, now);
  }

  deliver(now: number): void {
    this.link.deliver(now, (bytes) => {
      const tookMs = now - this.#flying.shift()!.at;
      if (isFrames(bytes)) this.longestMs = Math.max(this.longestMs, tookMs);
      this.#arrive(bytes);
    });
  }
}

function isFrames([code]: Uint8Array): boolean {
  return code === MESSAGES.inputs.code || code === MESSAGES.frames.code;
}

/** The server's end of a socket, as `ws` shows it. */
class Accepted extends EventEmitter {
  readyState = 1;
  bufferedAmount = 0;
  readonly #wire: Wire;

  constructor(wire: Wire) {
    super();
    this.#wire = wire;
  }

  send(bytes: Uint8Array): void {
    this.#wire.down.send(bytes);
  }

  ping(): void {
    this.#wire.later(2, () => this.emit("pong", Buffer.alloc(0)));
  }

  close(code = 1000, reason = ""): void {
    this.readyState = 2;
    this.#wire.later(1, () => this.#wire.ended(code, reason));
    this.#wire.later(2, () => this.terminate());
  }

  terminate(): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.emit("close", 1006, Buffer.alloc(0));
  }
}

/** The client's end, as a browser shows it. Who dials through a path that is broken is never answered. */
export class Wire {
  readyState = 0;
  bufferedAmount = 0;
  binaryType = "";
  readonly up: Way;
  readonly down: Way;
  #cut: boolean;
  readonly #world: World;
  readonly #accepted = new Accepted(this);
  readonly #listeners = new Map<string, (event: object) => void>();

  constructor(world: World, number: number, path: PlayersPath) {
    this.#world = world;
    this.#cut = path.down;
    this.up = new Way(2 * number, path.up, (bytes) => {
      if (this.#accepted.readyState === 1) this.#accepted.emit("message", Buffer.from(bytes), true);
    });
    this.down = new Way(2 * number + 1, path.to, (bytes) => this.#tell("message", { data: bytes.slice().buffer }));
    // One round trip for TCP, one for the upgrade.
    this.later(3, () => world.reception.accept(this.#accepted as never, "DUEL", ""));
    this.later(4, () => {
      if (this.readyState !== 0) return;
      this.readyState = 1;
      this.#tell("open", {});
    });
  }

  addEventListener(type: string, listener: (event: object) => void): void {
    this.#listeners.set(type, listener);
  }

  send(bytes: Uint8Array): void {
    this.up.send(bytes);
  }

  close(): void {
    this.readyState = 2;
    this.later(1, () => this.#accepted.terminate());
  }

  /** The server has closed it. */
  ended(code: number, reason: string): void {
    this.readyState = 3;
    this.#listeners.get("close")!({ code, reason });
  }

  /** For good: TCP's next repeat is seconds away. */
  cut(): void {
    this.#cut = true;
    this.up.link.cut = true;
    this.down.link.cut = true;
  }

  deliver(now: number): void {
    if (this.#cut) return;
    this.up.deliver(now);
    this.down.deliver(now);
  }

  /** After so many times the way between the two, unless the path breaks. */
  later(ways: number, act: () => void): void {
    const { delayMs } = this.up.link.conditions;
    this.#world.after(ways * delayMs, () => {
      if (!this.#cut) act();
    });
  }

  #tell(type: string, event: object): void {
    if (this.readyState === 1) this.#listeners.get(type)!(event);
  }
}

/** What all sockets of one player go through. */
interface PlayersPath {
  up: Conditions;
  to: Conditions;
  down: boolean;
}

/** A player behind his carrier, and the sockets that it dialled so far. */
export interface Member {
  player: Player;
  carrier: WebSocketTransport;
  wires: Wire[];
  /** How often a carrier was opened: once, if none was lost. */
  readonly opened: number;
  /** Everything that is under way is lost, and nothing new comes through; until it is mended. */
  breakPath(): void;
  mendPath(): void;
}

/** Made while timers are fake; it lives as they are advanced. */
export class World {
  readonly reception: Reception;
  readonly log: string[] = [];
  readonly #room: Room;
  readonly #connections = new Set<Connection>();
  readonly #timers = new Set<ReturnType<typeof setInterval>>();
  readonly #members: Member[] = [];
  #wires = 0;
  #peers = 0;
  readonly #seed: number;

  constructor(seed = 1) {
    this.#seed = seed;
    const log = (event: string): void => void this.log.push(event);
    this.#room = new Room({
      ...{
        code: "DUEL",
        limits: LIMITS,
        now: performance.now(),
        record: undefined,
        games: undefined,
        key: undefined,
        log,
      },
      ...{ simulated: { frames: 0, ms: 0 }, spectatorDelaySeconds: 0, bytesLeft: () => Infinity },
    });
    this.reception = new Reception({
      limits: LIMITS,
      open: (stripe, _room, onGone) => {
        const connection: Connection = new Connection({
          ...{ stripe, peer: ++this.#peers, limits: LIMITS },
          onGone: () => {
            this.#connections.delete(connection);
            onGone();
          },
        });
        this.#connections.add(connection);
        this.#room.enter(connection, connection);
        return connection;
      },
      log,
    });
    this.#every(1, (now) => {
      for (const { wires } of this.#members) for (const wire of wires) wire.deliver(now);
    });
    this.#every(TICK_MS, (now) => {
      this.reception.tick(now);
      for (const connection of this.#connections) connection.tick(now);
      this.#room.tick(now);
    });
  }

  /** Somebody dials now, through a path of his own; he presses another button now and then. */
  enter(simulation: WasmSimulation, options: EnterOptions): Member {
    const { game, config, network, stripes = {} } = options;
    const path: PlayersPath = { up: { ...PERFECT, ...network }, to: { ...PERFECT, ...network }, down: false };
    const index = this.#members.length;
    const wires: Wire[] = [];
    const open = (): Wire => {
      const wire = new Wire(this, this.#seed * 1000 + this.#wires++, path);
      wires.push(wire);
      return wire;
    };
    class Socket {
      constructor() {
        // biome-ignore lint/correctness/noConstructorReturn: a carrier makes its sockets with `new`
        return open();
      }
    }
    const carrier = new WebSocketTransport({
      url: "ws://localhost",
      socket: Socket as never,
      stripes,
      random: () => 0.5,
    });
    const token = new Uint8Array(16).fill(index + 1);
    const player = new Player({ simulation, token, config: configOf(game, { dropAfterMs: 5000, ...config }) });
    let opened = 0;
    carrier.listen({
      opened: () => {
        if (opened++ > 0) player.reconnect();
      },
      received: (bytes) => player.receive(bytes, performance.now()),
      closed: () => {},
    });
    let pressed = 0;
    this.#every(PLAYER_TICK_MS, (now) => {
      player.tick(() => Uint8Array.of(((pressed++ >> (3 + index)) * 37 + index) & 31), now);
      player.drain((_, bytes) => carrier.send(bytes), carrier.stripes);
      player.takeEffects();
      player.takeEvents();
    });
    const member: Member = {
      ...{ player, carrier, wires },
      get opened() {
        return opened;
      },
      breakPath: () => {
        path.down = true;
        for (const wire of wires) wire.cut();
      },
      mendPath: () => {
        path.down = false;
      },
    };
    this.#members.push(member);
    return member;
  }

  #every(ms: number, act: (now: number) => void): void {
    this.#timers.add(setInterval(() => act(performance.now()), ms));
  }

  after(ms: number, act: () => void): void {
    setTimeout(act, ms);
  }

  end(): void {
    for (const timer of this.#timers) clearInterval(timer);
    for (const { carrier } of this.#members) carrier.close();
  }
}

interface EnterOptions {
  game: Game;
  config?: Parameters<typeof configOf>[1];
  network: Partial<Conditions>;
  stripes?: { least?: number; most?: number };
}
