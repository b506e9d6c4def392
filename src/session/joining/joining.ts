// Coming in while the match runs: the snapshot piece by piece, catching up, and the comparison before anything is shown.
import { UNASKED_CHUNKS } from "../../wire/limits.js";
import { type Body, blank } from "../../wire/messages.js";
import type { Outbox } from "../../wire/outbox.js";
import { type Running, SEQUENCER } from "../running.js";
import { Download } from "./download.js";

/** Steps in one tick: at 60 ticks a second 32 times as fast as it was played, and nothing is shown meanwhile. */
const STEPS_PER_TICK_MAX = 32;

/** Frames behind the clock at which a spectator has caught up: what he plays in the next tick. */
const CAUGHT_UP_FRAMES = 8;

export type Progress = "waiting" | "live" | "trapped" | "spoilt";

export class Joining {
  readonly welcome: Body<"welcome">;
  readonly #outbox: Outbox;
  readonly #want = blank("want");
  #snapshot: Body<"snapshot"> | undefined;
  #download: Download | undefined;
  #loaded = false;
  /** Snapshots up to this frame are of no use: they were compared, and were wrong. */
  #leastFrame = 0;
  #sendAt = -Infinity;
  #askAt = -Infinity;

  constructor(welcome: Body<"welcome">, outbox: Outbox) {
    this.welcome = welcome;
    this.#outbox = outbox;
  }

  /** Whether there is a snapshot to come in with. */
  get begun(): boolean {
    return this.#snapshot !== undefined;
  }

  /** What we begin with. Answers it when it is another one than before: then a match is to be made of it. */
  onSnapshot(snapshot: Body<"snapshot">, now: number): Body<"snapshot"> | undefined {
    if (snapshot.frame < this.#leastFrame) return undefined;
    const known = this.#snapshot;
    if (known !== undefined && known.frame === snapshot.frame) {
      known.whole = snapshot.whole;
      if (snapshot.check.count > 0) known.check = { count: 1, items: [{ ...snapshot.check.items[0]! }] };
      return undefined;
    }
    this.#snapshot = { ...snapshot, check: { count: 0, items: [] } };
    this.#download = new Download(snapshot.size, now);
    if (snapshot.whole === 1) this.#download.expect(UNASKED_CHUNKS, now);
    this.#loaded = false;
    return this.#snapshot;
  }

  onChunk(chunk: Body<"chunk">, now: number): void {
    if (chunk.frame === this.#snapshot?.frame) this.#download!.take(chunk.index, chunk.bytes, now);
  }

  /** Lives until `now`: asks for what is missing, plays what can be played, compares. */
  tick(running: Running, now: number): Progress {
    const snapshot = this.#snapshot!;
    if (!this.#loaded) this.#load(running, snapshot, now);
    const progress = this.#loaded ? this.#play(running, snapshot, now) : "waiting";
    running.effects.take(); // nobody wants to hear now what happened then
    if (now < this.#sendAt) return progress;
    running.uplink.send(this.#outbox, SEQUENCER, now);
    this.#sendAt = now + 1000 / running.config.framesPerSecond;
    return progress;
  }

  #load(running: Running, snapshot: Body<"snapshot">, now: number): void {
    const download = this.#download!;
    if (download.done) {
      if (snapshot.size > 0) running.timeline.load(download.bytes);
      this.#loaded = true;
      return;
    }
    const want = this.#want;
    want.frame = snapshot.frame;
    while (download.ask(want, snapshot.whole === 0, now)) this.#outbox.post(SEQUENCER, "want", want);
  }

  #play(running: Running, snapshot: Body<"snapshot">, now: number): Progress {
    const { timeline, clock, inputs, chain, uplink } = running;
    const end = Math.min(timeline.windowEnd, uplink.reachEnd);
    const due = clock.set ? clock.advance(now, end, timeline.frame) + 1 : inputs.confirmedEnd;
    // Once our inputs count, a frame of which nobody has asked us yet is played live: here it would be played as if absent.
    const ownEnd = uplink.active ? inputs.held(running.seat) : Infinity;
    const until = Math.min(due, timeline.frame + STEPS_PER_TICK_MAX, ownEnd);
    timeline.settle();
    for (let result = "stepped"; result === "stepped" && timeline.frame < until; ) {
      result = timeline.advance();
      if (result === "trapped") return "trapped";
    }
    // The sequencer lets us in when what we reported is what everybody agreed on.
    if (uplink.active) return "live";
    const check = snapshot.check.count > 0 ? snapshot.check.items[0]! : undefined;
    if (check === undefined || chain.end < check.frame) return "waiting";
    if (chain.valueAt(check.frame) !== check.value) return this.#spoilt(snapshot, now);
    const watching = running.seat >= running.config.players;
    return watching && clock.set && due - timeline.frame < CAUGHT_UP_FRAMES ? "live" : "waiting";
  }

  // Said again and again, until another snapshot comes.
  #spoilt(snapshot: Body<"snapshot">, now: number): Progress {
    const first = this.#leastFrame <= snapshot.frame;
    this.#leastFrame = snapshot.frame + 1;
    if (now >= this.#askAt) {
      const spoilt = blank("spoilt");
      spoilt.frame = snapshot.frame;
      this.#outbox.post(SEQUENCER, "spoilt", spoilt);
      this.#askAt = now + SPOILT_AGAIN_MS;
    }
    return first ? "spoilt" : "waiting";
  }
}

/** Time between two words that a snapshot is wrong: a usual round trip, in which another heading may come. */
const SPOILT_AGAIN_MS = 100;
