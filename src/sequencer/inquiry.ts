// After a disagreement: asks both sides for their hashes, tells everybody the verdict, and passes evidence between them.
import { type Body, blank } from "../wire/messages.js";
import type { Outbox } from "../wire/outbox.js";
import type { Verdict } from "./agreement.js";
import type { Match } from "./match.js";
import type { Seat } from "./seat.js";

/** Time between repeated questions and verdicts; they may be lost. */
const REPEAT_MS = 200;

/** A verdict is told so often: at 10 % loss all ten are lost once in ten thousand million times. */
const VERDICTS_TOLD = 10;

/** Evidence datagrams passed on in one match: a report of the largest ring with every repeat. */
const EVIDENCE_MAX = 10_000;

export class Inquiry {
  #repeatAt = 0;
  #told = 0;
  #passed = 0;

  /** Takes a seat's hashes. Answers the verdict when these were the missing ones. */
  answer(match: Match, seat: Seat, hashes: Body<"hashes">): Verdict | undefined {
    const { agreement } = match;
    if (agreement.verdict !== undefined) return undefined;
    agreement.answer(seat.index, hashes);
    this.#repeatAt = 0;
    return agreement.verdict;
  }

  /** Repeats what has to be repeated. */
  tick(match: Match, outbox: Outbox, now: number): void {
    const { agreement } = match;
    if (now < this.#repeatAt) return;
    this.#repeatAt = now + REPEAT_MS;
    if (agreement.verdict !== undefined && this.#told < VERDICTS_TOLD) this.#tell(match, agreement.verdict, outbox);
    if (agreement.disagreement === undefined) return;
    const query = blank("hashQuery");
    query.begin = agreement.disagreement.begin;
    query.end = agreement.disagreement.end;
    for (const seat of match.seats) {
      if (seat?.present && agreement.awaits(seat.index)) outbox.post(seat.peer, "hashQuery", query);
    }
  }

  #tell(match: Match, verdict: Verdict, outbox: Outbox): void {
    this.#told += 1;
    const desync = blank("desync");
    Object.assign(desync, verdict, { verdict: verdict.verdict === "state" ? 0 : 1 });
    for (const seat of match.seats) if (seat?.present) outbox.post(seat.peer, "desync", desync);
  }

  /** Passes an `ask` or `answer` to the other party. False when it is none of theirs, or there were too many. */
  passOn(
    match: Match,
    from: Seat,
    message: { type: "ask"; body: Body<"ask"> } | { type: "answer"; body: Body<"answer"> },
    outbox: Outbox,
  ): boolean {
    const { verdict } = match.agreement;
    const to = match.seats[message.body.seat];
    if (verdict === undefined || !to?.present || this.#passed >= EVIDENCE_MAX) return false;
    const parties = [verdict.seatA, verdict.seatB];
    if (from === to || !parties.includes(from.index) || !parties.includes(to.index)) return false;
    this.#passed += 1;
    message.body.seat = from.index;
    if (message.type === "ask") outbox.post(to.peer, "ask", message.body);
    else outbox.post(to.peer, "answer", message.body);
    return true;
  }
}
