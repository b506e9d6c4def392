// Cues out of effects: begun once, taken back when a rollback does, and left alone when it only moves them.
import { describe, expect, it } from "vitest";
import type { Cues, Effect } from "../../src/games/cues.js";
import { fighterCues } from "../../src/games/fighter/cues.js";
import { layersOf } from "../../src/games/fighter/sound.js";
import type { Game } from "../../src/games/fighter/types.js";

const HIT = { type: "Hit", x: 300, y: 70, strength: 1, player: 1, blocked: 0 } as const;
const BLOCKED = { ...HIT, blocked: 1 } as const;
const JUMP = { type: "Jump", x: 310, player: 0 } as const;

function effect(
  frame: number,
  event: Game["event"],
  change: Effect<Game["event"]>["change"] = "happened",
): Effect<Game["event"]> {
  return { frame, change, event };
}

function fed(...effects: Effect<Game["event"]>[]): Cues<Game["event"]> {
  const cues = fighterCues();
  for (const each of effects) cues.add(each);
  return cues;
}

describe("cues", () => {
  it("begin with an effect, each under a name of its own", () => {
    const taken = fed(effect(10, HIT), effect(11, HIT)).take();
    expect(taken.map(({ change }) => change)).toEqual(["begin", "begin"]);
    expect(new Set(taken.map(({ key }) => key)).size).toBe(2);
  });

  it("are told once", () => {
    const cues = fed(effect(10, HIT));
    cues.take();
    expect(cues.take()).toEqual([]);
  });

  it("are cancelled under the name with which they began", () => {
    const cues = fed(effect(10, HIT));
    const [begun] = cues.take();
    cues.add(effect(10, HIT, "cancelled"));
    expect(cues.take()).toEqual([{ change: "cancel", key: begun!.key, event: HIT }]);
  });

  it("go on when a rollback only moves them by some frames", () => {
    const cues = fed(effect(10, JUMP));
    const [begun] = cues.take();
    cues.add(effect(10, JUMP, "cancelled"));
    cues.add(effect(12, { ...JUMP, x: 316 }));
    expect(cues.take()).toEqual([]);
    cues.add(effect(12, { ...JUMP, x: 316 }, "cancelled"));
    expect(cues.take()).toMatchObject([{ change: "cancel", key: begun!.key }]);
  });

  it("are replaced when the hit turns out to be blocked", () => {
    const cues = fed(effect(10, HIT));
    const [begun] = cues.take();
    cues.add(effect(10, HIT, "cancelled"));
    cues.add(effect(10, BLOCKED));
    const taken = cues.take();
    expect(taken.map(({ change, event }) => [change, event])).toEqual([
      ["begin", BLOCKED],
      ["cancel", HIT],
    ]);
    expect(taken[0]!.key).not.toBe(begun!.key);
  });

  it("that are taken back before anybody has seen them are never begun", () => {
    expect(fed(effect(10, HIT), effect(10, HIT, "cancelled")).take()).toEqual([]);
  });

  it("go on through several rollbacks between two pictures", () => {
    const cues = fed(effect(10, JUMP));
    cues.take();
    for (const frame of [10, 11]) {
      cues.add(effect(frame, JUMP, "cancelled"));
      cues.add(effect(frame + 1, JUMP));
    }
    expect(cues.take()).toEqual([]);
  });

  it("that are equal in one frame are cancelled one by one", () => {
    const cues = fed(effect(10, HIT), effect(10, HIT));
    const begun = cues.take().map(({ key }) => key);
    cues.add(effect(10, HIT, "cancelled"));
    const [first] = cues.take();
    cues.add(effect(10, HIT, "cancelled"));
    const [second] = cues.take();
    expect([first!.key, second!.key]).toEqual(begun);
  });

  it("that nobody began are not cancelled", () => {
    expect(fed(effect(10, HIT, "cancelled")).take()).toEqual([]);
  });
});

describe("sounds", () => {
  it("can be made: no length, no frequency and no volume is zero", () => {
    const events: Game["event"][] = [
      { type: "Swing", x: 0, y: 0, strength: 3, player: 0 },
      ...[0, 1, 2, 3].map((strength) => ({ ...HIT, strength })),
      BLOCKED,
      JUMP,
      { type: "Ko", losers: 1 },
      { type: "HazardWarn", x: 0 },
    ];
    for (const layer of events.flatMap(layersOf)) {
      for (const value of [layer.from, layer.to, layer.seconds, layer.volume]) expect(value).toBeGreaterThan(0);
    }
  });
});
