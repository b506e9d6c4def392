// The page's half of a skirmish: keys, the camera, commands that wait, pictures between two frames, colours, words.
import { describe, expect, it } from "vitest";
import { SOUND_KEY } from "../../src/demo/keys-card.js";
import { ACTION_KEYS, ARROWS, GROUPS, LAYER_KEY, MOUSE_LINES, ORDER_LINES } from "../../src/demo/skirmish/keys.js";
import { levelsText, strengths, timeText } from "../../src/demo/skirmish/purse.js";
import type { Commands } from "../../src/games/skirmish/commands.js";
import { skirmishCues } from "../../src/games/skirmish/cues.js";
import { announcementOf } from "../../src/games/skirmish/draw/announce.js";
import { Camera } from "../../src/games/skirmish/draw/camera.js";
import { Director } from "../../src/games/skirmish/draw/director.js";
import { PLAYERS, type Rgb } from "../../src/games/skirmish/draw/palette.js";
import { Scene } from "../../src/games/skirmish/draw/scene.js";
import { COMMANDS_MAX, Kind, MAP, NOBODY, Phase, TILE } from "../../src/games/skirmish/rules.js";
import { layersOf } from "../../src/games/skirmish/sound.js";
import type { Game, World } from "../../src/games/skirmish/types.js";
import { kindsIn, length, Wishes } from "../../src/games/skirmish/wishes.js";

interface Soldier {
  readonly kind?: number;
  readonly owner?: number;
  readonly x: number;
  readonly y: number;
  readonly cool?: number;
}

const SEAT = { alive: 1, units: 0, workers: 0, homeX: 20, homeY: 30 };

/** A world of these units, places in tiles; what the page does not read is not there. */
function worldOf(soldiers: readonly Soldier[], more: Partial<World> = {}): World {
  const rows = (value: (soldier: Soldier) => number) => ({ at: (i: number) => value(soldiers[i]!) });
  const units = {
    x: rows(({ x }) => x * TILE),
    y: rows(({ y }) => y * TILE),
    vx: rows(() => 0),
    vy: rows(() => 0),
    kind: rows(({ kind = Kind.Pike }) => kind),
    owner: rows(({ owner = 0 }) => owner),
    cool: rows(({ cool = 0 }) => cool),
    health: rows(() => 50),
    target: rows(() => NOBODY),
    groups: rows(() => 0),
    load: rows(() => 0),
  };
  const seats = Array.from({ length: 8 }, () => SEAT);
  return { units, unitsEnd: soldiers.length, seats, players: 2, ...more } as unknown as World;
}

const ALL = () => true;

describe("the keys of a skirmish", () => {
  it("conflict with each other nowhere, and with none of the page", () => {
    const codes = [...ACTION_KEYS.map(({ code }) => code), ...Object.keys(ARROWS), ...GROUPS, LAYER_KEY, SOUND_KEY];
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  });

  it("leave the keys alone with which a page is used", () => {
    const codes = ACTION_KEYS.map(({ code }) => code);
    for (const code of ["Tab", "Enter", "Space", "Escape"]) expect(codes).not.toContain(code);
  });

  it("are shown wherever they train, build or research", () => {
    const shown = new Set([...MOUSE_LINES, ...ORDER_LINES].flatMap(({ keys }) => keys));
    for (const { code, action } of ACTION_KEYS) {
      if (["train", "build", "research"].includes(action.type)) expect(shown).toContain(code.replace("Key", ""));
    }
  });
});

describe("the camera", () => {
  function camera(tiles = 30): Camera {
    const made = new Camera();
    made.fit(640, 400);
    made.jump({ x: 60, y: 70 }, tiles);
    return made;
  }

  it("leaves what is under the pointer where it is when it zooms", () => {
    for (const factor of [1.3, 0.8, 2]) {
      const made = camera();
      const before = made.spot(500, 90);
      made.zoom(factor, 500, 90);
      const after = made.spot(500, 90);
      expect(Math.hypot(after.x - before.x, after.y - before.y)).toBeLessThan(1e-6);
    }
  });

  it("never loses the map, however far it is dragged", () => {
    const made = camera();
    for (let i = 0; i < 50; i++) made.drag(400, -700);
    const corner = made.spot(0, made.height);
    expect(corner.x).toBeGreaterThan(-4);
    expect(corner.y).toBeLessThan(MAP + 4);
  });

  it("stands in the middle of a map that it shows as a whole", () => {
    const made = camera(200);
    expect(made.middle.x).toBe(MAP / 2);
    made.drag(300, 0);
    expect(made.middle.x).toBe(MAP / 2);
  });

  it("comes to rest where it glides to", () => {
    const made = camera();
    made.glide({ x: 30, y: 90 }, 24);
    for (let i = 0; i < 600; i++) made.move(16);
    expect(made.middle.x).toBeCloseTo(30, 2);
    expect(made.rests).toBe(true);
    expect(made.scale).toBeCloseTo(Math.sqrt(640 * 400) / 24, 6);
  });
});

