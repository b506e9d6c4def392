// A match of any game over a bad line, with buttons pressed at random, and what each side wrote down of it.
import { PRESETS } from "../../src/netsim/conditions.js";
import { Random } from "../../src/netsim/random.js";
import { VirtualMatch } from "../../src/netsim/virtual-match.js";
import { parseReplay, type Replay } from "../../src/replay/format.js";
import { PlayerRecorder } from "../../src/replay/player-recorder.js";
import type { PlayerEvent } from "../../src/session/player-events.js";
import type { Game } from "../../src/simulation/game.js";
import { CELL_HEADER_BYTES } from "../../src/simulation/simulation.js";
import { MATCH_DEFAULTS } from "../../src/wire/match-config.js";

export interface Played {
  /** Frames that all sides agreed on, state for state. */
  readonly agreedEnd: number;
  readonly rollbacks: number;
  readonly desyncs: readonly PlayerEvent[];
  readonly replays: readonly Replay[];
}

/** Two players, eight seconds, 50 ms each way with jitter, loss and bursts. */
export async function playMatch(game: Game, seed: number, rules: Uint8Array = new Uint8Array(0)): Promise<Played> {
  const { schema } = game;
  const inputBytes = schema.regions.inputs.stride - CELL_HEADER_BYTES;
  const { bytes } = schema.classes[schema.input]!;
  const random = new Random(seed);
  const recorders: PlayerRecorder[] = [];
  let agreedEnd = 0;
  const players = await Promise.all(
    [0, 1].map(async (index) => {
      const simulation = await game.simulation();
      const recorder = new PlayerRecorder(simulation);
      recorders[index] = recorder;
      const held = new Uint8Array(bytes);
      return {
        simulation,
        up: PRESETS.mobile!,
        down: PRESETS.mobile!,
        input: () => {
          if (random.chance(0.1)) held[random.below(bytes)] = random.below(256);
          return held;
        },
        onConfirmed: ({ player }: { player: Parameters<PlayerRecorder["confirmed"]>[0] }, end: number, chain: number) =>
          recorder.confirmed(player, end, chain),
      };
    }),
  );
  const match = new VirtualMatch({
    config: {
      players: 2,
      framesPerSecond: schema.framesPerSecond,
      predictionWindow: 8,
      inputDelay: 1,
      ...MATCH_DEFAULTS,
      inputBytes,
      dropAfterMs: 3000,
      seedLow: seed,
      seedHigh: 0,
      rules,
    },
    players,
    mode: "datagram",
    seed,
    sequencer: {
      onAgreed: (frame) => {
        agreedEnd = Math.max(agreedEnd, frame);
      },
    },
  });
  for (let now = 0; now < 8000; now++) match.turn(now);
  return {
    agreedEnd,
    rollbacks: match.players.reduce((sum, { player }) => sum + player.stats.rollbacks, 0),
    desyncs: match.players.flatMap(({ events }) => events.filter(({ type }) => type === "desync")),
    replays: recorders.map((recorder) => {
      const parsed = parseReplay(recorder.finish()!);
      if (parsed.kind !== "replay") throw new Error(parsed.why);
      return parsed.replay;
    }),
  };
}
