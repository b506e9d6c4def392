// Bytes on the wire: two players through one sequencer, for each frame and player, against the leanest open mesh engine.
import { readFile } from "node:fs/promises";
import { PERFECT } from "../src/netsim/conditions.js";
import { VirtualMatch } from "../src/netsim/virtual-match.js";
import { loadGame } from "../src/simulation/game.js";
import { CELL_HEADER_BYTES } from "../src/simulation/simulation.js";
import { MATCH_DEFAULTS } from "../src/wire/match-config.js";
import type { Figure } from "./measure.js";

/**
 * fortress-rollback 0.12, its own published sweep: two players, no loss, 10 ms, 4-byte inputs that change every frame:
 * 4 843 bytes a second and player at 62.5 frames.
 */
const FORTRESS_BYTES_PER_FRAME = 4843 / 62.5;

const SECONDS = 30;

export async function traffic(): Promise<Figure[]> {
  const game = await loadGame(await readFile("build/games/fighter.wasm"));
  const config = {
    players: 2,
    framesPerSecond: game.schema.framesPerSecond,
    predictionWindow: 8,
    inputDelay: 1,
    ...MATCH_DEFAULTS,
    inputBytes: game.schema.regions.inputs.stride - CELL_HEADER_BYTES,
    dropAfterMs: 5000,
    seedLow: 1,
    seedHigh: 1,
    rules: new Uint8Array(0),
  };
  let word = 0;
  const players = await Promise.all(
    [0, 1].map(async (index) => ({
      simulation: await game.simulation(),
      up: { ...PERFECT, delayMs: 5 },
      down: { ...PERFECT, delayMs: 5 },
      input: () => {
        word += 31;
        const bytes = new Uint8Array(4);
        new DataView(bytes.buffer).setUint32(0, word + 7 * index + 1, true);
        return bytes;
      },
    })),
  );
  const match = new VirtualMatch({ config, players, mode: "datagram", seed: 1 });
  for (let now = 0; now < 1000 * SECONDS; now++) match.turn(now);
  const frames = match.players[0]!.player.stats.confirmedEnd;
  const sent = match.players.map(({ player }) => player.sentBytes);
  const bytes = (sent[0]! + sent[1]! + match.sequencer.sentBytes) / frames / 2;
  return [
    {
      what: "bytes a frame and player, 4-byte inputs that change every frame, all nodes counted",
      value: `${bytes.toFixed(1)} B (up ${(sent[0]! / frames).toFixed(1)} B, down ${(match.sequencer.sentBytes / frames / 2).toFixed(1)} B)`,
      ratio: bytes / FORTRESS_BYTES_PER_FRAME,
      budget: 0.6,
      sense: "most",
      against: `fortress-rollback's published ${FORTRESS_BYTES_PER_FRAME.toFixed(1)} B, a direct path without a server`,
    },
  ];
}
