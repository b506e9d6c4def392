// A player's own inputs: one sample a frame, whose place the input delay says; nothing that was pressed is lost on the way.
import { beforeAll, describe, expect, it } from "vitest";
import { FinalInputs } from "../../src/session/inputs/final-inputs.js";
import { InputDelay } from "../../src/session/inputs/input-delay.js";
import { buttonBytes } from "../../src/session/inputs/merging.js";
import { OwnInputs } from "../../src/session/inputs/own-inputs.js";
import type { Game } from "../../src/simulation/game.js";
import type { Schema } from "../../src/simulation/schema.js";
import { CELL_HEADER_BYTES } from "../../src/simulation/simulation.js";
import { testGame } from "../games.js";

let game: Game;
let held: Schema;
let commands: Schema;
beforeAll(async () => {
  game = await testGame("scramble");
  held = game.schema;
  commands = { ...held, commands: true };
}, 60_000);

const BYTES = 8;

class Rig {
  readonly delay: InputDelay;
  readonly inputs: FinalInputs;
  readonly own: OwnInputs;
  constructor(schema: Schema, inputDelay: number) {
    this.inputs = new FinalInputs({ seats: 1, cellBytes: CELL_HEADER_BYTES + BYTES, inputDelay });
    this.delay = new InputDelay(inputDelay);
    this.own = new OwnInputs(this.inputs, 0, this.delay, schema);
  }
  /** Frames [begin, end), in each of which `press` says what is pressed. */
  play(begin: number, end: number, press: (frame: number) => number[]): void {
    for (let frame = begin; frame < end; frame++) this.own.sample(frame, () => Uint8Array.from(press(frame)));
  }
  get played(): number[][] {
    return Array.from({ length: this.inputs.held(0) }, (_, frame) => {
      const record = this.inputs.recordOf(0, frame);
      return [...record.subarray(CELL_HEADER_BYTES, CELL_HEADER_BYTES + this.inputs.lengthAt(0, frame))];
    });
  }
}

describe("own inputs", () => {
  it("are played after the delay, each frame's sample once", () => {
    const r = new Rig(held, 2);
    r.play(0, 5, (frame) => [frame]);
    r.own.sample(4, () => Uint8Array.of(99)); // a stalled frame that comes again
    r.play(5, 6, (frame) => [frame]);
    expect(r.played).toEqual([[], [], [0], [1], [2], [3], [4], [5]]);
  });

  it("fill the gap of a raised delay with what was held before", () => {
    const r = new Rig(held, 1);
    r.delay.change(3, 4);
    r.play(0, 6, (frame) => [10 + frame]);
    expect(r.played).toEqual([[], [10], [11], [12], [12], [12], [12], [13], [14], [15]]);
  });

  it("press every button that was pressed while a delay is lowered", () => {
    const r = new Rig(held, 4);
    r.delay.change(3, 1);
    r.play(0, 10, (frame) => (frame === 4 ? [2, 1] : frame === 5 ? [4, 0] : [0, 0]));
    // Frames 3 to 5 share frame 7 with frame 6; and all frames are there.
    expect(r.played.slice(4)).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
      [6, 1],
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
    expect(r.inputs.held(0)).toBe(11);
  });

  it("share the first frame that is free, or wait for theirs, where the delay is lowered before the first of them", () => {
    const r = new Rig(held, 3);
    r.delay.change(0, 0);
    r.play(0, 6, (frame) => [1 << frame, frame]);
    expect(r.played).toEqual([[], [], [], [15, 3], [16, 4], [32, 5]]);
    const line = new Rig(commands, 3);
    line.delay.change(0, 1);
    line.play(0, 6, (frame) => (frame < 2 ? [frame] : []));
    expect(line.played).toEqual([[], [], [], [0], [1], [], []]);
  });

  it("let the newest of a number count that is no mask of buttons", () => {
    const schema: Schema = {
      ...held,
      input: "Aim",
      classes: {
        Aim: {
          ...held.classes[held.input]!,
          fields: [
            { name: "angle", offset: 0, type: "u16", kind: "number" },
            { name: "fire", offset: 2, type: "bool", kind: "number" },
            { name: "buttons", offset: 4, type: "u32", kind: "number" },
          ],
        },
      },
    };
    expect([...buttonBytes(schema, BYTES)]).toEqual([0, 0, 255, 0, 255, 255, 255, 255]);
    const r = new Rig(schema, 2);
    r.delay.change(2, 0);
    r.play(0, 5, (frame) => [frame, 0, frame === 2 ? 1 : 0, 0, 1 << frame]);
    expect(r.played[4]).toEqual([4, 0, 1, 0, 4 | 8 | 16]);
  });

  it("carry out every command once and in order, whatever the delay does", () => {
    const r = new Rig(commands, 6);
    const given: number[][] = [];
    r.delay.change(10, 1);
    r.delay.change(20, 9);
    r.delay.change(25, 0);
    r.play(0, 80, (frame) => {
      const command = frame < 45 && frame % 3 !== 1 ? [frame, 1] : [];
      if (command.length > 0) given.push(command);
      return command;
    });
    expect(r.played.filter(({ length }) => length > 0)).toEqual(given);
    expect(r.inputs.held(0)).toBe(80);
  });

  it("catch up with a lowered delay as soon as nothing is commanded", () => {
    const r = new Rig(commands, 4);
    r.delay.change(2, 0);
    r.play(0, 30, (frame) => (frame < 12 || frame > 24 ? [frame] : []));
    expect(r.played[25]).toEqual([25]);
    expect(r.played[12]).toEqual([8]); // four late, since every frame had its command
  });

  it("keep a command apart from the next one: nobody knows what both together would mean", () => {
    const r = new Rig(commands, 3);
    r.delay.change(1, 0);
    r.play(0, 12, (frame) => (frame < 5 ? [frame] : []));
    expect(r.played.filter(({ length }) => length > 0)).toEqual([[0], [1], [2], [3], [4]]);
  });

  it("are not asked for where the sequencer has made the frame final already", () => {
    const r = new Rig(held, 2);
    r.play(0, 3, () => [7]);
    for (let i = 0; i < 10; i++) r.inputs.pushReplaced(0);
    let asked = 0;
    r.play(3, 20, () => [asked++]);
    expect(r.inputs.held(0)).toBe(22);
    expect(r.played[14]).toEqual([7]);
    expect(r.played[15]).toEqual([0]); // frame 13 is the first that is asked for
  });
});
