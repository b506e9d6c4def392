// What the page says: figures, situations, and a desync in words.
import { describe, expect, it } from "vitest";
import { desyncWords } from "../../src/demo/banner.js";
import { presetOf } from "../../src/demo/network-card.js";
import { Pace } from "../../src/demo/pace.js";
import { type Facts, situationOf } from "../../src/demo/situation.js";
import { figures, hex32, milliseconds, percent, qualityOf, replayName, syncWords } from "../../src/demo/wording.js";
import { PERFECT, PRESETS } from "../../src/netsim/conditions.js";
import type { Desync } from "../../src/session/evidence/evidence.js";
import type { DesyncReport } from "../../src/session/evidence/report.js";
import { PlayerMeter } from "../../src/session/player-stats.js";

const RUNNING: Facts = {
  phase: "running",
  words: "",
  other: "Player 2",
  together: false,
  carrierLost: false,
  serverSilent: false,
  stillMs: 0,
  dropAfterMs: 5000,
  catchingUp: false,
  otherLeft: false,
};

describe("figures", () => {
  it("are rounded to what can be read", () => {
    expect([0.2, 83.6].map(milliseconds)).toEqual(["0 ms", "84 ms"]);
    expect([0, 0.001, 0.02, 0.125].map(percent)).toEqual(["0 %", "0.1 %", "2 %", "13 %"]);
    expect([0, 0x9f3c1a02, -1].map(hex32)).toEqual(["00000000", "9f3c1a02", "ffffffff"]);
  });

  it("say ping, delay, rollback now and worst, and stalls", () => {
    const stats = { ...new PlayerMeter().stats, roundTripMs: 83.2, inputDelay: 2, worstRollback: 7, stalls: 3 };
    expect(figures(stats, 4)).toEqual([
      ["ping", "83 ms"],
      ["delay", "2 f"],
      ["rollback", "4 f, worst 7 f"],
      ["stalls", "3"],
    ]);
  });

  it("never judge by colour alone", () => {
    expect([99, 100, 200].map((ping) => qualityOf(ping).text)).toEqual(["good", "fair", "poor"]);
  });

  it("name a replay by its room and second", () => {
    expect(replayName("ABC", new Date("2026-11-21T09:30:59Z"))).toBe("samestep-ABC-2026-11-21-093059.replay");
  });

  it("know a preset by its values", () => {
    for (const name of Object.keys(PRESETS)) expect(presetOf({ ...PRESETS[name]! })).toBe(name);
    expect(presetOf({ ...PERFECT, delayMs: 7 })).toBeUndefined();
  });
});

describe("situations", () => {
  it("say nothing while the match runs", () => {
    expect(situationOf(RUNNING)).toBeUndefined();
    expect(situationOf({ ...RUNNING, stillMs: 900 })).toBeUndefined();
  });

  it("name the silent player and count down to the drop", () => {
    expect(situationOf({ ...RUNNING, stillMs: 2400 })?.text).toBe(
      "Player 2 is silent… the match goes on without him in 3 s.",
    );
  });

  it("put a lost connection before everything that follows from it", () => {
    const facts = { ...RUNNING, carrierLost: true, stillMs: 4000, otherLeft: true };
    expect(situationOf(facts)?.text).toMatch(/^The connection is lost/);
  });

  it("repeat the server's own words when it refuses", () => {
    const words = "This room is full: all 2 seats are taken. Open another room.";
    expect(situationOf({ ...RUNNING, phase: "refused", words })).toMatchObject({ text: words, remedies: ["again"] });
  });

  it("invite the other player only where there is none in this page", () => {
    expect(situationOf({ ...RUNNING, phase: "lobby" })?.remedies).toEqual(["invite"]);
    expect(situationOf({ ...RUNNING, phase: "lobby", together: true })?.remedies).toEqual([]);
  });

  it("tell of every phase but a running one", () => {
    const phases: Facts["phase"][] = [
      "loading",
      "broken",
      "dialling",
      "unreachable",
      "unopened",
      "refused",
      "lobby",
      "ended",
    ];
    for (const phase of phases) expect(situationOf({ ...RUNNING, phase, words: "Over." })?.text, phase).toBeTruthy();
  });
});

