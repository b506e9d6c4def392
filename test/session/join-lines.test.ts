// Coming in over lines that are no good: streams that stand still for every loss, one in five lost, and slow ones.
import { beforeAll, describe, expect, it } from "vitest";
import { type Conditions, PERFECT } from "../../src/netsim/conditions.js";
import type { Game } from "../../src/simulation/game.js";
import { CHUNK_BYTES } from "../../src/wire/limits.js";
import { MESSAGES } from "../../src/wire/messages.js";
import { testGame } from "../games.js";
import { chains, FAR, NEAR, type PartyOptions, party, play, playUntil } from "./party.js";
import { stripe } from "./striped.js";

let bulk: Game;
beforeAll(async () => {
  bulk = await testGame("bulk");
});

const STATE_BYTES = 256 * 1024;
const COMES_MS = 20_000;

/** How long the third takes to come in once the beginning is forgotten, and what he is sent of the state meanwhile. */
async function comeIn(options: Partial<PartyOptions> & { stripes?: boolean }): Promise<{ ms: number; chunks: number }> {
  let chunks = 0;
  const match = await party(bulk, {
    ...{ config: { players: 3, startWith: 2, predictionWindow: 12, inputDelay: 3 }, comes: [0, 0, COMES_MS] },
    ...options,
    tamper(direction, player, bytes, handOn) {
      if (direction === "down" && player === 2 && bytes[0] === MESSAGES.chunk.code) chunks += 1;
      handOn(player, bytes);
    },
  });
  if (options.stripes === true) for (const guest of match.players) stripe(guest, options.seed!);
  play(match, 0, COMES_MS);
  const late = match.players[2]!;
  const at = playUntil(match, COMES_MS, COMES_MS + 20_000, () => late.player.phase === "running");
  play(match, at, at + 1000);
  const { end, values } = chains(match.players[0]!, late);
  expect(end).toBeGreaterThan(1000);
  expect(values[0]).toBe(values[1]);
  expect(chunks).toBeGreaterThanOrEqual(STATE_BYTES / CHUNK_BYTES);
  return { ms: at - COMES_MS, chunks };
}

describe("over streams, whose every loss holds up what is behind it, a newcomer is there", () => {
  const near: Conditions = { ...PERFECT, delayMs: 50, loss: 0.05 };
  const rows = [1, 2, 3, 4].flatMap((seed) => [
    { sockets: 1, from: "the authority", network: near, within: 2000, seed },
    { sockets: 3, from: "the authority", network: near, within: 2000, seed },
    { sockets: 3, from: "a player", network: near, within: 2000, seed },
    { sockets: 3, from: "the authority", network: FAR, within: 3000, seed },
    { sockets: 3, from: "a player", network: FAR, within: 4000, seed },
  ]);

  it.each(rows)(
    "within $within ms of $network.delayMs ms each way and 5 % loss: $sockets sockets, from $from, seed $seed",
    async ({ sockets, from, network, within, seed }) => {
      const sequencer = from === "a player" ? {} : { authority: await bulk.simulation() };
      const { ms } = await comeIn({ ...{ network, seed, sequencer }, mode: "stream", stripes: sockets > 1 });
      expect(ms).toBeLessThan(within);
    },
  );
});

describe("a state of 256 KiB reaches", () => {
  it.each([true, false])("whose line loses one in five, within two seconds: looks on %s", async (watch) => {
    const line = { ...FAR, loss: 0.2 };
    const { ms, chunks } = await comeIn({ players: [{}, {}, { up: line, down: line, watch }] });
    expect(chunks).toBeGreaterThan(STATE_BYTES / CHUNK_BYTES);
    expect(ms).toBeLessThan(2000);
  });

  // The line itself takes 8.2 seconds for so much.
  it.each([true, false])("whose line carries 32 000 bytes a second, within ten: looks on %s", async (watch) => {
    const line = { ...NEAR, bytesPerSecond: 32_000 };
    const { ms, chunks } = await comeIn({ players: [{}, {}, { up: line, down: line, watch }] });
    expect(chunks).toBeGreaterThan(STATE_BYTES / CHUNK_BYTES);
    expect(ms).toBeLessThan(10_000);
    expect(ms).toBeGreaterThan((1000 * STATE_BYTES) / line.bytesPerSecond);
  });
});