describe("wishes", () => {
  it("wait for room, and are all given, once and in turn", () => {
    const wishes = new Wishes();
    const given: number[] = [];
    const writers = new Set<Commands>();
    for (let i = 0; i < 30; i++) {
      wishes.give((commands) => {
        writers.add(commands);
        const room = commands.move(i, i);
        if (room) given.push(i);
        return room;
      });
    }
    const lengths = [wishes.take(), wishes.take(), wishes.take(), wishes.take()].map((bytes) => bytes.length);
    expect(given).toEqual(Array.from({ length: 30 }, (_, i) => i));
    expect(lengths).toEqual([12, 12, 6, 0].map((count) => count * 5));
    expect(COMMANDS_MAX).toBe(12);
  });

  it("are forgotten when a seat changes hands", () => {
    const wishes = new Wishes();
    wishes.give((commands) => commands.stop());
    wishes.clear();
    expect(wishes.take().length).toBe(0);
  });

  it("name only places that a command can hold", () => {
    expect([-3, 0, 1.5, 64, 500].map(length)).toEqual([0, 0, 384, 64 * TILE, 32_767]);
  });

  it("of a box mean the fighters in it, and workers only where there is nobody else", () => {
    expect(kindsIn([Kind.Worker, Kind.Bow])).toBe(0b111100);
    expect(kindsIn([Kind.Worker, Kind.Worker])).toBe(0b10);
  });
});

describe("pictures between two frames", () => {
  it("show a unit on its way, and never a jump", () => {
    const scene = new Scene();
    scene.sample(worldOf([{ x: 10, y: 10 }]), ALL, 1000);
    scene.sample(worldOf([{ x: 11, y: 10 }]), ALL, 1050);
    let before = scene.x[0]!;
    expect(before).toBe(10);
    for (let now = 1050; now <= 1120; now += 5) {
      scene.move(now);
      expect(scene.x[0]! - before).toBeLessThan(0.12);
      expect(scene.x[0]!).toBeGreaterThanOrEqual(before);
      before = scene.x[0]!;
    }
    expect(before).toBe(11);
  });

  it("go on from where the unit was drawn when a frame comes early", () => {
    const scene = new Scene();
    scene.sample(worldOf([{ x: 10, y: 10 }]), ALL, 1000);
    scene.sample(worldOf([{ x: 11, y: 10 }]), ALL, 1050);
    scene.sample(worldOf([{ x: 12, y: 10 }]), ALL, 1078);
    scene.move(1078);
    expect(scene.x[0]!).toBeCloseTo(10.5, 6);
  });

  it("let nobody fly across the map who is born where another one died", () => {
    const scene = new Scene();
    scene.sample(worldOf([{ x: 10, y: 10 }]), ALL, 1000);
    scene.sample(worldOf([{ x: 90, y: 90 }]), ALL, 1050);
    scene.move(1051);
    expect([scene.x[0], scene.y[0]]).toEqual([90, 90]);
  });

  it("show nobody whom the watcher does not see, and those who come into sight where they are", () => {
    const scene = new Scene();
    const mine = (owner: number) => owner === 0;
    scene.sample(
      worldOf([
        { x: 10, y: 10 },
        { x: 20, y: 20, owner: 1 },
      ]),
      mine,
      1000,
    );
    expect([...scene.shown.subarray(0, scene.count)]).toEqual([0]);
    scene.sample(
      worldOf([
        { x: 10, y: 10 },
        { x: 21, y: 20, owner: 1 },
      ]),
      mine,
      1050,
    );
    scene.sample(
      worldOf([
        { x: 10, y: 10 },
        { x: 22, y: 20, owner: 1 },
      ]),
      ALL,
      1100,
    );
    scene.move(1100);
    expect(scene.x[1]).toBe(21);
  });

  it("strike when the state says so, not again and again", () => {
    const scene = new Scene();
    for (const [frame, cool] of [0, 16, 15, 14, 16].entries()) {
      scene.sample(worldOf([{ x: 10, y: 10, cool }]), ALL, 1000 + 50 * frame);
      expect(scene.struckAt[0]).toBe([-Infinity, 1050, 1050, 1050, 1200][frame]);
    }
  });
});

describe("where nobody steers", () => {
  const blow = (x: number, y: number): Game["event"] => ({
    ...{ type: "Blow", x: x * TILE, y: y * TILE, toX: 0, toY: 0, kind: Kind.Pike, owner: 0 },
  });

  it("the picture is at home, then with the army, then at the fight", () => {
    const director = new Director();
    const scene = new Scene();
    const army = Array.from({ length: 9 }, (_, i) => ({ x: 70 + i * 0.5, y: 40 }));
    expect(director.look(worldOf([]), scene, 0, 1000).at).toEqual({ x: 20, y: 30 });
    scene.sample(worldOf(army), ALL, 1000);
    expect(director.look(worldOf(army), scene, 0, 1100).at.x).toBeCloseTo(72, 3);
    for (let i = 0; i < 12; i++) director.note(blow(100, 100));
    expect(director.look(worldOf(army), scene, 0, 1200).at).toEqual({ x: 100, y: 100 });
  });

  it("the picture stays with a fight while another one begins", () => {
    const director = new Director();
    const scene = new Scene();
    for (let i = 0; i < 12; i++) director.note(blow(100, 100));
    director.look(worldOf([]), scene, 0, 1000);
    for (let i = 0; i < 16; i++) director.note(blow(20, 20));
    expect(director.look(worldOf([]), scene, 0, 1200).at).toEqual({ x: 100, y: 100 });
  });
});

