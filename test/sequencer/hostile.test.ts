// One hostile client, who has a seat and says whatever the wire can spell: the others play on, and only he may be gone.
import { beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../src/netsim/random.js";
import type { Tamper } from "../../src/netsim/virtual-match.js";
import type { SequencerEvent } from "../../src/sequencer/options.js";
import type { Game } from "../../src/simulation/game.js";
import { Decoder, MESSAGES, type Message, type MessageType } from "../../src/wire/messages.js";
import { testGame } from "../games.js";
import { chains, type Party, party, play } from "../session/party.js";
import { bareInput, bytesOf, hostile } from "./hostile.js";

let game: Game;
beforeAll(async () => {
  game = await testGame("scramble");
}, 60_000);

const HOSTILE = 1;
const OTHERS = [0, 2];
const TYPES = Object.keys(MESSAGES) as MessageType[];

/** From then on he lies; and when he is silent for good. */
const BEGIN = 2000;
const END = 4000;

/** Three play, and a fourth may look on. */
const SPECTATOR = 3;

/** Three players, one of whom tells `lie` what he tells the sequencer; it answers whether that goes out at all. */
async function three(authority: string, policy: 0 | 1, lie?: (message: Message) => boolean): Promise<Party> {
  const decoder = new Decoder();
  let lies = false;
  const tamper: Tamper = (direction, player, bytes, handOn) => {
    const message = direction === "up" && player === HOSTILE && lies ? decoder.decode(bytes) : undefined;
    if (message === undefined) handOn(player, bytes);
    else if (lie!(message)) handOn(player, bytesOf(message.type, message.body as never));
  };
  const sequencer = authority === "none" ? {} : { authority: await game.simulation() };
  const config = { players: 3, policy };
  const match = await party(game, { comes: [0, 0, 0], config, sequencer, ...(lie === undefined ? {} : { tamper }) });
  play(match, 0, BEGIN);
  lies = true;
  return match;
}

/** Three honest players, and one who looks on and has seen all so far. */
async function lookedAt(authority: string, policy: 0 | 1): Promise<Party> {
  const sequencer = authority === "none" ? {} : { authority: await game.simulation() };
  const players = [{}, {}, {}, { watch: true }];
  const match = await party(game, { comes: [0, 0, 0, 0], config: { players: 3, policy }, players, sequencer });
  play(match, 0, BEGIN);
  expect(match.players[SPECTATOR]!.player.phase).toBe("running");
  return match;
}

/** Beside playing like anybody, or looking on, he sends two datagrams of these types each ms. */
function flood(match: Party, types: readonly MessageType[], until: number, who = HOSTILE): void {
  const random = new Random(MESSAGES[types[0]!].code);
  const { player, peer } = match.players[who]!;
  // Who has no seat speaks in the name of one who has.
  const about = { random, seat: player.seat ?? OTHERS[0]!, frame: player.stats.frame, count: 200 };
  const datagrams = types.flatMap((type) => hostile(type, about));
  for (let now = BEGIN; now < until; now++) {
    match.turn(now);
    for (let i = 0; i < 2; i++) match.sequencer.receive(peer, random.pick(datagrams), now);
  }
}

function confirmed({ players }: Party): number[] {
  return OTHERS.map((index) => players[index]!.player.stats.confirmedEnd);
}

/** From `begin` on, for two seconds: sixty frames a second are confirmed, by both, to the same state. */
function expectFullPace(match: Party, begin: number): void {
  const before = confirmed(match);
  play(match, begin, begin + 2000);
  for (const [i, end] of confirmed(match).entries()) expect(end - before[i]!).toBeGreaterThanOrEqual(118);
  const [one, other] = OTHERS.map((index) => match.players[index]!);
  const { end, values } = chains(one!, other!);
  expect(end).toBeGreaterThan(confirmed(match)[0]! - 60);
  expect(values[0]).toBe(values[1]);
}

function expectOnlyHimGone(match: Party): SequencerEvent[] {
  const events = match.sequencer.takeEvents();
  const { seat } = match.players[HOSTILE]!.player;
  for (const event of events) if (event.type === "left") expect(event.seat).toBe(seat);
  for (const index of OTHERS) expect(match.players[index]!.player.phase).toBe("running");
  return events;
}

const KINDS = [
  ["none", 0],
  ["one", 0],
  ["none", 1],
  ["one", 1],
] as const;

describe.each(KINDS)("to players with authority: %s, policy: %d,", (authority, policy) => {
  it.each(TYPES)("thousands of `%s` cost nothing, and his silence after that only him", async (type) => {
    const match = await three(authority, policy);
    flood(match, [type], END);
    match.players[HOSTILE]!.gone = true;
    play(match, END, END + 1500);
    expectFullPace(match, END + 1500);
    expectOnlyHimGone(match);
  });

  it.each(TYPES)("thousands of `%s` of one who looks on cost nothing, nor does his silence", async (type) => {
    const match = await lookedAt(authority, policy);
    const stalls = match.players.map(({ player }) => player.stats.stalls);
    flood(match, [type], END, SPECTATOR);
    match.players[SPECTATOR]!.gone = true;
    play(match, END, END + 1500);
    expectFullPace(match, END + 1500);
    const told = match.sequencer.takeEvents().map((event) => event.type);
    for (const bad of ["left", "desync", "over"]) expect(told).not.toContain(bad);
    for (const index of [HOSTILE, ...OTHERS]) {
      expect(match.players[index]!.player.phase).toBe("running");
      expect(match.players[index]!.player.stats.stalls).toBe(stalls[index]);
    }
  });
});

/** What an honest player would tell, altered. */
const LIES: [string, (message: Message) => boolean][] = [
  ["a wrong hash in every report", falseChain],
  ["wrong hashes, also where he is asked for them", (message) => falseChain(message) && falseHashes(message)],
  [
    "wrong hashes, and nothing where he is asked for them",
    (message) => falseChain(message) && message.type !== "hashes",
  ],
  ["a round trip of a second", (message) => own(message, (body) => Object.assign(body, { roundTrip: 255 }))],
  ["that he has what nobody has sent", (message) => own(message, (body) => body.received.items.fill(60))],
  ["that he lacks seconds of what was sent", (message) => own(message, (body) => body.received.items.fill(-400))],
  ["that he never heard of any decision", (message) => own(message, (body) => Object.assign(body, { roster: 0 }))],
];

function own(message: Message, lie: (body: Extract<Message, { type: "inputs" }>["body"]) => void): boolean {
  if (message.type === "inputs") lie(message.body);
  return true;
}

function falseChain(message: Message): boolean {
  return own(message, ({ chain }) => {
    for (let i = 0; i < chain.count; i++) chain.items[i]!.value ^= 5;
  });
}

function falseHashes(message: Message): boolean {
  if (message.type === "hashes") for (const state of message.body.states.items) state.low ^= 3;
  return true;
}

/** Of evidence, once there is a verdict to give it for. */
const EVIDENCE = ["parcel", "lacking", "heal", "healed", "hashes", "leaves"] as const;

describe.each(KINDS)("to players with authority: %s, policy: %d,", (authority, policy) => {
  it.each(LIES)("one who tells %s, with floods of evidence, is no trouble", async (_, lie) => {
    const match = await three(authority, policy, lie);
    const before = match.players.map(({ player }) => player.stats.stalls);
    flood(match, EVIDENCE, END);
    expectFullPace(match, END);
    const events = expectOnlyHimGone(match);
    for (const event of events) {
      if (event.type === "desync") expect(event.verdict.blamed).toEqual([match.players[HOSTILE]!.player.seat]);
    }
    for (const index of OTHERS) expect(match.players[index]!.player.stats.stalls).toBe(before[index]);
  });
});

it.each([0, 1] as const)(
  "who plays and never says what he has is out, policy %d: nobody waits for that",
  async (policy) => {
    const match = await three("none", policy);
    const { player, peer } = match.players[HOSTILE]!;
    const seat = player.seat!;
    match.players[HOSTILE]!.gone = true;
    const { inputs } = match.sequencer;
    const stalls = OTHERS.map((index) => match.players[index]!.player.stats.stalls);
    for (let now = BEGIN; now < 20_000; now++) {
      const next = inputs!.held(seat);
      if (next < match.players[0]!.player.stats.frame + 2) match.sequencer.receive(peer, bareInput(seat, next), now);
      match.turn(now);
    }
    expect(inputs!.leftAt(seat)).toBeLessThan(20_000 / 16);
    expectFullPace(match, 20_000);
    expectOnlyHimGone(match);
    expect(OTHERS.map((index) => match.players[index]!.player.stats.stalls)).toEqual(stalls);
  },
);
