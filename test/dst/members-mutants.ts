// Faults planted by hand in what hands a match over: the law that each breaks has to say so, or it proves nothing.
import type { Mutant } from "./mutants.js";

const COMPLETE = {
  file: "src/member/reports.ts",
  find: "if (report.epoch < epoch) return true;",
  replace: "if (report.epoch <= epoch) return true;",
};

export const MEMBERS_MUTANTS: Mutant[] = [
  {
    name: "a successor takes only what it holds itself",
    oracle: "stays",
    edits: [{ file: "src/member/heritage.ts", find: "running.read(frames, now);", replace: "" }, COMPLETE],
  },
  {
    name: "a successor forgets what those confirmed who voted for it",
    oracle: "views",
    text: /frames \d+ to \d+/,
    edits: [{ file: "src/member/heritage.ts", find: "running.read(frames, now);", replace: "" }, COMPLETE],
  },
  {
    name: "who takes over believes that late comers were there from the start",
    oracle: "views",
    edits: [
      {
        file: "src/sequencer/match.ts",
        find: "inputDelay: base === undefined ? config.inputDelay : 0,",
        replace: "inputDelay: config.inputDelay,",
      },
    ],
  },
  {
    name: "who holds more than the union goes on as he is",
    oracle: "chains",
    edits: [
      { file: "src/member/heritage.ts", find: "running.read(frames, now);", replace: "" },
      COMPLETE,
      {
        file: "src/sequencer/succession/holdings.ts",
        find: "return his <= inputs.held(other) && match.resumeAt(other, his) >= inputs.begin(other);",
        replace: "return his >= 0;",
      },
    ],
  },
  {
    name: "a minority is enough",
    oracle: "parted",
    edits: [
      {
        file: "src/member/majority.ts",
        find: "return 2 * electors.filter((seat) => voters.has(seat)).length > electors.length;",
        replace: "return electors.some((seat) => voters.has(seat));",
      },
      {
        file: "src/sequencer/succession/quorum.ts",
        find: "return 2 * heard > here && mayJoin(match);",
        replace: "return 2 * heard > 0;",
      },
    ],
  },
  {
    name: "two candidates share a ballot",
    oracle: "epochs",
    edits: [
      {
        file: "src/member/ballot.ts",
        find: "const next = (Math.floor(epoch / seats) + (seat > epoch % seats ? 0 : 1)) * seats + seat;",
        replace: "const next = epoch + 1;",
      },
      { file: "src/member/member.ts", find: "if (seatOf(claim.ballot, this.#seats) !== peer) return;", replace: "" },
    ],
  },
  {
    name: "who is outside stays there",
    oracle: "together",
    edits: [
      {
        file: "src/member/member.ts",
        find: "if (taken !== AS_HE_IS) {",
        replace: "if (taken === 0) return; if (taken !== AS_HE_IS) {",
      },
    ],
  },
  {
    name: "a new sequencer begins its clock at zero",
    oracle: "progress",
    edits: [
      {
        file: "src/sequencer/succession/history.ts",
        find: "match.start(history.at - history.clock * match.frameMs);",
        replace: "match.start(history.at + 1000);",
      },
    ],
  },
  {
    name: "pages on odd seats are told of a last frame that is one later",
    oracle: "lastFrames",
    text: /were told of last frames/,
    edits: [
      {
        file: "src/session/inputs/roster.ts",
        find: "if (seat !== own) onEntry(entry);",
        replace: "if (seat !== own) onEntry({ ...entry, frame: frame + (own & 1) });",
      },
    ],
  },
  {
    name: "a notice is said three thousand times",
    oracle: "memory",
    edits: [
      {
        file: "src/member/notices.ts",
        find: 'this.#parts.outbox.post(to, "notice", notice);',
        replace: 'for (let i = 0; i < 3000; i++) this.#parts.outbox.post(to, "notice", notice);',
      },
    ],
  },
  {
    name: "inputs are bequeathed a frame off",
    oracle: "sound",
    edits: [
      {
        file: "src/member/estate.ts",
        find: "run.first = first - clock;",
        replace: "run.first = first - clock + (first % 2);",
      },
    ],
  },
  {
    name: "a match stands still for who looks on",
    oracle: "swayed",
    edits: [
      { file: "src/sequencer/joining/crowd.ts", find: "near.length = 0;", replace: "near.length = 0; match.stand(1);" },
    ],
  },
  {
    name: "who looks on is not told where the match goes on",
    oracle: "onlookers",
    edits: [
      {
        file: "src/member/member.ts",
        find: "if (epoch < ours || (epoch === ours && muted)) this.#notices.say(peer, now);",
        replace: "if (epoch < ours) return;",
      },
    ],
  },
  {
    name: "nobody keeps a lobby whose keeper is gone",
    oracle: "together",
    edits: [
      {
        file: "src/member/heritage.ts",
        find: "if (this.waits) return true;\n    if ((player()",
        replace: "if (this.waits) return false;\n    if ((player()",
      },
    ],
  },
];
