// A page that wishes the others ill, and says whatever a page can say of epochs: they play on, and numbers do not run out.
import { beforeAll, describe, expect, it } from "vitest";
import { seatOf } from "../../src/member/ballot.js";
import { Envelope } from "../../src/member/envelope.js";
import type { Game } from "../../src/simulation/game.js";
import { Writer } from "../../src/wire/bytes.js";
import { EPOCH_MAX } from "../../src/wire/limits.js";
import { type Body, blank, encode } from "../../src/wire/messages.js";
import { testGame } from "../games.js";
import { chainsOf, confirmedEnd, type Gathering, gather, play } from "./gathering.js";

const SEATS = 3;
/** The seat of who wishes ill. */
const HOSTILE = 2;
const OTHERS = [0, 1];

type Kind = "notice" | "claim" | "handOver" | "opened" | "promise" | "bequest" | "inputs";

const envelope = new Envelope();

function said<K extends Kind>(epoch: number, type: K, changes: Partial<Body<K>>): Uint8Array {
  const writer = new Writer();
  writer.open(new Uint8Array(1200));
  encode(writer, type, Object.assign(blank(type), changes));
  return envelope.seal(epoch, writer.bytes.subarray(0, writer.at)).slice();
}

/** All messages of a page that carry an epoch or a ballot, by the number they carry; the last one only before itself. */
const MESSAGES: Record<string, (number: number, epoch: number) => Uint8Array> = {
  notice: (promised, epoch) => said(epoch, "notice", { promised }),
  "claim by silence": (ballot, epoch) => said(epoch, "claim", { ballot, step: 1, cause: 0, held: holds(100) }),
  "claim by name": (ballot, epoch) => said(epoch, "claim", { ballot, step: 1, cause: 1, held: holds(100) }),
  "claim by grant": (ballot, epoch) => said(epoch, "claim", { ballot, step: 1, cause: 2, held: holds(100) }),
  "claim of a lobby": (ballot, epoch) => said(epoch, "claim", { ballot, step: 1 }),
  question: (ballot, epoch) => said(epoch, "claim", { ballot, step: 0, held: holds(100) }),
  "promise to an open epoch": (ballot) => said(ballot, "promise", { ballot, step: 1, held: holds(100) }),
  bequest: (ballot) => said(ballot, "bequest", { ballot }),
  handOver: (epoch) => said(epoch, "handOver", { successor: HOSTILE }),
  opened: (epoch) => said(epoch, "opened", { epoch, taken: 1, end: 0 }),
  "opened to come in": (epoch) => said(epoch, "opened", { epoch, taken: 0 }),
  "opened anew": (epoch) => said(epoch, "opened", { epoch, taken: 2 }),
  inputs: (epoch) => said(epoch, "inputs", {}),
};

function holds(frames: number): { items: number[]; count: number } {
  return { items: Array.from({ length: SEATS }, () => frames), count: SEATS };
}

/** The highest number of a seat's own below another. */
function below(number: number, seat: number, seats = SEATS): number {
  let own = number;
  while (seatOf(own, seats) !== seat) own -= 1;
  return own;
}

const NUMBERS: Record<string, number> = {
  "the last one": EPOCH_MAX,
  "the last one of its own": below(EPOCH_MAX, HOSTILE),
  "one just below": below(EPOCH_MAX, HOSTILE) - SEATS,
  "one below those of a few hand-overs": below(EPOCH_MAX, HOSTILE) - 100 * SEATS,
};

/** When it begins, and until when it goes on. */
const BEGIN_MS = 3000;
const END_MS = 13_000;

/** How it goes about it: what it says to whom, each time it has the turn. */
type Manner = (match: Gathering, say: (to: number, bytes: Uint8Array) => void) => void;

function suffer(match: Gathering, everyMs: number, manner: Manner, begin = BEGIN_MS, end = END_MS): void {
  for (let now = begin; now < end; now++) {
    if ((now - begin) % everyMs === 0) {
      manner(match, (to, bytes) => match.members[to]!.gone || match.members[to]!.member.receive(HOSTILE, bytes, now));
    }
    match.turn(now);
  }
}

function othersOf({ members }: Gathering): Gathering["members"] {
  return OTHERS.map((seat) => members[seat]!);
}

