// Who only looks on at a match without a server: sees what is played, finds it again after a hand-over, and sways nobody.
import { beforeAll, describe, expect, it } from "vitest";
import { Envelope } from "../../src/member/envelope.js";
import type { Game } from "../../src/simulation/game.js";
import { Writer } from "../../src/wire/bytes.js";
import { type Body, blank, encode, type MessageType } from "../../src/wire/messages.js";
import { testGame } from "../games.js";
import { chainsOf, confirmedEnd, type Gathering, gather, type Page, play, playUntil, typesOf } from "./gathering.js";

let game: Game;
beforeAll(async () => {
  game = await testGame("scramble");
});

function guestsOf({ members }: Gathering): Page[] {
  return members.filter(({ member }) => member.player.config !== undefined && member.player.seat === undefined);
}

function expectAlike(pages: readonly Page[], least: number): void {
  const { end, values } = chainsOf(pages);
  expect(end).toBeGreaterThan(least);
  expect(new Set(values).size).toBe(1);
}

/** What the players went through, as far as it can be seen. */
function courseOf({ members }: Gathering, players: number): unknown[] {
  return members.slice(0, players).map(({ member, events }) => {
    const { stats, chain, sentDatagrams, sentBytes } = member.player;
    const { rollbacks, resimulatedFrames, stalls } = stats;
    return {
      end: chain!.end,
      value: chain!.value,
      rollbacks,
      resimulatedFrames,
      stalls,
      sentDatagrams,
      sentBytes,
      events,
    };
  });
}

describe("who looks on at a match without a server", () => {
  it("comes in with a snapshot of the page that sequences, and plays what the players play", async () => {
    const match = await gather(game, { pages: 3, guests: 2 });
    match.members[4]!.pausedUntil = 3000;
    play(match, 0, 8000);
    expect(guestsOf(match).map(({ seat }) => seat)).toEqual([3, 4]);
    expectAlike(match.members, 300);
    for (const page of guestsOf(match)) {
      expect(page.member.player.phase).toBe("running");
      expect(confirmedEnd(page)).toBeGreaterThan(confirmedEnd(match.members[0]!) - 30);
    }
  });

  it("finds it again after a hand-over, when the page that sequenced it vanished, and however often", async () => {
    const match = await gather(game, { pages: 4, guests: 1 });
    const guest = match.members[4]!;
    play(match, 0, 6000);
    for (const { member } of match.members) member.handOver();
    const at = playUntil(match, 6000, 12_000, () => typesOf(guest).filter((type) => type === "joined").length === 2);
    expect(at).toBeLessThan(10_000);
    match.members[1]!.gone = true;
    play(match, at, at + 8000);
    const left = match.members.filter(({ gone }) => !gone);
    expectAlike(left, 600);
    expect(guest.member.sequencerSeat).toBe(2);
    expect(guest.member.player.phase).toBe("running");
  });

  it("finds it again also where no seats are kept", async () => {
    const match = await gather(game, { pages: 3, guests: 1, config: { seatKeepSeconds: 0 } });
    play(match, 0, 6000);
    for (const { member } of match.members) member.handOver();
    play(match, 6000, 12_000);
    expect(typesOf(match.members[3]!)).not.toContain("ended");
    expectAlike(match.members, 500);
  });

  it("waits with the players for a match to start, whoever keeps the lobby", async () => {
    const match = await gather(game, { pages: 3, guests: 1 });
    match.members[0]!.pausedUntil = 5000;
    play(match, 0, 4000);
    expect(match.members[3]!.member.player.phase).toBe("joining");
    play(match, 4000, 13_000);
    expectAlike(match.members, 200);
  });

  it("sways nobody: the players go through the same, whether he is there or not", async () => {
    const course = async (guests: number): Promise<unknown> => {
      const match = play(await gather(game, { pages: 3, guests }), 0, 3000);
      for (const { member } of match.members) member.handOver();
      play(match, 3000, 6000);
      match.members[1]!.gone = true;
      return courseOf(play(match, 6000, 12_000), 3);
    };
    expect(await course(2)).toEqual(await course(0));
  });

  it("cannot sway anybody, whatever he says", async () => {
    const envelope = new Envelope();
    const said = <T extends MessageType>(epoch: number, type: T, changes: Partial<Body<T>>): Uint8Array => {
      const writer = new Writer();
      writer.open(new Uint8Array(200));
      encode(writer, type, Object.assign(blank(type), changes));
      return envelope.seal(epoch, writer.bytes.subarray(0, writer.at)).slice();
    };
    const words = [
      ...[0, 3, 4, 5, 300].flatMap((epoch) => [
        said(epoch, "notice", { promised: 300 }),
        said(epoch, "claim", { ballot: 4, step: 1, cause: 2 }),
        said(epoch, "claim", { ballot: 300, step: 0, cause: 1 }),
        said(epoch, "promise", { ballot: 0, step: 1 }),
        said(epoch, "opened", { epoch, taken: 2, end: 0 }),
        said(epoch, "handOver", { successor: 1 }),
        said(epoch, "bye", { reason: 0 }),
      ]),
    ];
    const course = async (speaks: boolean): Promise<unknown> => {
      const match = await gather(game, { pages: 3 });
      for (let now = 0; now < 6000; now++) {
        match.turn(now);
        if (speaks && now % 10 === 0) match.members[now % 3]!.member.receive(3, words[(now / 10) % words.length]!, now);
      }
      expect(match.members.map(({ member }) => member.epoch)).toEqual([0, 0, 0]);
      expectAlike(match.members, 250);
      return courseOf(match, 3);
    };
    expect(await course(true)).toEqual(await course(false));
  });
});
