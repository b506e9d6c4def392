// Pages that play without the server, through it: it passes on what they say, and grants an epoch to who is left alone.
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { Member } from "../../src/member/member.js";
import type { MemberEvent } from "../../src/member/member-events.js";
import type { Game } from "../../src/simulation/game.js";
import { Relay } from "../../src/transport/relay.js";
import { relayUrl } from "../../src/transport/room-code.js";
import type { Closing } from "../../src/transport/transport.js";
import { WebSocketTransport } from "../../src/transport/websocket.js";
import { testGame } from "../games.js";
import { configOf } from "../session/party.js";
import { type Hosted, host, until } from "./play.js";

const TICK_MS = 8;

let game: Game;
let hosted: Hosted | undefined;
const pages: Page[] = [];

beforeAll(async () => {
  game = await testGame("scramble");
});

afterEach(async () => {
  for (const page of pages.splice(0)) page.close();
  await hosted?.server.close();
  hosted = undefined;
});

/** What an application does: carries datagrams, ticks, and asks the rendezvous when it is suspended. */
class Page {
  member: Member | undefined;
  readonly events: MemberEvent[] = [];
  closing: Closing | undefined;
  readonly #relay: Relay;
  readonly #timer: ReturnType<typeof setInterval>;

  static async open(players: number, index: number, room = "A"): Promise<Page> {
    const simulation = await game.simulation();
    const page = new Page(players, index, room, (seat) => {
      return new Member({ simulation, seat, config: configOf(game, { players }) });
    });
    pages.push(page);
    return page;
  }

  constructor(players: number, index: number, room: string, begin: (seat: number) => Member) {
    const transport = new WebSocketTransport({ url: relayUrl(hosted!.server.url, room), socket: WebSocket });
    this.#relay = new Relay({ transport, players, token: new Uint8Array(16).fill(index + 1) });
    this.#relay.listen({
      seated: (seat) => {
        this.member = begin(seat);
      },
      received: (seat, bytes) => {
        this.member?.receive(seat, bytes, performance.now());
        this.#drain();
      },
      granted: (epoch) => this.member?.grant(epoch),
      closed: (closing) => {
        this.closing = closing;
      },
    });
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  #tick(): void {
    const { member } = this;
    if (member === undefined) return;
    member.tick(() => Uint8Array.of(member.player.stats.frame & 31), performance.now());
    if (member.suspended) this.#relay.ask(member.epoch);
    this.#drain();
    this.events.push(...member.takeEvents());
  }

  #drain(): void {
    this.member?.drain((to, bytes) => this.#relay.send(to, bytes));
  }

  get end(): number {
    return this.member?.player.stats.confirmedEnd ?? 0;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#relay.close();
  }
}

describe("a relayed match", () => {
  it("is played by its pages, and goes on without the one that sequenced it", async () => {
    hosted = await host();
    const all = [await Page.open(3, 0), await Page.open(3, 1), await Page.open(3, 2)];
    await until(() => all.every(({ end }) => end > 30));
    expect(hosted.log.filter(({ event }) => event === "seated").map(({ seat }) => seat)).toEqual([0, 1, 2]);
    const first = all.find(({ member }) => member!.sequencer !== undefined)!;
    const others = all.filter((page) => page !== first);
    const before = Math.max(...others.map(({ end }) => end));
    first.close();
    await until(() => others.every(({ end }) => end > before + 30), 15_000);
    expect(others.filter(({ member }) => member!.sequencer !== undefined).length).toBe(1);
    const chains = others.map(({ member }) => member!.player.chain!);
    const end = Math.min(...chains.map((chain) => chain.end));
    expect(chains[0]!.valueAt(end)).toBe(chains[1]!.valueAt(end));
    for (const { member } of others) expect(member!.strays).toBe(0);
  }, 30_000);

  it("is granted to the one of two players who is left", async () => {
    hosted = await host();
    const [first, second] = [await Page.open(2, 0), await Page.open(2, 1)];
    await until(() => first.end > 30 && second.end > 30);
    const [gone, left] = first.member!.sequencer === undefined ? [second, first] : [first, second];
    gone.close();
    const before = left.end;
    await until(() => left.end > before + 60, 15_000);
    expect(left.events.map(({ type }) => type)).toEqual(expect.arrayContaining(["suspended", "resumed", "left"]));
    expect(hosted.log.filter(({ event }) => event === "granted").length).toBeGreaterThan(0);
  }, 30_000);

  it("has as many places as its first page said, and none for others", async () => {
    hosted = await host();
    await Page.open(2, 0);
    await Page.open(2, 1);
    const third = await Page.open(2, 2);
    await until(() => third.closing !== undefined);
    expect(third.closing?.reason).toBe("This room is full, or is for 2 players.");
    expect(third.member).toBeUndefined();
    const fourth = await Page.open(3, 3);
    await until(() => fourth.closing !== undefined);
    expect(pages[0]!.closing).toBeUndefined();
  });
});
