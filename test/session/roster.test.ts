// The roster as it is read: each entry once, what was before a newcomer's beginning is the past, and promises bind.
import { describe, expect, it } from "vitest";
import { FinalInputs } from "../../src/session/inputs/final-inputs.js";
import { Roster, RosterNews } from "../../src/session/inputs/roster.js";
import { blank } from "../../src/wire/messages.js";
import { Change, generationOf, joinedValue, type RosterEntry } from "../../src/wire/stream.js";

const OWN = 1;

interface Reading {
  inputs: FinalInputs;
  heard: RosterEntry[];
  /** From where on our own seat was ours. */
  active: number[][];
  roster: Roster;
}

function reading(base: number, begin: number): Reading {
  const inputs = new FinalInputs({ seats: 3, cellBytes: 16, inputDelay: 0, base, absentEnd: base });
  const heard: RosterEntry[] = [];
  const active: number[][] = [];
  const roster = new Roster({
    ...{ inputs, own: OWN, generation: 1, base, begin },
    onActive: (frame, end) => active.push([frame, end]),
    onEntry: (entry) => heard.push(entry),
    onFinals: () => {},
  });
  return { inputs, heard, active, roster };
}

function told(rosterBegin: number, ...items: RosterEntry[]): ReturnType<typeof blank<"frames">> {
  return { ...blank("frames"), rosterBegin: rosterBegin & 255, roster: { items, count: items.length } };
}

describe("the roster", () => {
  it("does not take for us whoever came in on our seat before, and was dropped at the same frame", () => {
    const { inputs, heard, active, roster } = reading(137, 4);
    inputs.vacate(OWN);
    const joined = { seat: OWN, frame: 137, change: Change.Joined, value: 0 };
    const dropped = { seat: OWN, frame: 137, change: Change.Dropped, value: 0 };
    expect(roster.read(told(4, joined, dropped))).toBe(true);
    expect([active, inputs.leftAt(OWN)]).toEqual([[], 137]);
    roster.read(told(6, { seat: OWN, frame: 160, change: Change.Joined, value: joinedValue(1, 9) }));
    expect(active).toEqual([[160, 169]]);
    expect(heard.map(generationOf)).toEqual([0, 1]);
  });

  it("says nothing new to who begins at the frame at which he was dropped", () => {
    const { inputs, heard, roster } = reading(843, 4);
    const dropped = { seat: OWN, frame: 843, change: Change.Dropped, value: 0 };
    expect(roster.read(told(4, dropped))).toBe(true);
    expect(heard).toEqual([]);
    expect(inputs.leftAt(OWN)).toBe(843);
    roster.read(told(5, { seat: OWN, frame: 900, change: Change.Joined, value: 1 }));
    expect(inputs.held(OWN)).toBe(900);
    expect(roster.end).toBe(6);
  });

  it("tells a decision once, though who begins anew with another snapshot reads it again", () => {
    const news = new RosterNews();
    const dropped = { seat: 2, frame: 3, change: Change.Dropped, value: 0 };
    expect(news.event(dropped)).toEqual({ type: "left", seat: 2, frame: 3, dropped: true });
    expect(news.event({ ...dropped })).toBeUndefined();
    expect(news.event({ ...dropped, frame: 90 })).toMatchObject({ type: "left", frame: 90 });
  });

  it("is read once, in order, beyond what eight bits can count", () => {
    const { heard, roster } = reading(0, 255);
    const delays = [3, 4, 5].map((value) => ({ seat: 0, frame: 10, change: Change.Delay, value }));
    roster.read(told(256, ...delays.slice(1)));
    expect(heard).toEqual([]);
    roster.read(told(255, ...delays));
    roster.read(told(255, ...delays));
    expect(heard.map(({ value }) => value)).toEqual([3, 4, 5]);
    expect(roster.end).toBe(258);
  });

  it("promises nothing while entries are left to be told", () => {
    const { roster } = reading(0, 0);
    const many = Array.from({ length: 8 }, () => ({ seat: 0, frame: 10, change: Change.Delay, value: 2 }));
    expect(roster.read(told(0, ...many))).toBe(false);
    expect(roster.read(told(8, many[0]!))).toBe(true);
    // Seat 2 left behind an input that is not here yet.
    expect(roster.read(told(9, { seat: 2, frame: 40, change: Change.Left, value: 0 }))).toBe(false);
  });
});

describe("final inputs of a seat that is absent for a while", () => {
  it("are present, absent, and present again, and known as far as is promised", () => {
    const inputs = new FinalInputs({ seats: 2, cellBytes: 16, inputDelay: 0, absentEnd: 0 });
    const one = Uint8Array.of(7);
    for (let frame = 0; frame < 20; frame++) inputs.push(0, one, 0, 1);
    for (let frame = 0; frame < 4; frame++) inputs.push(1, one, 0, 1);
    inputs.leave(1, 4);
    expect(inputs.confirmedEnd).toBe(4);
    inputs.promiseAbsent(10);
    expect(inputs.confirmedEnd).toBe(10);
    inputs.join(1, 12);
    inputs.push(1, one, 0, 1);
    expect(inputs.confirmedEnd).toBe(13);
    const presence = Array.from({ length: 13 }, (_, frame) => inputs.record(frame)[16]);
    expect(presence).toEqual([1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  });
});
