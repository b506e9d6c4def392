// What a match goes through when its sockets stand still: one of three, all of them, and the whole path.
import { afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { WebSocket } from "ws";
import type { MatchSettings } from "../../src/client/join.js";
import type { Match } from "../../src/client/match.js";
import type { Limits } from "../../src/server/limits.js";
import type { Game } from "../../src/simulation/game.js";
import type { WebSocketTransport } from "../../src/transport/websocket.js";
import { testGame } from "../games.js";
import { Agreed, dialled, type Hosted, host, player, playerThrough, restless, until } from "../server/play.js";
import { Path, type Stream } from "../transport/path.js";

const CONFIG = { players: 2, seed: 11 };

/** One way. */
const DELAY_MS = 20;

/** Frames that nobody plays without hearing of the other: the window, and what was under way. */
const BEYOND_WINDOW = 20;

let game: Game;
let hosted: Hosted;
let path: Path;
let carrier: WebSocketTransport;
let mine: Match;
let other: Match;
let carriers: string[];

beforeAll(async () => {
  game = await testGame("scramble");
});

beforeEach(async () => {
  hosted = await host();
  path = await Path.to(hosted.server.port, DELAY_MS);
});

afterEach(async () => {
  mine.close();
  other.close();
  path.close();
  await hosted.server.close();
});

/** Another server than the usual one. */
async function hostWith(limits: Partial<Limits>): Promise<void> {
  await hosted.server.close();
  path.close();
  hosted = await host({ limits });
  path = await Path.to(hosted.server.port, DELAY_MS);
}

/** Two players, the first through the path; answers when they play. */
async function play(stripes: { least?: number; most?: number }, settings: MatchSettings = {}): Promise<void> {
  dialled.length = 0;
  const config = { ...CONFIG, ...settings };
  const first = playerThrough(path, game, "DUEL", { config, stripes });
  const second = player(hosted.server, game, "DUEL", { config, input: restless() });
  ({ transport: carrier, match: mine } = await first);
  other = await second;
  carriers = [];
  mine.on("carrier", ({ state }) => carriers.push(state));
  await until(() => mine.stats.agreedEnd > 30 && carrier.stripes === (stripes.least ?? 1));
}

/** Everything goes on, and both still play the same match with the same two seats. */
async function goesOn(): Promise<void> {
  const frame = mine.stats.agreedEnd;
  await until(() => mine.stats.agreedEnd > frame + 30 && other.stats.agreedEnd > frame + 30);
  expect(hosted.log.filter(({ event }) => event === "left" || event === "slow" || event === "error")).toEqual([]);
}

it("after an outage the match goes on over a fresh socket, while the old ones still wait", async () => {
  await hostWith({ stuckMs: 900 }); // who is silent is not one who holds the others up
  await play({});
  path.break();
  const old = dialled.filter(({ readyState }) => readyState === WebSocket.OPEN);
  const before = path.streams.length;
  await until(() => path.streams.length > before + 6); // fresh ones that nobody answers
  expect(old.every(({ readyState }) => readyState === WebSocket.OPEN)).toBe(true); // nothing carried anything instead
  expect(carrier.stripes).toBe(1);
  const [seen, their] = [mine.stats.confirmedEnd, other.stats.confirmedEnd];
  path.mend();
  const dials = path.streams.length;
  await until(() => mine.stats.confirmedEnd > seen + 2 && other.stats.confirmedEnd > their + 2);
  await until(() => carrier.stripes === 1);
  expect(path.streams.length - dials).toBe(1); // the first that got through was kept
  await goesOn();
  expect(carriers).toEqual([]); // one carrier all the time
});

it("after an outage in which the server forgot it, a carrier is opened anew, and the seat is kept", async () => {
  await hostWith({ silenceMs: 800 });
  await play({});
  path.break();
  await until(() => hosted.log.some(({ event }) => event === "lost"));
  path.mend();
  await until(() => carriers.join() === "lost,open");
  expect(hosted.log.filter(({ event }) => event === "stranger").map(({ why }) => why)).toEqual(["unknown"]);
  await goesOn();
});

it.each([
  ["and the server forgot him as well", { silenceMs: 800 }],
  ["while the server still waits for his carrier", {}],
])("who was dropped in an outage, %s, comes back to the seat that is kept for him", async (_, limits) => {
  await hostWith(limits);
  await play({}, { dropAfterMs: 800 });
  const { seat } = mine;
  const agreed = new Agreed(mine);
  const told: string[] = [];
  mine.on("rejoining", () => told.push("rejoining"));
  mine.on("joined", (event) => told.push(`joined ${event.seat}`));
  other.on("left", (event) => told.push(`left ${event.seat} ${event.dropped}`));
  let backAt = 0;
  other.on("joined", (event) => {
    told.push(`back ${event.seat}`);
    backAt = event.frame;
  });
  path.break();
  const mendAt = performance.now() + 3000;
  await until(() => performance.now() >= mendAt);
  expect(told).toEqual([`left ${seat} true`]); // and he himself knows nothing of it yet
  expect(hosted.log.some(({ event }) => event === "lost")).toBe("silenceMs" in limits);
  const alone = other.stats.confirmedEnd;
  path.mend();
  await until(() => told.includes(`joined ${seat}`), 20_000);
  expect(told.toSorted()).toEqual([`back ${seat}`, `joined ${seat}`, `left ${seat} true`, "rejoining"]);
  expect(told.indexOf("rejoining")).toBeLessThan(told.indexOf(`joined ${seat}`));
  expect(mine.seat).toBe(seat);
  await until(() => agreed.end > backAt + 60 && other.stats.agreedEnd > backAt + 60, 20_000);
  expect(backAt).toBeGreaterThan(alone - 60);
  agreed.expectIn(other, backAt);
  expect(carriers).toEqual("silenceMs" in limits ? ["lost", "open"] : []);
});

it("a socket of three that stands still stops nobody", async () => {
  await play({ least: 3 });
  for (const stream of path.streams.filter(({ open }) => open)) {
    const { frame } = mine.stats;
    stream.freeze();
    await until(() => mine.stats.frame > frame + BEYOND_WINDOW && other.stats.frame > frame + BEYOND_WINDOW);
    stream.thaw();
  }
  await goesOn();
  expect(carriers).toEqual([]);
});

it("a socket of three that is cut stops nobody, and another one takes its place", async () => {
  await play({ least: 3 });
  path.streams.find(({ open }) => open)!.cut();
  await until(() => carrier.stripes === 2);
  await until(() => carrier.stripes === 3);
  await goesOn();
  expect(carriers).toEqual([]);
});

it("hold-ups open a second socket and a third", async () => {
  await play({});
  expect(carrier.stripes).toBe(1);
  const before = carrier.holdUps; // the machine itself may have stood still at the start
  for (let i = 0; carrier.stripes < 3; i++) {
    expect(i).toBeLessThan(20);
    const open = path.streams.filter((stream) => stream.open);
    await standStill(open[i % open.length]!);
  }
  expect(carrier.holdUps).toBeGreaterThanOrEqual(before + 4);
  await goesOn();
});

it("hold-ups that only what we send runs into do so as well", async () => {
  await play({});
  for (let i = 0; carrier.stripes < 2; i++) {
    expect(i).toBeLessThan(20);
    await standStill(path.streams.find(({ open }) => open)!, "up");
  }
  await goesOn();
  expect(carriers).toEqual([]);
});

/** Makes a stream stand still until something waits in it, or has found another way. */
async function standStill(stream: Stream, way: "up" | "both" = "both"): Promise<void> {
  const { frame } = mine.stats;
  stream.freeze(way);
  await until(() => stream.held >= 6 || mine.stats.frame > frame + BEYOND_WINDOW);
  stream.thaw();
  const thawed = mine.stats.frame;
  await until(() => mine.stats.frame > thawed + 10);
}
