// For whom a match waits: for everybody who plays, however badly; and not for ever for who keeps it from being played.
import { beforeAll, describe, expect, it } from "vitest";
import { type Conditions, PERFECT } from "../../src/netsim/conditions.js";
import type { Tamper } from "../../src/netsim/virtual-match.js";
import type { Game } from "../../src/simulation/game.js";
import type { MatchConfig } from "../../src/wire/match-config.js";
import { Decoder } from "../../src/wire/messages.js";
import { testGame } from "../games.js";
import { type Guest, type Party, party, play } from "../session/party.js";

let game: Game;
beforeAll(async () => {
  game = await testGame("scramble");
}, 60_000);

/** Nothing is wrong before. */
const BEGIN = 3000;
const MINUTE_MS = 60_000;

type Trouble = (victim: Guest, ms: number, match: Party) => void;

/** Which of the second player's `inputs` reach the sequencer. */
type Gate = (ms: number, victim: Guest, sequencer: Party["sequencer"]) => boolean;

interface Suffered {
  match: Party;
  /** When each was dropped, and who. */
  dropped: { seat: number; ms: number }[];
  /** Frames a second that the first player confirmed, but for `dropAfterMs`, for which anybody may be waited for. */
  pace: number;
}

/** Plays on for so long, with troubles of the second of three players. */
async function suffer(
  config: Partial<MatchConfig> & { dropAfterMs: number },
  lastsMs: number,
  { trouble = () => {}, gate = () => true }: { trouble?: Trouble; gate?: Gate },
): Promise<Suffered> {
  const decoder = new Decoder();
  let now = 0;
  const tamper: Tamper = (direction, player, bytes, handOn) => {
    const his = direction === "up" && player === 1 && now > BEGIN && decoder.decode(bytes)?.type === "inputs";
    if (!his || gate(now - BEGIN, match.players[1]!, match.sequencer)) handOn(player, bytes);
  };
  const match: Party = await party(game, { comes: [0, 0, 0], config: { players: 3, ...config }, tamper });
  play(match, 0, BEGIN);
  const before = match.players[0]!.player.stats.confirmedEnd;
  const dropped: Suffered["dropped"] = [];
  for (now = BEGIN; now < BEGIN + lastsMs; now++) {
    trouble(match.players[1]!, now - BEGIN, match);
    match.turn(now);
    for (const event of match.sequencer.takeEvents())
      if (event.type === "left") dropped.push({ seat: event.seat, ms: now - BEGIN });
  }
  const frames = match.players[0]!.player.stats.confirmedEnd - before;
  return { match, dropped, pace: (1000 * frames) / (lastsMs - config.dropAfterMs) };
}

/** The slowest that a match of sixty frames a second goes for one player's sake. */
const SLOWEST = 15;

/** One datagram in so many ms. */
function trickle(everyMs: number): Gate {
  let next = 0;
  return (ms) => {
    if (ms < next) return false;
    next = ms + everyMs;
    return true;
  };
}

describe("who lets the others have an input now and then", () => {
  it.each([
    [0, 1, 1000, 900],
    [0, 1, 5000, 4500],
    [2, 1, 5000, 1000],
    [8, 2, 5000, 4500],
    [8, 2, 5000, 2000],
  ])(
    "(window %d, delay %d, dropped after %d ms, every %d ms) is dropped",
    async (predictionWindow, inputDelay, dropAfterMs, every) => {
      const config = { predictionWindow, inputDelay, dropAfterMs };
      const { match, dropped, pace } = await suffer(config, MINUTE_MS, { gate: trickle(every) });
      expect(dropped[0]!.seat).toBe(match.players[1]!.player.seat);
      expect(dropped[0]!.ms).toBeLessThan(3 * dropAfterMs);
      expect(pace).toBeGreaterThan(SLOWEST);
    },
  );

  it("and comes back as soon as he is dropped, gets no new patience by that", async () => {
    // Whoever is in plays no more; whoever is out does what it takes to come in.
    const gate: Gate = (_, { player }, { inputs }) => inputs!.leftAt(player.seat!) !== Infinity;
    const { dropped, pace } = await suffer({ dropAfterMs: 5000 }, 2 * MINUTE_MS, { gate });
    expect(dropped.length).toBeGreaterThan(5);
    expect(pace).toBeGreaterThan(SLOWEST);
  });
});

function path({ up, down }: Guest, conditions: Partial<Conditions>): void {
  up.conditions = { ...PERFECT, ...conditions };
  down.conditions = up.conditions;
}

function cut({ up, down }: Guest, isCut: boolean): void {
  up.cut = isCut;
  down.cut = isCut;
}

/** What no player can help. */
const TROUBLES: [string, Trouble][] = [
  [
    "needs 44 ms for a step",
    (victim) => {
      victim.stepMs = 44;
    },
  ],
  ["has a line of 8000 bytes a second", (victim) => path(victim, { delayMs: 20, bytesPerSecond: 8000 })],
  ["is 300 ms away and loses one in ten", (victim) => path(victim, { delayMs: 130, jitterMs: 60, loss: 0.1 })],
  [
    "pauses for 2 s of every 3",
    (victim, ms) => {
      if (ms % 3000 === 0) victim.pausedUntil = BEGIN + ms + 2000;
    },
  ],
  ["loses his line for 1.9 s of every 4", (victim, ms) => cut(victim, ms % 4000 < 1900)],
];

describe("a match waits for who", () => {
  it.each(TROUBLES.flatMap(([name, trouble]) => [0, 8].map((window) => [name, window, trouble] as const)))(
    "%s, with a window of %d, as long as he likes",
    async (_, predictionWindow, trouble) => {
      const { match, dropped } = await suffer({ predictionWindow, inputDelay: 0, dropAfterMs: 2500 }, MINUTE_MS, {
        trouble,
      });
      expect(dropped).toEqual([]);
      expect(match.players.map(({ player }) => player.phase)).toEqual(["running", "running", "running"]);
    },
  );

  it.each([1900, 4900, 9900])(
    "was cut off for %d ms as all others were, and is heard again after them",
    async (cutMs) => {
      const trouble: Trouble = (_, ms, { players }) => {
        for (const player of players) cut(player, ms < cutMs + 300 * player.index);
      };
      const { dropped } = await suffer({ dropAfterMs: 5000 }, 20_000, { trouble });
      expect(dropped).toEqual([]);
    },
  );
});