describe("a panel's head", () => {
  it("never says of a match that is over that somebody is waited for, or that all is in sync", () => {
    expect(situationOf({ ...RUNNING, phase: "ended", words: "This match is gone." })?.head).toBe("over");
    expect(situationOf({ ...RUNNING, otherLeft: true })?.head).toBe("player left");
    expect(situationOf({ ...RUNNING, stillMs: 2400 })?.head).toBe("waiting");
    const agreed = { end: 552, hash: "9f3c1a02" };
    const over = { desync: undefined, agreed, over: true };
    expect(syncWords(over)).toEqual({ tone: undefined, text: "was in sync to frame 552 (9f3c1a02)" });
    expect(syncWords({ ...over, agreed: undefined }).text).toBe("never compared");
  });

  it("says while a match runs where all agree, or since when they do not", () => {
    const agreed = { end: 552, hash: "9f3c1a02" };
    const running = { desync: undefined, agreed, over: false };
    expect(syncWords(running)).toEqual({ tone: "good", text: "in sync at frame 552 (9f3c1a02)" });
    expect(syncWords({ ...running, agreed: undefined }).tone).toBeUndefined();
    for (const over of [false, true])
      expect(syncWords({ desync: 362, agreed, over })).toEqual({ tone: "poor", text: "out of sync since frame 362" });
  });
});

describe("the pace of a match", () => {
  const at = (frame: number, rollback = 0) => ({ ...new PlayerMeter().stats, frame, rollback });

  it("stands still from the last new frame on", () => {
    const pace = new Pace(60);
    pace.look(at(10), 1000);
    pace.look(at(11), 1017);
    pace.look(at(11), 2500);
    expect(pace.stillMs(2500)).toBe(1483);
  });

  it("catches up when it is faster than the clock", () => {
    const pace = new Pace(60);
    for (let ms = 0; ms <= 2000; ms += 20) pace.look(at(Math.floor((ms * 60) / 1000)), 5000 + ms);
    expect(pace.catchingUp).toBe(false);
    for (let ms = 0; ms <= 1000; ms += 20) pace.look(at(120 + Math.floor((ms * 120) / 1000)), 7000 + ms);
    expect(pace.catchingUp).toBe(true);
  });

  it("shows the deepest rollback of the last moment", () => {
    const pace = new Pace(60);
    pace.note(at(10, 5), 1000);
    pace.note(at(11, 2), 1100);
    pace.note(at(12, 0), 1200);
    expect(pace.rollback(1300)).toBe(5);
    expect(pace.rollback(1800)).toBe(0);
  });
});

describe("a desync in words", () => {
  const report: Desync = {
    type: "desync",
    frame: 362,
    differs: "state",
    verdict: "host",
    blamed: [],
    agree: 1,
    of: 2,
    seats: [0, 1],
    hashes: ["00000000000000aa", "00000000000000bb"],
    leaf: 0,
    fields: [{ path: "fighters[1].health", before: "969", after: "968" }],
    note: undefined,
    report: {} as DesyncReport,
  };

  it("names frame, field and both values, player 1 first, whoever tells it", () => {
    expect(desyncWords(report, 1)).toEqual({
      title: "Desync at frame 362.",
      text: "Same inputs, different results, since a state was written outside of the step, in fighters[1].health.",
      values: ["player 1: 968", "player 2: 969"],
    });
    expect(desyncWords(report, 0).values).toEqual(["player 1: 969", "player 2: 968"]);
  });

  it("counts the other fields", () => {
    const fields = [1, 2, 3].map((n) => ({ path: `f${n}`, before: "0", after: "1" }));
    expect(desyncWords({ ...report, fields }, 0).text).toMatch(/in f1, and in 2 more\.$/);
  });

  it("falls back to the reason and the hashes when no field is known", () => {
    expect(desyncWords({ ...report, blamed: [1], agree: 2, of: 3 }, 0).text).toMatch(
      / 2 of 3 agree, without player 2\.$/,
    );
    const words = desyncWords({ ...report, fields: [], note: "the other side did not answer in time" }, 0);
    expect(words.text).toMatch(/: the other side did not answer in time\.$/);
    expect(words.values).toEqual(["player 1: 00000000000000aa", "player 2: 00000000000000bb"]);
  });
});
