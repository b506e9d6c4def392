// Players without a page: what they press is made of dice alone, so that a seed is a match.
import { Random } from "../netsim/random.js";
import { classOf, elementBytes, type Schema } from "../simulation/schema.js";
import { SEATS_MAX } from "../wire/limits.js";

/** Writes a seat's input for the next frame into `into`, and answers its length. */
export type Bot = (into: Uint8Array) => number;

interface Hands {
  dice: Random;
  /** Of the longest input. */
  bytes: number;
  /** Writes another input: all buttons at random, or a command of any length. */
  press: Bot;
  /** Each input is a command, carried out once. */
  commands: boolean;
}

/** Half a second at 60 frames per second. */
const HELD_FRAMES_MAX = 30;

/** What the names of --bot mean. */
export const BOTS = {
  random: {
    what: "other buttons in every frame",
    make: ({ press }) => press,
  },
  hold: {
    what: "holds each press for up to 30 frames; gives a command once, then none for as long",
    make: holding,
  },
  idle: {
    what: "presses nothing",
    make:
      ({ commands, bytes }) =>
      (into) => {
        into.fill(0);
        return commands ? 0 : bytes;
      },
  },
} as const satisfies Record<string, { what: string; make: (hands: Hands) => Bot }>;

export type BotName = keyof typeof BOTS;

export function isBot(name: string): name is BotName {
  return Object.hasOwn(BOTS, name);
}

/** One bot for each seat, each with its own dice: what one presses changes nothing for the others. */
export function botsOf(schema: Schema, name: BotName, options: { players: number; seed: number }): Bot[] {
  const { bytes } = classOf(schema, schema.input);
  const bools = boolsOf(schema, schema.input);
  const commands = schema.commands === true;
  return Array.from({ length: options.players }, (_, seat) => {
    const dice = new Random(options.seed * SEATS_MAX + seat);
    const press: Bot = (into) => {
      const length = commands ? dice.below(bytes + 1) : bytes;
      into.fill(0);
      for (let i = 0; i < length; i++) into[i] = dice.u32() & 255;
      for (const at of bools) into[at]! &= 1;
      return length;
    };
    return BOTS[name].make({ dice, bytes, press, commands });
  });
}

function holding({ dice, press, commands }: Hands): Bot {
  let held = new Uint8Array(0);
  /** Frames that it is held for, beside the one in which it is pressed. */
  let more = 0;
  return (into) => {
    if (more > 0) {
      more -= 1;
      into.fill(0);
      into.set(held);
      return held.length;
    }
    const length = press(into);
    held = into.slice(0, commands ? 0 : length);
    more = dice.below(HELD_FRAMES_MAX);
    return length;
  };
}

/** Where the input's bools lie: any other byte than 0 and 1 is none that a page could send. */
function boolsOf(schema: Schema, className: string, base = 0): number[] {
  return classOf(schema, className).fields.flatMap((field) => {
    const bytes = elementBytes(schema, field);
    const places = Array.from({ length: field.count ?? 1 }, (_, i) => base + field.offset + i * bytes);
    if (field.kind === "nested") return places.flatMap((at) => boolsOf(schema, field.type, at));
    return field.bool || field.type === "bool" ? places : [];
  });
}
