// Effects as cues to begin and to end: one that a rollback merely moves by a few frames goes on as it is.
import type { Game } from "./types.js";

type GameEvent = Game["event"];

export interface Effect {
  readonly frame: number;
  readonly change: "happened" | "cancelled";
  readonly event: GameEvent;
}

export interface Cue {
  readonly change: "begin" | "cancel";
  /** The same for the beginning of an effect and its cancelling. */
  readonly key: string;
  readonly event: GameEvent;
}

/** A rollback moves what it delays by no more than the frames it predicted. */
const MOVED_FRAMES = 15;
/** Effects that are remembered, should they be cancelled: far more than a prediction window makes. */
const KEPT = 64;

interface Started {
  readonly key: string;
  readonly frame: number;
  readonly event: GameEvent;
}

/** Collects the effects of a moment, and tells what is to be shown and heard of them. */
export class Cues {
  #pending: Effect[] = [];
  #started: Started[] = [];
  #count = 0;

  add(effect: Effect): void {
    this.#pending.push(effect);
  }

  /** All that is new since the last call. */
  take(): Cue[] {
    if (this.#pending.length === 0) return [];
    const pending = settled(this.#pending);
    this.#pending = [];
    const cues: Cue[] = [];
    const cancelled = pending.filter((effect) => effect.change === "cancelled");
    for (const effect of pending) if (effect.change === "happened") this.#begin(effect, cancelled, cues);
    for (const effect of cancelled) this.#cancel(effect, cues);
    return cues;
  }

  #begin({ frame, event }: Effect, cancelled: Effect[], cues: Cue[]): void {
    const moved = cancelled.findIndex(
      (other) => alike(other.event, event) && Math.abs(other.frame - frame) <= MOVED_FRAMES,
    );
    const from = moved < 0 ? undefined : this.#find(cancelled[moved]!);
    if (moved >= 0) cancelled.splice(moved, 1);
    if (from !== undefined) {
      this.#remember({ ...from, frame, event });
      return;
    }
    this.#count++;
    const key = `${event.type}-${this.#count}`;
    this.#remember({ key, frame, event });
    cues.push({ change: "begin", key, event });
  }

  #cancel(effect: Effect, cues: Cue[]): void {
    const started = this.#find(effect);
    if (started === undefined) return;
    this.#started.splice(this.#started.indexOf(started), 1);
    cues.push({ change: "cancel", key: started.key, event: started.event });
  }

  #find({ frame, event }: Effect): Started | undefined {
    return this.#started.find((started) => started.frame === frame && same(started.event, event));
  }

  #remember(started: Started): void {
    this.#started = [...this.#started.filter(({ key }) => key !== started.key), started].slice(-KEPT);
  }
}

/** Without what was taken back before anybody has seen it: there are several ticks to a picture. */
function settled(pending: readonly Effect[]): Effect[] {
  const left: Effect[] = [];
  for (const effect of pending) {
    const undone = left.findIndex(
      ({ change, frame, event }) =>
        effect.change === "cancelled" && change === "happened" && frame === effect.frame && same(event, effect.event),
    );
    if (undone < 0) left.push(effect);
    else left.splice(undone, 1);
  }
  return left;
}

function same(a: GameEvent, b: GameEvent): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The same thing to the eye and the ear: of one kind, by or to the same player, as strong, blocked or not. */
function alike(a: GameEvent, b: GameEvent): boolean {
  const traits = (event: GameEvent) => {
    const { type, player, strength, blocked } = event as GameEvent &
      Partial<Record<"player" | "strength" | "blocked", number>>;
    return `${type} ${player} ${strength} ${blocked}`;
  };
  return traits(a) === traits(b);
}
