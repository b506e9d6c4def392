// The traced run, inside a network namespace: our server and players in real time, over kernel TCP through a TUN device.
import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { WebSocket } from "ws";
import { matchConfigOf } from "../../src/client/join.js";
import { Random } from "../../src/netsim/random.js";
import { createServer, type Server } from "../../src/server/server.js";
import { Player } from "../../src/session/player.js";
import { playUrl } from "../../src/transport/room-code.js";
import { WebSocketTransport } from "../../src/transport/websocket.js";
import { fighter } from "../bench-games.js";
import { answer } from "../child.js";
import { pressing } from "../stripes/predicted.js";
import { LEG, Screens } from "../stripes/screens.js";

const [seconds = "", matchesEach = "", outages = ""] = process.argv.slice(2);
const HERE = "10.99.0.1";
const THERE = "10.99.0.2";
const OUTAGE_MS = 3000;
/** A player's host ticks so often, as the page's worker does. */
const TICK_MS = 4;
const SYSCTL = "/proc/sys/net/ipv4";

interface Seat {
  player: Player;
  carrier: WebSocketTransport;
}

class RealMatch {
  readonly screens = new Screens();
  readonly sockets: number;
  readonly server: Server;
  readonly #seats: Seat[] = [];

  static async open(server: Server, room: string, sockets: number): Promise<RealMatch> {
    const match = new RealMatch(server, sockets);
    const url = playUrl(`ws://${THERE}:${server.port}`, room);
    for (const index of [0, 1]) await match.#sit(url, index);
    return match;
  }

  private constructor(server: Server, sockets: number) {
    this.server = server;
    this.sockets = sockets;
  }

  async #sit(url: URL, index: number): Promise<void> {
    const game = await fighter();
    const config = matchConfigOf(game, { seed: 1, dropAfterMs: 30_000 });
    const stripes = { least: this.sockets, most: this.sockets };
    const carrier = new WebSocketTransport({ url, socket: WebSocket, stripes });
    const token = crypto.getRandomValues(new Uint8Array(16));
    const player = new Player({ simulation: await game.simulation(), config, token });
    const random = new Random(index + 1);
    const input = () => {
      this.screens.pressed(player, performance.now());
      return pressing(random);
    };
    carrier.listen({
      opened: () => player.reconnect(),
      received: (bytes) => player.receive(bytes, performance.now()),
      closed: ({ final, reason }) => {
        if (final) throw new Error(`the server closed a carrier: ${reason}`);
      },
    });
    setInterval(() => {
      player.tick(input, performance.now());
      player.drain((_, bytes) => carrier.send(bytes), carrier.stripes);
      player.takeEvents();
      player.takeEffects();
      this.screens.drawn(player, performance.now());
    }, TICK_MS);
    this.#seats.push({ player, carrier });
  }

  /** The frame that both have played up to. */
  get frame(): number {
    return Math.min(...this.#seats.map(({ player }) => player.stats.frame));
  }

  /** Sockets that are open, of both together. */
  get open(): number {
    return this.#seats.reduce((sum, { carrier }) => sum + carrier.stripes, 0);
  }

  get holdUps(): number {
    return this.#seats.reduce((sum, { carrier }) => sum + carrier.holdUps, 0);
  }
}

/** Everything stops for three seconds; answers how long after that each match needed until both played a new frame. */
async function outage(link: Worker, matches: RealMatch[]): Promise<number[]> {
  link.postMessage(true);
  await sleep(OUTAGE_MS);
  const before = matches.map(({ frame }) => frame);
  const mendedAt = performance.now();
  link.postMessage(false);
  const after = await Promise.all(
    matches.map(async (match, index) => {
      while (match.frame === before[index]) await sleep(1);
      return performance.now() - mendedAt;
    }),
  );
  await sleep(2000);
  return after;
}

// A connection of before an outage says nothing about the next one.
writeFileSync(`${SYSCTL}/tcp_no_metrics_save`, "1");
const [lossy, lossless] = [await createServer({ port: 0, host: HERE }), await createServer({ port: 0, host: HERE })];
const servers = [
  { port: lossy.port, loss: LEG.loss },
  { port: lossless.port, loss: 0 },
];
const link = new Worker(new URL("./tun-link.js", import.meta.url), {
  workerData: { fd: Number(process.env.TUN_FD), servers },
});
await new Promise((resolve) => link.once("message", resolve));
const matches: RealMatch[] = [];
for (let i = 0; i < Number(matchesEach); i++) {
  for (const sockets of [1, 3]) matches.push(await RealMatch.open(lossy, `R${i}-${sockets}`, sockets));
  matches.push(await RealMatch.open(lossless, `R${i}`, 3));
}
await sleep(1000 * Number(seconds));
const times = (server: Server, sockets: number) =>
  matches
    .filter((match) => match.server === server && match.sockets === sockets)
    .flatMap((match) => match.screens.times);
const measured = {
  control: readFileSync(`${SYSCTL}/tcp_congestion_control`, "utf8").trim(),
  one: times(lossy, 1),
  three: times(lossy, 3),
  lossless: times(lossless, 3),
  open: matches.map(({ open }) => open),
  holdUps: matches.map(({ holdUps }) => holdUps),
};
const recovered: number[] = [];
for (let i = 0; i < Number(outages); i++) recovered.push(...(await outage(link, matches)));
answer({ ...measured, recovered });
setTimeout(() => process.exit(0), 100); // the link waits for packets for ever
