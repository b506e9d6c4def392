// Who sequences next: ballots belong to seats, promises bind, and who hears the sequencer follows nobody else.
import { describe, expect, it } from "vitest";
import { nextEpoch, rankAfter, seatOf } from "../../src/member/ballot.js";
import { BY_GRANT, BY_NAME, BY_SILENCE, Election, type ElectionParts } from "../../src/member/election.js";
import { hasMajorityOf } from "../../src/member/majority.js";
import { EPOCH_MAX } from "../../src/wire/limits.js";

interface Candidate {
  election: Election;
  said: string[];
}

/** Seat `own` of three, all of them present; a seat's holdings are all here unless it is in `lacking`. */
function candidate(own: number, lacking: number[] = []): Candidate {
  const said: string[] = [];
  const parts: ElectionParts = {
    ...{ seats: 3, own },
    electable: () => true,
    electors: () => [0, 1, 2],
    complete: (seat) => !lacking.includes(seat),
    ask: () => said.push("ask"),
    claim: () => said.push("claim"),
    enter: () => said.push("enter"),
    inquire: () => said.push("inquire"),
    stepDown: () => said.push("step down"),
    open: (epoch) => said.push(`open ${epoch}`),
    tell: (suspended) => said.push(suspended ? "suspended" : "resumed"),
  };
  return { election: new Election(parts), said };
}

function live({ election }: Candidate, begin: number, end: number): void {
  for (let now = begin; now < end; now += 4) election.tick(now);
}

describe("ballots", () => {
  it("belong to one seat each, and grow", () => {
    for (let seats = 1; seats <= 16; seats++) {
      for (let seat = 0; seat < seats; seat++) {
        for (const above of [0, 1, 7, 100]) {
          const next = nextEpoch(seat, seats, above)!;
          expect([next > above, next <= above + seats, seatOf(next, seats)]).toEqual([true, true, seat]);
        }
      }
    }
    expect(nextEpoch(2, 3, EPOCH_MAX)).toBeUndefined();
    expect([1, 2, 0].map((seat) => rankAfter(seat, 0, 3))).toEqual([0, 1, 2]);
  });

  it("are won by more than half of those who may vote", () => {
    expect(hasMajorityOf([0, 1], new Set([0]))).toBe(false);
    expect(hasMajorityOf([0, 1, 2], new Set([0, 1]))).toBe(true);
    expect(hasMajorityOf([0, 1, 2, 3], new Set([0, 1, 7, 8]))).toBe(false);
    expect(hasMajorityOf([], new Set([1]))).toBe(false);
  });
});

describe("a promise", () => {
  it("is given to the highest ballot only, and again to the same", () => {
    const { election } = candidate(2);
    expect(election.promise(7, 0, 0)).toBe(true);
    expect(election.promise(4, 0, 1)).toBe(false);
    expect(election.promise(7, 0, 2)).toBe(true);
    expect(election.promise(10, 0, 3)).toBe(true);
    expect(election.promise(7, 0, 4)).toBe(false);
  });

  it("mutes the epoch in which it is given, until a later one opens", () => {
    const { election } = candidate(2);
    expect(election.muted).toBe(false);
    election.promise(7, 0, 0);
    expect(election.muted).toBe(true);
    expect(election.live(4, "taken", 1)).toBe(false);
    expect([election.epoch, election.muted]).toEqual([0, true]);
    expect(election.live(7, "taken", 2)).toBe(true);
    expect([election.epoch, election.muted, election.role]).toEqual([7, false, "following"]);
  });

  it("is given to nobody who lives in an epoch before ours", () => {
    const { election } = candidate(2);
    election.onLater(4, 1, 0);
    election.live(4, "taken", 0);
    expect(election.would({ ballot: 9, cause: BY_SILENCE }, 3, false, 10_000)).toBe(false);
    expect(election.promise(9, 3, 10_000)).toBe(false);
    expect(election.promise(9, 4, 10_000)).toBe(true);
  });

  it("ends one's own sequencing", () => {
    const { election, said } = candidate(0);
    expect(election.role).toBe("sequencing");
    election.promise(4, 0, 0);
    expect(said).toEqual(["step down"]);
  });
});

describe("whoever sequences", () => {
  it("claims a later epoch at once, when somebody has promised one", () => {
    const { election, said } = candidate(0);
    election.exceed(7, 0);
    expect([election.role, election.ballot]).toEqual(["claiming", 9]);
    expect(said).toEqual(["step down"]);
    const follower = candidate(1);
    follower.election.exceed(7, 0);
    expect([follower.election.role, follower.election.promised]).toEqual(["following", 0]);
  });
});

