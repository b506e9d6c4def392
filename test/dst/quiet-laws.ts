// Laws that only a good network can be held to: who is not to blame does not stall, and each rolls back as deep as the other.
import { SEQUENCER_TICK_MS, type VirtualPlayer } from "../../src/netsim/virtual-match.js";
import type { PlayerEvent } from "../../src/session/player-events.js";
import type { WasmSimulation } from "../../src/simulation/game.js";
import type { Schedule, Trouble, Weather } from "./schedule.js";
import type { World } from "./world.js";

type Actor = VirtualPlayer<WasmSimulation>;

/** Symmetry is an average, over so long before everything is mended. */
const STEADY_MS = 3000;

/** Between two looks: no tick is as short. */
const LOOK_MS = 3;

/** So much longer than his silence the others are watched: he comes back with all that he pressed. */
const AFTERMATH_MS = 500;

/** Frames by which the depths of two players may differ (MATCH.md). */
const ASYMMETRY_MAX = 1;

/** Both ways alike and nothing lost, and nobody in trouble but, under deadlines, one who falls silent once. */
export function isQuiet(schedule: Schedule): boolean {
  const { players, troubles, fault, startWith, autoDelay } = schedule;
  const calm = players.every(({ up, down, watches }) => isSymmetric(up, down) && watches === undefined);
  const silent = troubles.length === 0 || (troubles.length === 1 && isSilence(troubles[0]!) && schedule.policy === 1);
  return calm && silent && fault === undefined && startWith === undefined && autoDelay === undefined;
}

function isSymmetric(up: Weather, down: Weather): boolean {
  const plain = Object.keys(up).every((name) => name === "delayMs" || name === "jitterMs");
  return plain && JSON.stringify(up) === JSON.stringify(down);
}

function isSilence(trouble: Trouble): boolean {
  return trouble.kind === "cut" && trouble.directions.length === 2;
}

/** Watches a quiet match as it runs. */
export class Quiet {
  readonly #schedule: Schedule;
  readonly #silence: { player: number; at: number; until: number } | undefined;
  /** By player and seat: frames that he played beyond what he knew of it, summed over all looks. */
  readonly #depths: number[][];
  /** The same of what the sequencer had of it, and he had not. */
  readonly #untold: number[][];
  #looks = 0;
  #stallsBefore: number[] = [];
  /** By player, while one was silent. */
  stalls: number[] = [];
  /** By player, before all paths became others. */
  replaced: (PlayerEvent | undefined)[] = [];

  constructor(schedule: Schedule) {
    const [silence] = schedule.troubles;
    this.#schedule = schedule;
    this.#silence = silence?.kind === "cut" ? silence : undefined;
    this.#depths = schedule.players.map(() => schedule.players.map(() => 0));
    this.#untold = schedule.players.map(() => schedule.players.map(() => 0));
  }

  watch({ match }: World, now: number): void {
    const { healAt } = this.#schedule;
    const silence = this.#silence;
    if (now === healAt)
      this.replaced = match.players.map(({ events }) => events.find(({ type }) => type === "replaced"));
    if (now === silence?.at) this.#stallsBefore = stallsOf(match.players);
    if (silence !== undefined && now === silence.until + AFTERMATH_MS) {
      this.stalls = stallsOf(match.players).map((stalls, index) => stalls - this.#stallsBefore[index]!);
    }
    if (silence !== undefined || now < healAt - STEADY_MS || now >= healAt || now % LOOK_MS !== 0) return;
    this.#looks += 1;
    for (const { index, player } of match.players) {
      for (const other of match.players) {
        if (player.inputs === undefined || other.player.seat === undefined) continue;
        const held = player.inputs.held(other.player.seat);
        this.#depths[index]![other.index]! += player.stats.frame - held;
        this.#untold[index]![other.index]! += match.sequencer.inputs!.held(other.player.seat) - held;
      }
    }
  }

  /**
   * How deep a player predicts another one, on the average, but for what the other's inputs wait at the sequencer: each is
   * told of a frame once, when the last of the others' inputs has come. That one is told of at once.
   */
  depth(player: number, other: number): number {
    const untold = this.#untold[player]!;
    const atOnce = Math.min(...untold.filter((_, index) => index !== player));
    return (this.#depths[player]![other]! - untold[other]! + atOnce) / Math.max(1, this.#looks);
  }
}

function stallsOf(players: readonly Actor[]): number[] {
  return players.map(({ player }) => player.stats.stalls);
}

/** Whether all that went wrong was his. */
function isSilent({ troubles: [silence] }: Schedule, index: number): boolean {
  return silence?.kind === "cut" && silence.player === index;
}

// Under deadlines the silence of one costs nobody else a frame: his inputs are replaced in time.
export function nobodyWaits({ quiet, schedule }: World): string[] {
  if (quiet === undefined) return [];
  return quiet.stalls.flatMap((stalls, index) =>
    stalls > 0 && !isSilent(schedule, index)
      ? [`player ${index} stalled ${stalls} times while another one was silent`]
      : [],
  );
}

// Over a good path every input is in time.
export function nobodyIsReplaced({ quiet, schedule }: World): string[] {
  if (quiet === undefined) return [];
  return quiet.replaced.flatMap((event, index) => {
    if (event?.type !== "replaced" || isSilent(schedule, index)) return [];
    return [`player ${index} was replaced from frame ${event.begin} to ${event.end} though his path is good`];
  });
}

/** Whether the window is longer than the longest way from one player to another: else it says how far each goes, and not the path. */
function isWide({ predictionWindow, inputDelay, players }: Schedule, framesPerSecond: number): boolean {
  const ways = players.map(({ up, tickMs }) => (up.delayMs ?? 0) + (up.jitterMs ?? 0) + tickMs).sort((a, b) => b - a);
  const frames = ((ways[0]! + ways[1]! + SEQUENCER_TICK_MS) * framesPerSecond) / 1000;
  return predictionWindow + inputDelay > frames;
}

// The depth of a rollback is the path's, up here and down there: over the same paths it is the same for both.
export function symmetric({ quiet, schedule, config, match }: World): string[] {
  if (quiet === undefined || !isWide(schedule, config.framesPerSecond)) return [];
  const found: string[] = [];
  for (let one = 0; one < match.players.length; one++) {
    for (let other = 0; other < one; other++) {
      const [his, hers] = [quiet.depth(one, other), quiet.depth(other, one)];
      if (Math.abs(his - hers) <= ASYMMETRY_MAX) continue;
      found.push(`player ${one} predicts ${his.toFixed(2)} frames of ${other}, who predicts ${hers.toFixed(2)} of his`);
    }
  }
  return found;
}