function expectToGoOn(match: Gathering, before: readonly number[], least = 100): void {
  const others = othersOf(match);
  for (const [i, page] of others.entries()) expect(confirmedEnd(page) - before[i]!).toBeGreaterThan(least);
  expect(new Set(chainsOf(others).values).size).toBe(1);
}

let game: Game;
beforeAll(async () => {
  game = await testGame("scramble");
});

describe.each(Object.keys(MESSAGES))("a page that says a %s of", (kind) => {
  it.each(Object.keys(NUMBERS))("%s, once or again and again, does not end the others' match", async (which) => {
    const bytes = (match: Gathering, to: number) => MESSAGES[kind]!(NUMBERS[which]!, match.members[to]!.member.epoch);
    for (const everyMs of [END_MS, 50]) {
      const match = play(await gather(game, { pages: SEATS }), 0, BEGIN_MS);
      const before = othersOf(match).map(confirmedEnd);
      suffer(match, everyMs, (_, say) => {
        for (const to of OTHERS) say(to, bytes(match, to));
      });
      expectToGoOn(match, before);
      // Nobody has believed a word of it.
      for (const { member } of othersOf(match))
        expect([member.epoch, member.role === "sequencing"]).toEqual([
          0,
          member.sequencerSeat === 0 && member.sequencer !== undefined,
        ]);
    }
  });

  it("a later epoch than any that is known, and again and again, neither stops the others nor uses numbers up", async () => {
    const match = play(await gather(game, { pages: SEATS }), 0, BEGIN_MS);
    const before = othersOf(match).map(confirmedEnd);
    suffer(match, 100, (_, say) => {
      for (const to of OTHERS) {
        const { epoch } = match.members[to]!.member;
        // The most that is believed, and less.
        for (const handOvers of [1, 1000]) say(to, MESSAGES[kind]!(below(epoch + handOvers * SEATS, HOSTILE), epoch));
      }
    });
    expectToGoOn(match, before);
    for (const { member } of othersOf(match)) expect(member.epoch).toBeLessThan(2 * 1024 * SEATS);
  });
});

describe("a page that calls the others to a later epoch all the time", () => {
  /** All that it can say at once, above all that is known. */
  const everything: Manner = (match, say) => {
    for (const { seat, member } of match.members) {
      const number = below(member.epoch + 3 * match.members.length, HOSTILE, match.members.length);
      if (seat !== HOSTILE) for (const message of Object.values(MESSAGES)) say(seat, message(number, member.epoch));
    }
  };

  it("does not keep them from handing over", async () => {
    const match = play(await gather(game, { pages: 5 }), 0, BEGIN_MS);
    const others = match.members.filter(({ seat }) => seat !== HOSTILE);
    let frames = others.map(confirmedEnd);
    for (let i = 0; i < 3; i++) {
      for (const { seat, member } of match.members) if (seat !== HOSTILE) member.handOver();
      suffer(match, 20, everything, BEGIN_MS + i * 15_000, BEGIN_MS + (i + 1) * 15_000);
      const then = others.map(confirmedEnd);
      expect(then.map((end, page) => end - frames[page]! > 100)).toEqual(others.map(() => true));
      frames = then;
    }
    expect(new Set(chainsOf(others).values).size).toBe(1);
  });

  it("does not keep them from going on without a page that vanished", async () => {
    const match = play(await gather(game, { pages: 5 }), 0, BEGIN_MS);
    match.members[0]!.gone = true;
    const others = [1, 3, 4].map((seat) => match.members[seat]!);
    const before = others.map(confirmedEnd);
    suffer(match, 20, everything, BEGIN_MS, BEGIN_MS + 40_000);
    expect(others.map((page, i) => confirmedEnd(page) - before[i]! > 100)).toEqual(others.map(() => true));
    expect(new Set(chainsOf(others).values).size).toBe(1);
  });
});

describe("a page that says that it goes on", () => {
  it("with inputs that were forgotten long ago is asked for a snapshot", async () => {
    const match = play(await gather(game, { pages: 2 }), 0, 20_000);
    const [page] = match.members;
    page!.member.receive(1, said(1, "opened", { epoch: 1, taken: 1, end: 0 }), 20_000);
    play(match, 20_000, 20_100);
    expect(page!.events.map(({ type }) => type)).toContain("rejoining");
  });
});
