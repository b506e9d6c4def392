// At most one generation of a seat is heard: what its player said, or was told, before he was dropped counts for nothing after.
import { beforeAll, describe, expect, it } from "vitest";
import type { Game } from "../../src/simulation/game.js";
import { testGame } from "../games.js";
import { chains, type Party, party, play, playUntil } from "../session/party.js";

let game: Game;
beforeAll(async () => {
  game = await testGame("scramble");
});

/** The codes of the stream. */
const INPUTS = 7;
const FRAMES = 8;

/** Played until player 1 is dropped, at 3 s, and wakes, at 5 s; with what he said and was told in the second before. */
async function dropped(): Promise<{ match: Party; said: Uint8Array[]; told: Uint8Array[] }> {
  const said: Uint8Array[] = [];
  const told: Uint8Array[] = [];
  let recording = false;
  const match = await party(game, {
    ...{ comes: [0, 0], config: { players: 2 } },
    tamper(direction, player, bytes, handOn) {
      if (recording && player === 1 && bytes[0] === INPUTS && direction === "up") said.push(bytes.slice());
      if (recording && player === 1 && bytes[0] === FRAMES && direction === "down") told.push(bytes.slice());
      handOn(player, bytes);
    },
  });
  play(match, 0, 2000);
  recording = true;
  play(match, 2000, 3000);
  recording = false;
  match.players[1]!.pausedUntil = 5000;
  play(match, 3000, 5000);
  expect(match.sequencer.match!.seats[1]!.phase).toBe("gone");
  expect(said.length).toBeGreaterThan(50);
  expect(told.length).toBeGreaterThan(50);
  return { match, said, told };
}

/** All that a sequencer's datagrams could have changed here. */
function known({ sequencer }: Party): unknown {
  const seat = sequencer.match!.seats[1]!;
  const { received, rosterEnd, sequence, roundTripMs, progressAt, heardEnd, phase, begin } = seat;
  const { equivocations, unusable, malformed } = sequencer.counts;
  const held = [0, 1].map((other) => sequencer.inputs!.held(other));
  return {
    received: [...received],
    rosterEnd,
    sequence,
    roundTripMs,
    progressAt,
    heardEnd,
    phase,
    begin,
    held,
    equivocations,
    unusable,
    malformed,
  };
}

/** Says it again under his own name; each datagram is a stranger's, and nothing is taken from it. */
function sayAgain(match: Party, said: Uint8Array[], now: number): void {
  const { strangers } = match.sequencer.counts;
  const before = known(match);
  for (const bytes of said) match.sequencer.receive(match.players[1]!.peer, bytes, now);
  expect(match.sequencer.counts.strangers).toBe(strangers + said.length);
  expect(known(match)).toEqual(before);
}

function bothAgree(match: Party, beyond: number): void {
  const { end, values } = chains(match.players[0]!, match.players[1]!);
  expect(end).toBeGreaterThan(beyond);
  expect(values[0]).toBe(values[1]);
}

describe("after a rejoin", () => {
  it("inputs of before are a stranger's", async () => {
    const { match, said } = await dropped();
    const at = playUntil(match, 5000, 8000, () => match.players[1]!.player.phase === "running") + 500;
    play(match, at - 500, at);
    expect(match.sequencer.match!.seats[1]!.generation).toBe(1);
    sayAgain(match, said, at);
    play(match, at, at + 2000);
    bothAgree(match, 330);
  });

  it("so they are while he comes in", async () => {
    const { match, said } = await dropped();
    const at = playUntil(match, 5000, 8000, () => match.sequencer.match!.seats[1]!.phase === "joining");
    sayAgain(match, said, at);
    play(match, at, at + 3000);
    expect(match.players[1]!.player.phase).toBe("running");
    bothAgree(match, 330);
  });

  it("frames of before tell him nothing", async () => {
    const { match, told } = await dropped();
    const { player } = match.players[1]!;
    const at = playUntil(match, 5000, 8000, () => player.phase === "running") + 500;
    play(match, at - 500, at);
    const before = heardBy(match);
    for (const bytes of told) player.receive(bytes, at);
    expect(heardBy(match)).toEqual(before);
    play(match, at, at + 2000);
    bothAgree(match, 330);
  });
});

/** All that a player's datagrams could have changed. */
function heardBy(match: Party): unknown {
  const { inputs, uplink, clock } = match.players[1]!.player.running!;
  const { unusable, stableEnd, agreedEnd, reachEnd } = uplink;
  const ends = [0, 1].map((seat) => [inputs.held(seat), inputs.end(seat)]);
  return { ends, unusable, stableEnd, agreedEnd, reachEnd, samples: clock.samples, roster: uplink.roster.end };
}
