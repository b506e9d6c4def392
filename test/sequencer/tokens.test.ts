// Whose a seat is: a token keeps it over any connection of its player's, and over nobody else's who heard him say hello.
import { beforeAll, describe, expect, it } from "vitest";
import type { Game } from "../../src/simulation/game.js";
import { Decoder, type Message, Refusal } from "../../src/wire/messages.js";
import { testGame } from "../games.js";
import { chains, eventsOf, type Party, type PartyOptions, party, play, playUntil } from "../session/party.js";

let game: Game;
beforeAll(async () => {
  game = await testGame("scramble");
});

/** The code of a `hello`, and a connection of somebody who has none of his own to say. */
const HELLO = 1;
const THIEF = 77;

/** A match, and all hellos that were said in it, by player. */
async function overheard(options: PartyOptions): Promise<{ match: Party; hellos: Uint8Array[][] }> {
  const hellos: Uint8Array[][] = options.comes.map(() => []);
  const match = await party(game, {
    ...options,
    tamper(direction, player, bytes, handOn) {
      if (direction === "up" && bytes[0] === HELLO) hellos[player]!.push(bytes.slice());
      handOn(player, bytes);
    },
  });
  return { match, hellos };
}

/** Says it over another connection; answers what is said to whom because of that. */
function repeat(
  { sequencer }: Party,
  hello: Uint8Array,
  now: number,
  peer = THIEF,
): [number, Message["type"], number][] {
  const answers: [number, Message["type"], number][] = [];
  sequencer.receive(peer, hello, now);
  sequencer.drain((to, bytes) => {
    const message = new Decoder().decode(bytes)!;
    answers.push([to, message.type, message.type === "refused" ? message.body.reason : 0]);
  });
  return answers;
}

const REFUSED = [[THIEF, "refused", Refusal.Replay]];

describe("a hello that somebody else says again", () => {
  it("is refused and counted, and its player notices nothing", async () => {
    const { match, hellos } = await overheard({ comes: [0, 0], config: { players: 2 } });
    play(match, 0, 3000);
    const { sequencer, players } = match;
    const [other, victim] = players;
    const before = victim!.events.length;
    expect(repeat(match, hellos[1]![0]!, 3000)).toEqual(REFUSED);
    expect(sequencer.counts.replayed).toBe(1);
    expect(sequencer.seatOf(THIEF)).toBe(undefined);
    expect(sequencer.seatOf(victim!.peer)).toBe(1);
    play(match, 3000, 6000);
    expect(victim!.events).toHaveLength(before);
    expect(victim!.player.phase).toBe("running");
    expect(players.map(({ player }) => player.stats.stalls)).toEqual([0, 0]);
    expect(eventsOf(other!, "left")).toEqual([]);
  });

  it("does not get a seat that is kept for him who sleeps, nor one that he has come back to", async () => {
    const { match, hellos } = await overheard({ comes: [0, 0], config: { players: 2 } });
    play(match, 0, 3000);
    const victim = match.players[1]!;
    victim.pausedUntil = 10_000;
    play(match, 3000, 8000);
    expect(match.sequencer.match!.seats[1]!.phase).toBe("gone");
    expect(repeat(match, hellos[1]![0]!, 8000)).toEqual(REFUSED);
    play(match, 8000, 13_000);
    expect(victim.player.phase).toBe("running");
    expect(hellos[1]!.length).toBeGreaterThan(1);
    for (const hello of hellos[1]!) expect(repeat(match, hello, 13_000)).toEqual(REFUSED);
    play(match, 13_000, 15_000);
    expect(victim.player.phase).toBe("running");
    expect(match.sequencer.seatOf(victim.peer)).toBe(1);
    const { values } = chains(match.players[0]!, victim);
    expect(values[0]).toBe(values[1]);
  });

  it("does not get the seat of somebody who fell silent while he came in", async () => {
    const { match, hellos } = await overheard({ comes: [0, 0], config: { players: 2 } });
    play(match, 0, 3000);
    const victim = match.players[1]!;
    victim.pausedUntil = 6000;
    const phase = () => match.sequencer.match!.seats[1]!.phase;
    const at = playUntil(match, 3000, 8000, () => phase() === "joining");
    victim.pausedUntil = at + 4000;
    play(match, at, at + 3000);
    expect(phase()).toBe("gone");
    for (const hello of hellos[1]!) expect(repeat(match, hello, at + 3000)).toEqual(REFUSED);
    play(match, at + 3000, at + 7000);
    expect(victim.player.phase).toBe("running");
  });

  it("does not get what a spectator sees", async () => {
    const { match, hellos } = await overheard({ comes: [0, 0, 0], players: [{}, {}, { watch: true }] });
    play(match, 0, 4000);
    const spectator = match.players[2]!;
    expect(spectator.player.phase).toBe("running");
    expect(repeat(match, hellos[2]![0]!, 4000)).toEqual(REFUSED);
    play(match, 4000, 7000);
    expect(spectator.player.phase).toBe("running");
    expect(spectator.player.stats.frame).toBeGreaterThan(match.players[0]!.player.stats.frame - 20);
  });
});

describe("a player over a new connection", () => {
  it("keeps his seat, each time", async () => {
    const { match, hellos } = await overheard({ comes: [0, 0], config: { players: 2 } });
    play(match, 0, 3000);
    const [other, moved] = match.players;
    for (const at of [3000, 4000, 5000]) {
      moved!.reconnect();
      play(match, at, at + 1000);
      expect(match.sequencer.seatOf(moved!.peer)).toBe(1);
    }
    for (const hello of hellos[1]!) expect(repeat(match, hello, 6000)).toEqual(REFUSED);
    play(match, 6000, 7000);
    const { end, values } = chains(other!, moved!);
    expect(end).toBeGreaterThan(350);
    expect(values[0]).toBe(values[1]);
    expect(eventsOf(other!, "left")).toEqual([]);
  });

  it("is not thrown out by a hello of before, which comes late and over the new one", async () => {
    const { match, hellos } = await overheard({ comes: [0, 0], config: { players: 2 } });
    play(match, 0, 3000);
    const moved = match.players[1]!;
    moved.reconnect();
    // To the new connection: what the simulated match would hand on to him.
    match.sequencer.receive(moved.peer, hellos[1]![0]!, 3000);
    play(match, 3000, 5000);
    expect(match.sequencer.counts.replayed).toBe(1);
    expect(moved.player.phase).toBe("running");
    expect(match.sequencer.seatOf(moved.peer)).toBe(1);
  });

  it("takes his seat although his page was loaded again, and does not know how often he said hello before", async () => {
    const token = new Uint8Array(16).fill(200);
    const { match } = await overheard({
      comes: [0, 0, 5000],
      config: { players: 2 },
      players: [{}, { token }, { token }],
    });
    play(match, 0, 3000);
    const [other, before, again] = match.players;
    for (const at of [3000, 3500, 4000, 4500]) {
      before!.reconnect();
      play(match, at, at + 500);
    }
    before!.gone = true;
    play(match, 5000, 9000);
    expect(match.sequencer.counts.replayed).toBeGreaterThan(0);
    expect(again!.player.phase).toBe("running");
    expect(again!.player.seat).toBe(1);
    const { end, values } = chains(other!, again!);
    expect(end).toBeGreaterThan(400);
    expect(values[0]).toBe(values[1]);
  });
});
