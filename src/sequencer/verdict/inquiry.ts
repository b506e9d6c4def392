// After a disagreement: asks all sides for their hashes, tells everybody the verdict, and passes evidence between two.
import { AUTHORITY } from "../../wire/limits.js";
import { type Body, blank } from "../../wire/messages.js";
import type { Outbox } from "../../wire/outbox.js";
import type { Match } from "../match.js";
import type { Seat } from "../seat.js";
import type { Verdict } from "./judgement.js";

/** Time between repeated questions and verdicts; they may be lost. */
const REPEAT_MS = 200;

/** A verdict is told so often: at 10 % loss all ten are lost once in ten thousand million times. */
const VERDICTS_TOLD = 10;

/** Evidence datagrams passed on in one match: a report of the largest ring with every repeat. */
const EVIDENCE_MAX = 10_000;

const KINDS: readonly Verdict["verdict"][] = ["state", "inputs", "chain"];

type Evidence = { type: "ask"; body: Body<"ask"> } | { type: "answer"; body: Body<"answer"> };

export class Inquiry {
  #repeatAt = 0;
  /** What was asked about last. */
  #asked = { begin: 0, end: 0 };
  /** How often each verdict was told. */
  readonly #told: number[] = [];
  #passed = 0;

  /** Takes a seat's hashes. */
  answer(match: Match, seat: Seat, hashes: Body<"hashes">): void {
    match.agreement.answer(seat.index, hashes);
    this.#repeatAt = 0;
  }

  /** Repeats what has to be repeated. Answers a verdict when one was reached. */
  tick(match: Match, outbox: Outbox, now: number): Verdict | undefined {
    const { agreement } = match;
    if (agreement.dispute === undefined && agreement.verdicts.length === 0) return undefined;
    this.#askAuthority(match);
    const verdict = agreement.tick(match.present(), now);
    const { begin, end } = agreement.dispute ?? this.#asked;
    if (verdict !== undefined || begin !== this.#asked.begin || end !== this.#asked.end) this.#repeatAt = 0;
    if (now < this.#repeatAt) return verdict;
    this.#repeatAt = now + REPEAT_MS;
    for (let serial = 0; serial < agreement.verdicts.length; serial++) this.#tell(match, serial, outbox);
    this.#ask(match, outbox);
    return verdict;
  }

  #askAuthority({ agreement, authority }: Match): void {
    if (authority === undefined || !agreement.awaits(AUTHORITY)) return;
    const hashes = blank("hashes");
    authority.hashes(agreement.dispute!.begin, agreement.dispute!.end, hashes);
    agreement.answer(AUTHORITY, hashes);
  }

  #ask({ agreement, seats }: Match, outbox: Outbox): void {
    if (agreement.dispute === undefined) return;
    const query = Object.assign(blank("hashQuery"), agreement.dispute);
    this.#asked = query;
    for (const seat of seats)
      if (seat?.present && agreement.awaits(seat.index)) outbox.post(seat.peer, "hashQuery", query);
  }

  #tell({ agreement, seats }: Match, serial: number, outbox: Outbox): void {
    const told = this.#told[serial] ?? 0;
    if (told >= VERDICTS_TOLD) return;
    this.#told[serial] = told + 1;
    const { verdict, blamed, ...found } = agreement.verdicts[serial]!;
    const desync = blank("desync");
    Object.assign(desync, found, { serial, verdict: KINDS.indexOf(verdict) });
    for (const seat of blamed) desync.blamed |= 1 << seat;
    for (const seat of seats) if (seat?.present) outbox.post(seat.peer, "desync", desync);
  }

  /** Passes an `ask` or `answer` to the other party. False when it is none of theirs, or there were too many. */
  passOn(match: Match, from: Seat, message: Evidence, outbox: Outbox): boolean {
    const to = message.body.seat;
    const between = (a: number, b: number): boolean =>
      match.agreement.verdicts.some(({ seatA, seatB }) => (seatA === a && seatB === b) || (seatA === b && seatB === a));
    if (this.#passed >= EVIDENCE_MAX || from.index === to || !between(from.index, to)) return false;
    if (to === AUTHORITY) return this.#testify(match, from, message, outbox);
    const seat = match.seats[to];
    if (!seat?.present) return false;
    this.#passed += 1;
    message.body.seat = from.index;
    if (message.type === "ask") outbox.post(seat.peer, "ask", message.body);
    else outbox.post(seat.peer, "answer", message.body);
    return true;
  }

  /** The authority is here: it answers at once. */
  #testify({ authority }: Match, from: Seat, message: Evidence, outbox: Outbox): boolean {
    if (authority === undefined || message.type !== "ask") return false;
    this.#passed += 1;
    const { frame, part, offset } = message.body;
    const answer = blank("answer");
    Object.assign(answer, { seat: AUTHORITY, frame, part, offset, bytes: authority.evidence(frame, part, offset) });
    outbox.post(from.peer, "answer", answer);
    return true;
  }
}
