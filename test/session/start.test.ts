// A start that makes no sense, as a damaged datagram may: it is not believed, and the match begins with the next.
import { beforeAll, describe, expect, it } from "vitest";
import type { Tamper } from "../../src/netsim/virtual-match.js";
import type { Game } from "../../src/simulation/game.js";
import { Writer } from "../../src/wire/bytes.js";
import { type Body, Decoder, encode } from "../../src/wire/messages.js";
import { testGame } from "../games.js";
import { chains, party, play } from "./party.js";

let game: Game;
beforeAll(async () => {
  game = await testGame("scramble");
});

/** Alters the first few starts that a player hears. */
function damaged(victim: number, change: Partial<Body<"start">>): { tamper: Tamper; altered: () => number } {
  const decoder = new Decoder();
  let altered = 0;
  const tamper: Tamper = (direction, player, bytes, handOn) => {
    const message = direction === "down" && player === victim ? decoder.decode(bytes) : undefined;
    if (message?.type !== "start" || altered >= 3) {
      handOn(player, bytes);
      return;
    }
    altered += 1;
    const writer = new Writer();
    writer.open(new Uint8Array(1200));
    encode(writer, "start", { ...message.body, ...change });
    handOn(player, writer.bytes.slice(0, writer.at));
  };
  return { tamper, altered: () => altered };
}

describe("a start", () => {
  it.each([
    ["that calls our own seat empty", { absent: 1 }],
    ["of another seat", { seat: 1 }],
  ])("%s is not believed", async (_, change) => {
    const { tamper, altered } = damaged(0, change);
    const match = play(await party(game, { comes: [0, 0], tamper }), 0, 4000);
    expect(altered()).toBe(3);
    const { end, values } = chains(match.players[0]!, match.players[1]!);
    expect(end).toBeGreaterThan(60);
    expect(values[0]).toBe(values[1]);
  });
});
