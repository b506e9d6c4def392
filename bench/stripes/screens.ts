// What a player sees of the other: how long it took from each press to the picture that shows it, in any kind of time.
import type { Player } from "../../src/session/player.js";

/** One way. Two of them make the path from one player through the server to the other: 80 ms, give or take 10. */
export const LEG = { delayMs: 35, jitterMs: 10, loss: 0.01 };

/** From press to picture, without loss: a delay and half the jitter on each leg. */
export const BASE_MS = 2 * (LEG.delayMs + LEG.jitterMs / 2);

/** A press that is shown more than two frames after the path's own time is late. */
export const LATE_MS = BASE_MS + 2 * (1000 / 60);

/** Presses of the first frames do not count: sockets are still being opened, and clocks set. */
const WARM_FRAMES = 240;

/** Two players who look at each other. */
export class Screens {
  /** From press to picture, in ms, of both players. */
  readonly times: number[] = [];
  readonly #pressedAt: [number[], number[]] = [[], []];
  readonly #shown = [WARM_FRAMES, WARM_FRAMES];

  /** The input of the frame that `player` is about to be asked for is pressed now. */
  pressed(player: Player, now: number): void {
    const { seat, inputs } = player;
    this.#pressedAt[seat!]![inputs!.held(seat!)] = now;
  }

  /** `player` has drawn the present: what he knows of the other's inputs, up to it, is on his screen. */
  drawn(player: Player, now: number): void {
    const { seat, inputs, stats } = player;
    if (seat === undefined || inputs === undefined) return;
    const other = 1 - seat;
    const end = Math.min(inputs.held(other), stats.frame);
    for (; this.#shown[seat]! < end; this.#shown[seat]!++) {
      const at = this.#pressedAt[other]![this.#shown[seat]!];
      if (at !== undefined) this.times.push(now - at);
    }
  }
}

/** What a person asks of many such times. */
export interface Latency {
  presses: number;
  p50: number;
  p99: number;
  /** Share of late presses. */
  late: number;
}

export function latency(times: readonly number[]): Latency {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  const late = sorted.filter((ms) => ms > LATE_MS).length / sorted.length;
  return { presses: sorted.length, p50: at(0.5), p99: at(0.99), late };
}

export function told({ p50, p99, late }: Latency): string {
  return `p50 ${p50.toFixed(0)}, p99 ${p99.toFixed(0)} ms, ${percent(late)} late`;
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
