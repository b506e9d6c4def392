// The probe game, built once, and one call of one SDK function.
import { join } from "node:path";
import { classOf } from "../../src/simulation/schema.js";
import { inputWriter } from "../../src/simulation/view.js";
import { type BuiltGame, compileGame } from "../../src/toolchain/index.js";
import { REPOSITORY, Running } from "../toolchain/project.js";

/** What each number of the probe's switch calls. */
export const FUNCTIONS = {
  mul: 1,
  div: 2,
  sqrt: 3,
  sin: 4,
  cos: 5,
  toInt: 6,
  fromInt: 7,
  next: 8,
  below: 9,
  between: 10,
  seed: 11,
  presenceAndLength: 12,
  playersAndLimit: 13,
  setLeft: 14,
  getRight: 15,
  setCell: 16,
  ping: 17,
  big: 18,
  lengths: 19,
  totals: 20,
  fillLeft: 21,
  fillRight: 22,
  constants: 23,
} as const;

/** Building takes most of a test's time, so each test file does it once. */
export function buildProbe(): Promise<BuiltGame> {
  return compileGame({ entry: join(REPOSITORY, "test/games/probe.ts") });
}

export class Probe extends Running {
  readonly #input = new Uint8Array(16);
  readonly #resultAddress: number;

  constructor(game: BuiltGame) {
    super(game);
    const { regions, root } = game.schema;
    const result = classOf(game.schema, root).fields.find(({ name }) => name === "result")!;
    this.#resultAddress = regions.state.address + result.offset;
  }

  call(name: keyof typeof FUNCTIONS, a = 0, b = 0): number {
    const write = inputWriter(this.game.schema);
    const length = write({ function: FUNCTIONS[name], a, b }, this.#input);
    this.press(0, 1, this.#input.subarray(0, length));
    this.step();
    return Number(this.view.getBigInt64(this.#resultAddress, true));
  }
}
