// What the others hold, as they said when they promised: whether all of it is here, and the history that it comes to.
import type { Identity } from "../sequencer/joining/admission.js";
import type { History } from "../sequencer/succession/history.js";
import { type Holdings, nearestEntry } from "../sequencer/succession/holdings.js";
import type { Running } from "../session/running.js";
import type { Body } from "../wire/messages.js";
import { type Estate, estateOfPlayer, logEnd } from "./estate.js";

interface Report extends Holdings {
  /** The epoch in which he lives. */
  epoch: number;
  stableEnd: number;
  agreedEnd: number;
}

export class Reports {
  readonly #bySeat = new Map<number, Report>();

  /** The ballot that they are for. */
  ballot = 0;

  begin(ballot: number): void {
    this.ballot = ballot;
    this.#bySeat.clear();
  }

  take(promise: Body<"promise">, seat: number, epoch: number): void {
    const { generation, begin, rosterEnd, tail, absentEnd, held, stableEnd, agreedEnd } = promise;
    this.#bySeat.set(seat, {
      ...{ epoch, generation, begin, rosterEnd, absentEnd, stableEnd, agreedEnd },
      tail: tail.items.slice(0, tail.count).map((entry) => ({ ...entry })),
      held: held.items.slice(0, held.count),
    });
  }

  /** Of who lived in the same epoch as we: what others hold was decided elsewhere. */
  of(seat: number, epoch: number): Holdings | undefined {
    const report = this.#bySeat.get(seat);
    return report?.epoch === epoch ? report : undefined;
  }

  /** Whether all that he holds is ours by now. Of who lives in an earlier epoch than `epoch` nothing is wanted. */
  complete(seat: number, epoch: number, estate: Estate): boolean {
    const report = this.#bySeat.get(seat);
    if (report === undefined) return false;
    if (report.epoch < epoch) return true;
    if (nearestEntry(report.rosterEnd, logEnd(estate)) > logEnd(estate)) return false;
    // Of a seat that nobody had taken, who has not heard of the start believes that its first frames are neutral.
    const { inputs } = estate;
    return report.held.every((end, other) => end <= inputs.held(other) || inputs.leftAt(other) === 0);
  }

  /** The match as far as all who promised know it, and how it goes on here. */
  historyOf(running: Running, { gameHash, schemaHash }: Identity, now: number): History {
    const { config, snapshot, clock, inputs } = running;
    const { log, logBegin, absentEnd, stableEnd, agreedEnd } = estateOfPlayer(running);
    const reports = [...this.#bySeat.values()];
    const most = (own: number, of: (report: Report) => number): number => Math.max(own, ...reports.map(of));
    return {
      room: { game: gameHash, schema: schemaHash, config },
      at: now,
      clock: clock.set ? clock.position : inputs.confirmedEnd,
      inputs,
      roster: log,
      rosterBegin: logBegin,
      before: snapshot,
      promisedEnd: most(absentEnd, (report) => report.absentEnd),
      stableEnd: most(stableEnd, (report) => report.stableEnd),
      agreedEnd: most(agreedEnd, (report) => report.agreedEnd),
      vanished: undefined,
    };
  }
}
