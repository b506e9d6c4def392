// Effects as cues to begin and to end: one that a rollback merely moves by a few frames goes on as it is.

export interface Effect<E> {
  readonly frame: number;
  readonly change: "happened" | "cancelled";
  readonly event: E;
}

export interface Cue<E> {
  readonly change: "begin" | "cancel";
  /** The same for the beginning of an effect and its cancelling. */
  readonly key: string;
  readonly event: E;
}

export interface CuesOptions<E> {
  /** What a rollback delays, it moves by no more than the frames it predicted. */
  readonly movedFrames: number;
  /** Effects that are remembered, should they be cancelled: more than a prediction window makes. */
  readonly kept: number;
  /** What makes two events the same thing to the eye and the ear. */
  readonly trait: (event: E) => string;
}

interface Started<E> {
  readonly key: string;
  readonly frame: number;
  readonly event: E;
}

/** Collects the effects of a moment, and tells what is to be shown and heard of them. */
export class Cues<E> {
  readonly #options: CuesOptions<E>;
  #pending: Effect<E>[] = [];
  /** By frame and event, oldest first; equal ones of one frame lie in one list. */
  readonly #started = new Map<string, Started<E>[]>();
  #startedCount = 0;
  #count = 0;

  constructor(options: CuesOptions<E>) {
    this.#options = options;
  }

  add(effect: Effect<E>): void {
    this.#pending.push(effect);
  }

  /** All that is new since the last call. */
  take(): Cue<E>[] {
    if (this.#pending.length === 0) return [];
    const pending = settled(this.#pending);
    this.#pending = [];
    const cues: Cue<E>[] = [];
    const cancelled = pending.filter((effect) => effect.change === "cancelled");
    for (const effect of pending) if (effect.change === "happened") this.#begin(effect, cancelled, cues);
    for (const effect of cancelled) this.#cancel(effect, cues);
    return cues;
  }

  #begin({ frame, event }: Effect<E>, cancelled: Effect<E>[], cues: Cue<E>[]): void {
    const { trait, movedFrames } = this.#options;
    const moved = cancelled.findIndex(
      (other) => Math.abs(other.frame - frame) <= movedFrames && trait(other.event) === trait(event),
    );
    const from = moved < 0 ? undefined : this.#forget(cancelled[moved]!);
    if (moved >= 0) cancelled.splice(moved, 1);
    if (from !== undefined) {
      this.#remember({ ...from, frame, event });
      return;
    }
    this.#count++;
    const key = `cue-${this.#count}`;
    this.#remember({ key, frame, event });
    cues.push({ change: "begin", key, event });
  }

  #cancel(effect: Effect<E>, cues: Cue<E>[]): void {
    const started = this.#forget(effect);
    if (started !== undefined) cues.push({ change: "cancel", key: started.key, event: started.event });
  }

  #forget(effect: Effect<E>): Started<E> | undefined {
    const same = this.#started.get(placeOf(effect));
    const started = same?.shift();
    if (same?.length === 0) this.#started.delete(placeOf(effect));
    if (started !== undefined) this.#startedCount--;
    return started;
  }

  #remember(started: Started<E>): void {
    const place = placeOf(started);
    const same = this.#started.get(place);
    if (same === undefined) this.#started.set(place, [started]);
    else same.push(started);
    this.#startedCount++;
    while (this.#startedCount > this.#options.kept) {
      const [oldest, all] = this.#started.entries().next().value!;
      this.#started.delete(oldest);
      this.#startedCount -= all.length;
    }
  }
}

function placeOf<E>({ frame, event }: { readonly frame: number; readonly event: E }): string {
  return `${frame} ${JSON.stringify(event)}`;
}

/** Without what was taken back before anybody has seen it: there are several ticks to a picture. */
function settled<E>(pending: readonly Effect<E>[]): Effect<E>[] {
  if (pending.every(({ change }) => change === "happened")) return [...pending];
  const open = new Map<string, number[]>();
  const left: (Effect<E> | undefined)[] = [];
  for (const effect of pending) {
    const place = placeOf(effect);
    const undone = effect.change === "cancelled" ? open.get(place)?.pop() : undefined;
    if (undone !== undefined) {
      left[undone] = undefined;
      continue;
    }
    if (effect.change === "happened") open.set(place, [...(open.get(place) ?? []), left.length]);
    left.push(effect);
  }
  return left.filter((effect) => effect !== undefined);
}
