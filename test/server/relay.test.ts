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

  static async open(players: number, index: number, { watch = false, startWith = 0 } = {}): Promise<Page> {
    const simulation = await game.simulation();
    const page = new Page(players, index, watch, (seat) => {
      return new Member({ simulation, seat, config: configOf(game, { players, startWith }) });
    });
    pages.push(page);
    return page;
  }

  constructor(players: number, index: number, watch: boolean, begin: (seat: number) => Member) {
    const transport = new WebSocketTransport({ url: relayUrl(hosted!.server.url, "A"), socket: WebSocket });
    this.#relay = new Relay({ transport, players, watch, token: new Uint8Array(16).fill(index + 1) });
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

  it("is looked on at by pages without a seat, also after the page that sequenced it is gone", async () => {
    hosted = await host();
    const players = [await Page.open(3, 0), await Page.open(3, 1), await Page.open(3, 2)];
    await until(() => players.every(({ end }) => end > 30));
    const guest = await Page.open(3, 3, { watch: true });
    await until(() => guest.end > 60);
    expect([guest.member!.player.seat, hosted.log.findLast(({ event }) => event === "seated")?.seat]).toEqual([
      undefined,
      3,
    ]);
    players.find(({ member }) => member!.sequencer !== undefined)!.close();
    const joins = (): number => guest.events.filter(({ type }) => type === "joined").length;
    await until(() => joins() === 2, 15_000);
    await until(() => guest.member!.player.phase === "running");
    const left = players.find(({ member }) => member!.sequencer !== undefined && member!.epoch > 0)!;
    const end = guest.end;
    await until(() => guest.end > end + 30 && left.end > guest.end - 30);
    const chains = [guest, left].map(({ member }) => member!.player.chain!);
    const both = Math.min(...chains.map((chain) => chain.end));
    expect(chains[0]!.valueAt(both)).toBe(chains[1]!.valueAt(both));
    const [fifth, sixth] = [await Page.open(3, 4, { watch: true }), await Page.open(3, 5, { watch: true })];
    await until(() => sixth.closing !== undefined);
    expect([fifth.closing, sixth.member]).toEqual([undefined, undefined]);
  }, 40_000);

  it("waits for its players though the page that kept its lobby is gone: another one keeps it, by a grant", async () => {
    hosted = await host();
    const first = await Page.open(2, 0);
    await until(() => first.member?.sequencer !== undefined);
    const second = await Page.open(2, 1);
    await until(() => second.member !== undefined);
    first.close();
    await until(() => second.member!.sequencer !== undefined, 15_000);
    expect(second.end).toBe(0);
    const again = await Page.open(2, 0); // the same page, loaded anew: the relay knows its token
    await until(() => again.end > 30 && second.end > 30, 15_000);
    expect([again.member!.player.seat, again.member!.epoch % 2]).toEqual([0, 1]);
  }, 40_000);

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
