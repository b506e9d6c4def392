// Who voted for which epoch, as its sequencer heard it; and whether it began with all that they had confirmed.
import { Envelope } from "../../src/member/envelope.js";
import type { FinalInputs } from "../../src/session/inputs/final-inputs.js";
import { Decoder, MESSAGES } from "../../src/wire/messages.js";
import { same } from "./cells.js";
import type { Life, Page } from "./members-world.js";

export class Votes {
  readonly #envelope = new Envelope();
  readonly #decoder = new Decoder();
  /** By ballot, whose number names the claimant as well: who promised it, and in which epoch each of them lived. */
  readonly #voters = new Map<number, Map<number, number>>();
  /** By seat, the epoch in which a page lived before the one it opens. */
  readonly #epochs = new Map<number, number>();
  /** Begun with the votes of others, and what they had confirmed was looked for. */
  views = 0;
  readonly violations: string[] = [];

  /** A datagram reaches a page: a promise is a vote. */
  heard(from: number, bytes: Uint8Array): void {
    if (!this.#envelope.open(bytes) || this.#envelope.bytes[0] !== MESSAGES.promise.code) return;
    const message = this.#decoder.decode(this.#envelope.bytes);
    if (message?.type !== "promise" || message.body.step !== 1) return;
    const { ballot } = message.body;
    const voters = this.#voters.get(ballot) ?? new Map<number, number>();
    this.#voters.set(ballot, voters.set(from, this.#envelope.epoch));
  }

  /** A page lives in another epoch. */
  lives(seat: number, epoch: number): void {
    this.#epochs.set(seat, epoch);
  }

  /**
   * A page has just opened an epoch: no frame may be missing that was confirmed by a member of the new view, which is who
   * voted for it and lived in the same epoch before. His own inputs he has himself, and says them again.
   */
  opened(epoch: number, page: Page, pages: readonly Page[], lives: readonly Life[][]): void {
    const { sequencer } = page.member;
    const before = this.#epochs.get(page.seat) ?? 0;
    this.lives(page.seat, epoch);
    if (sequencer?.inputs === undefined || !sequencer.started) return;
    const votes = [...(this.#voters.get(epoch) ?? []), [page.seat, before] as const];
    const view = votes.filter(([, lived]) => lived === before);
    if (view.length > 1) this.views += 1;
    for (const [seat] of view) {
      const member = pages[seat]?.member;
      if (member === undefined) continue; // a meddler's invention
      // Who lives in a later one promised that before this was opened: he follows nobody here.
      if (member.epoch > epoch || member.player.phase !== "running") continue;
      const lost = missing(lives[seat]!.at(-1)!, sequencer.inputs, seat);
      if (lost !== undefined)
        this.violations.push(`epoch ${epoch} began without what page ${seat} had confirmed: ${lost}`);
    }
  }
}

function missing(life: Life, inputs: FinalInputs, seat: number): string | undefined {
  const end = inputs.confirmedEndWithout(seat);
  if (life.length > end) return `frames ${end} to ${life.length - 1}`;
  const known = Math.min(life.length, inputs.confirmedEnd);
  for (let frame = oldest(inputs); frame < known; frame++) {
    if (!same(life[frame], inputs.record(frame))) return `frame ${frame} is another one`;
  }
  return undefined;
}

function oldest(inputs: FinalInputs): number {
  return Math.max(...Array.from({ length: inputs.seats }, (_, seat) => inputs.begin(seat)));
}