describe("a candidate", () => {
  it("asks after a silence of a second and a half, and no earlier while it hears something", () => {
    const one = candidate(1);
    live(one, 0, 1400);
    one.election.heard(1400);
    live(one, 1400, 2880);
    expect(one.said).toEqual([]);
    live(one, 2880, 3000);
    expect(one.said).toEqual(["ask"]);
  });

  it("comes after those who sit nearer to the sequencer", () => {
    const second = candidate(2);
    live(second, 0, 1780);
    expect(second.said).toEqual([]);
    live(second, 1780, 1900);
    expect(second.said).toEqual(["ask"]);
  });

  it("claims when most would follow, and opens its epoch when most have promised and all is here", () => {
    const { election, said } = candidate(1);
    live({ election, said }, 0, 1520);
    const { ballot } = election;
    expect(election.promised).toBe(0); // a question binds nobody
    election.onWould(2, ballot, 1520);
    election.tick(1524);
    expect([election.promised, election.muted]).toEqual([ballot, true]);
    election.onPromise(1, ballot, 1530);
    election.onPromise(2, ballot, 1540);
    expect(said).toEqual(["ask", "claim", `open ${ballot}`]);
    expect([election.role, election.epoch]).toEqual(["sequencing", ballot]);
  });

  it("does not open while it lacks what a voter holds", () => {
    const { election, said } = candidate(1, [2]);
    live({ election, said }, 0, 1520);
    election.onWould(2, election.ballot, 1520);
    election.onPromise(1, election.ballot, 1530);
    election.onPromise(2, election.ballot, 1540);
    live({ election, said }, 1540, 3000);
    expect(said).not.toContain(`open ${election.ballot}`);
  });

  it("goes back to whom it hears after all", () => {
    const one = candidate(1);
    live(one, 0, 2300);
    expect(one.said).toContain("suspended");
    one.election.heard(2300);
    expect(one.said.at(-1)).toBe("resumed");
    expect([one.election.role, one.election.muted]).toEqual(["following", false]);
  });

  it("slept, and heard nobody for that", () => {
    const one = candidate(1);
    live(one, 0, 100);
    one.election.slept(60_000, 60_100);
    live(one, 60_100, 61_000);
    expect(one.said).toEqual([]);
  });
});

describe("who asks to be taken into a later epoch", () => {
  it("looks for another one after some seconds, though that one is heard all the time", () => {
    const one = candidate(1);
    for (let now = 0; now < 8000; now += 20) {
      one.election.onLater(5, 2, now);
      one.election.tick(now);
    }
    expect(one.said).toContain("enter");
    expect(one.said).toContain("ask");
    expect(one.election.role).toBe("asking");
    // And then once more whether it answers.
    one.election.onLater(5, 2, 8000);
    expect(one.election.role).toBe("entering");
  });
});

describe("a grant", () => {
  it("needs no majority, but what those who are heard in a moment hold", () => {
    const one = candidate(1);
    expect(one.election.choose(BY_GRANT, 7, 0)).toBe(true);
    one.election.onPromise(1, 7, 10);
    live(one, 10, 290);
    expect(one.said).not.toContain("open 7");
    live(one, 290, 400);
    expect(one.said).toContain("open 7");
  });

  it("is used once at a time, and never for an epoch that is over", () => {
    const { election } = candidate(1);
    expect(election.choose(BY_GRANT, 7, 0)).toBe(true);
    expect(election.choose(BY_GRANT, 10, 10)).toBe(false);
    expect([election.ballot, election.role]).toEqual([7, "claiming"]);
    expect(candidate(1).election.choose(BY_GRANT, 0, 0)).toBe(false);
  });
});

describe("whoever hears the sequencer", () => {
  it("follows nobody who only misses it, but whom it named or a rendezvous chose", () => {
    const { election } = candidate(2);
    election.heard(1000);
    expect(election.would({ ballot: 4, cause: BY_SILENCE }, 0, false, 1500)).toBe(false);
    expect(election.would({ ballot: 4, cause: BY_SILENCE }, 0, false, 1800)).toBe(true);
    expect(election.would({ ballot: 4, cause: BY_NAME }, 0, false, 1010)).toBe(true);
    expect(election.would({ ballot: 4, cause: BY_GRANT }, 0, false, 1010)).toBe(true);
    // It sequences itself; after it was loaded anew it keeps a lobby, and does not know that the match runs.
    expect(candidate(0).election.would({ ballot: 4, cause: BY_SILENCE }, 0, false, 9000)).toBe(false);
    expect(candidate(0).election.would({ ballot: 4, cause: BY_SILENCE }, 0, true, 9000)).toBe(true);
  });
});
