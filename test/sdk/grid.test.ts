// The spatial grid against a sort that anybody can read.
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { Random } from "../../src/netsim/random.js";
import { stateView } from "../../src/simulation/view.js";
import { type BuiltGame, compileGame } from "../../src/toolchain/index.js";
import { REPOSITORY, Running } from "../toolchain/project.js";

const CELLS = 12;
const NOT_HERE = 255;

interface World {
  readonly count: number;
  readonly order: Iterable<number>;
  readonly begins: Iterable<number>;
}

let game: BuiltGame;
beforeAll(async () => {
  game = await compileGame({ entry: join(REPOSITORY, "test/games/sorter.ts") });
});

function sorted(running: Running, cellOf: readonly number[]): { order: number[]; begins: number[] } {
  const { schema } = running.game;
  running.press(0, 1, Uint8Array.from(cellOf));
  running.step();
  const world = stateView(schema, schema.root, running.view, schema.regions.state.address) as World;
  return { order: [...world.order].slice(0, world.count), begins: [...world.begins] };
}

describe("sortByCell", () => {
  test("orders things by cell, then by number, leaves out who is nowhere, and says where each cell begins", () => {
    const random = new Random(11);
    const running = new Running(game);
    for (let round = 0; round < 300; round++) {
      // Few cells in some rounds, so that crowds and empty cells both occur.
      const cells = 1 + random.below(CELLS);
      const cellOf = Array.from({ length: random.below(65) }, () =>
        random.below(5) === 0 ? NOT_HERE : random.below(cells),
      );
      const there = cellOf.flatMap((cell, thing) => (cell === NOT_HERE ? [] : [{ cell, thing }]));
      const order = [...there].sort((a, b) => a.cell - b.cell || a.thing - b.thing).map(({ thing }) => thing);
      const begins = Array.from({ length: CELLS + 1 }, (_, each) => there.filter(({ cell }) => cell < each).length);
      expect(sorted(running, cellOf), `round ${round}: ${cellOf}`).toEqual({ order, begins });
    }
  });

  test("stops at a cell outside of the grid", () => {
    const running = new Running(game);
    expect(() => sorted(running, [0, CELLS])).toThrow();
  });
});
