// A match in which a player is dropped and comes back, as its server wrote it down: the record is the whole match, and verifies.
import { beforeAll, describe, expect, it } from "vitest";
import { parseReplay, type Replay } from "../../src/replay/format.js";
import { ReplayRecorder } from "../../src/replay/recorder.js";
import { verifyReplay } from "../../src/replay/verify.js";
import type { Game, WasmSimulation } from "../../src/simulation/game.js";
import { PRESENCE_HERE } from "../../src/simulation/simulation.js";
import { testGame } from "../games.js";
import { configOf, eventsOf, FAR, party, play } from "../session/party.js";

let game: Game;
let simulation: WasmSimulation;
beforeAll(async () => {
  game = await testGame("scramble");
  simulation = await game.simulation();
}, 60_000);

interface Recorded {
  replay: Replay;
  frames: number;
  /** Whose seat was absent, from which frame to which. */
  seat: number;
  away: [number, number];
}

/** One is silent from 4 s to 8 s, and dropped after one; when he is back they play on until all have gone. */
async function recorded(policy: 0 | 1): Promise<Recorded> {
  const changes = { players: 3, policy };
  const config = configOf(game, changes);
  const { gameHash, schemaHash } = game;
  const recorder = new ReplayRecorder({ gameHash, schemaHash, config, cellBytes: simulation.cellBytes });
  const match = await party(game, {
    comes: [0, 0, 0],
    config: changes,
    network: FAR,
    sequencer: {
      onConfirmed: (frame, record) => recorder.confirmed(frame, record),
      onAgreed: (frame, chain) => recorder.check(frame, chain),
    },
  });
  const [first, second, third] = match.players;
  play(match, 0, 4000);
  second!.pausedUntil = 8000;
  play(match, 4000, 16_000);
  expect(second!.player.phase).toBe("running");
  const [left] = eventsOf(first!, "left") as unknown as { frame: number }[];
  const [joined] = eventsOf(first!, "joined") as unknown as { frame: number }[];
  for (const { player } of [first!, second!, third!]) player.leave();
  play(match, 16_000, 17_000);
  expect(match.sequencer.over).toBe(true);
  const parsed = parseReplay(recorder.finish());
  if (parsed.kind !== "replay") throw new Error(parsed.why);
  const { inputs } = match.sequencer;
  const frames = Math.max(...[0, 1, 2].map((seat) => inputs!.leftAt(seat)));
  return { replay: parsed.replay, frames, seat: second!.player.seat!, away: [left!.frame, joined!.frame] };
}

describe.each([
  ["wait", 0],
  ["substitute", 1],
] as const)("a record of a match under %s in which a player is dropped and comes back", (_, policy) => {
  it("has every frame of it, his absence among them, and verifies to the last", async () => {
    const { replay, frames, seat, away } = await recorded(policy);
    expect(replay.frames).toBe(frames);
    expect(away[1]).toBeGreaterThan(away[0] + 100);
    expect(verifyReplay(replay, simulation)).toMatchObject({ kind: "equal" });
    const present: number[] = [];
    let frame = 0;
    for (const record of replay.records()) {
      if (record[seat * replay.cellBytes] === PRESENCE_HERE) present.push(frame);
      frame += 1;
    }
    expect(present.filter((at) => at >= away[0] && at < away[1])).toEqual([]);
    expect(present.some((at) => at >= away[1])).toBe(true);
  });
});