describe("the players' colours", () => {
  // Viénot, Brettel, Mollon 1999: what is left of a colour without one of the cones, on linear light.
  const WITHOUT: Readonly<Record<string, readonly (readonly number[])[]>> = {
    "every cone": [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
    "no red": [
      [0.11238, 0.88762, 0],
      [0.11238, 0.88762, 0],
      [0.00401, -0.00401, 1],
    ],
    "no green": [
      [0.29275, 0.70725, 0],
      [0.29275, 0.70725, 0],
      [-0.02234, 0.02234, 1],
    ],
  };

  function seen([red, green, blue]: Rgb, rows: readonly (readonly number[])[]): number[] {
    const light = [red, green, blue].map((value) => (value / 255) ** 2.2);
    return rows.map(
      (row) => 255 * Math.max(0, row[0]! * light[0]! + row[1]! * light[1]! + row[2]! * light[2]!) ** (1 / 2.2),
    );
  }

  it.each(Object.keys(WITHOUT))("can be told apart with %s", (name) => {
    const shown = PLAYERS.map(({ rgb }) => seen(rgb, WITHOUT[name]!));
    for (const [a, one] of shown.entries()) {
      for (const [b, other] of shown.entries()) {
        const far = Math.hypot(...one.map((value, i) => value - other[i]!));
        if (a < b) expect(far, `players ${a + 1} and ${b + 1}`).toBeGreaterThan(40);
      }
    }
  });
});

describe("the words over a battle", () => {
  it("say who has won, and how", () => {
    const over = { phase: Phase.Over, winner: 2, byTime: 0, phaseFrame: 40 } as Partial<World>;
    expect(announcementOf(worldOf([], over))).toEqual({ title: "Player 2 wins", text: "Next match in 10", seat: 1 });
    expect(announcementOf(worldOf([], { ...over, byTime: 1 }))?.text).toBe("By points. Next match in 10");
    expect(announcementOf(worldOf([], { ...over, winner: 3 }))?.title).toBe("Nobody wins");
    expect(announcementOf(worldOf([], { phase: Phase.Playing }))).toBeUndefined();
  });

  it("are short", () => {
    expect([0, 9.2, 61, 720].map(timeText)).toEqual(["0:00", "0:10", "1:01", "12:00"]);
    expect(levelsText(0, 0, 0)).toBe("");
    expect(levelsText(2, 0, 1)).toBe("blades II, tools I");
  });

  it("count as strength who fights, and nobody who is defeated", () => {
    const seats = [
      { ...SEAT, units: 30, workers: 10 },
      { ...SEAT, alive: 0 },
    ] as unknown as World["seats"];
    expect(strengths(worldOf([], { seats }))).toEqual([21, 0]);
  });
});

describe("what a battle sounds like", () => {
  const AT = { x: 0, y: 0, owner: 0 };
  const EVENTS: Game["event"][] = [
    ...[0, 1, 2, 3, 4, 5].map((kind) => ({ ...AT, type: "Blow" as const, toX: 0, toY: 0, kind })),
    { ...AT, type: "Death", kind: Kind.Ram },
    { ...AT, type: "Razed", structure: 1 },
    { ...AT, type: "Built", structure: 1 },
    { type: "Researched", upgrade: 1, level: 1, owner: 0 },
    { type: "MatchEnd", winner: 1, byTime: 0 },
  ];

  it("can be made: no length, no frequency and no volume is zero", () => {
    for (const layer of EVENTS.flatMap((event) => layersOf(event, 0))) {
      for (const value of [layer.from, layer.to, layer.seconds, layer.volume]) expect(value).toBeGreaterThan(0);
    }
  });

  it("tells no player of the others' poverty and inventions", () => {
    expect(layersOf({ type: "TooPoor", owner: 1 }, 0)).toEqual([]);
    expect(layersOf({ type: "TooPoor", owner: 0 }, 0)).not.toEqual([]);
    expect(layersOf({ type: "Researched", upgrade: 1, level: 1, owner: 1 }, 0)).toEqual([]);
  });

  it("goes on when a rollback moves a blow by a frame", () => {
    const cues = skirmishCues();
    const event: Game["event"] = { ...AT, type: "Blow", toX: 0, toY: 0, kind: Kind.Bow };
    cues.add({ frame: 10, change: "happened", event });
    expect(cues.take()).toHaveLength(1);
    cues.add({ frame: 10, change: "cancelled", event });
    cues.add({ frame: 11, change: "happened", event: { ...event, x: 20 } });
    expect(cues.take()).toEqual([]);
  });
});
