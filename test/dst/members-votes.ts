// Who voted for which epoch, as its sequencer heard it; and whether it began with all that they had confirmed.
import { Envelope } from "../../src/member/envelope.js";
import type { FinalInputs } from "../../src/session/inputs/final-inputs.js";
import { Decoder, MESSAGES } from "../../src/wire/messages.js";
import { type Life, type Page, sameRecord } from "./members-world.js";

export class Votes {
  readonly #envelope = new Envelope();
  readonly #decoder = new Decoder();
  /** By ballot: its number names the claimant as well. */
  readonly #voters = new Map<number, Set<number>>();
  /** Begun with the votes of others, and what they had confirmed was looked for. */
  views = 0;
  violations: string[] = [];

  /** A datagram reaches a page: a promise is a vote. */
  heard(from: number, bytes: Uint8Array): void {
    if (!this.#envelope.open(bytes) || this.#envelope.bytes[0] !== MESSAGES.promise.code) return;
    const message = this.#decoder.decode(this.#envelope.bytes);
    if (message?.type !== "promise" || message.body.step !== 1) return;
    const { ballot } = message.body;
    this.#voters.set(ballot, (this.#voters.get(ballot) ?? new Set()).add(from));
  }

  /** A page has just opened an epoch: no frame that a member of the new view had confirmed may be missing. */
  opened(epoch: number, page: Page, pages: readonly Page[], lives: readonly Life[][]): void {
    const inputs = page.member.sequencer?.inputs;
    if (inputs === undefined || page.member.sequencer?.started !== true) return;
    const voters = [...(this.#voters.get(epoch) ?? []), page.seat];
    if (voters.length > 1) this.views += 1;
    for (const seat of voters) {
      const { member } = pages[seat]!;
      // Who lives in a later one promised that before this was opened: he follows nobody here.
      if (member.epoch > epoch || member.player.phase !== "running") continue;
      const lost = missing(lives[seat]!.at(-1)!, inputs);
      if (lost !== undefined)
        this.violations.push(`epoch ${epoch} began without what page ${seat} had confirmed: ${lost}`);
    }
  }
}

function missing(life: Life, inputs: FinalInputs): string | undefined {
  if (life.length > inputs.confirmedEnd) return `frame ${life.length - 1} of ${inputs.confirmedEnd}`;
  for (let frame = Math.max(oldest(inputs), 0); frame < life.length; frame++) {
    const record = life[frame];
    if (record !== undefined && !sameRecord(record, inputs.record(frame))) return `frame ${frame} is another one`;
  }
  return undefined;
}

function oldest(inputs: FinalInputs): number {
  return Math.max(...Array.from({ length: inputs.seats }, (_, seat) => inputs.begin(seat)));
}
