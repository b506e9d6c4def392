// A schedule: a whole match as data, with its players, their networks and machines, and everything that goes wrong when.
import type { Conditions } from "../../src/netsim/conditions.js";
import type { LinkMode } from "../../src/netsim/link.js";

export type GameName = "fighter" | "scramble" | "parley" | "scroll";

export type Direction = "up" | "down";

/** A link as far as it is not perfect: JSON knows no Infinity, and a short schedule reads best. */
export type Weather = Partial<Conditions>;

export interface PlayerPlan {
  /** Seeds his luck and his hands, so that he does the same when others are taken out of the schedule. */
  dice: number;
  up: Weather;
  down: Weather;
  /** Drift of his clock in parts per million, and where it stands at time zero, in ms. */
  skewPpm: number;
  offsetMs: number;
  /** Time between two ticks of his host. */
  tickMs: number;
  /** How often he changes what he holds, or gives a command: a chance each frame. */
  restless: number;
  /** What he keeps: every recent state, as few as the law allows, or only confirmed ones. */
  ring: "usual" | "shortest" | "sparse";
  /** He only looks on. Such are the last of the players, since seats are for the others. */
  watches?: boolean;
}

/** All times in ms. What has an `until` is over by then; the rest happens once. */
export type Trouble =
  /** Nothing passes: a partition is a cut of several players. */
  | { kind: "cut"; at: number; until: number; player: number; directions: Direction[] }
  /** Another weather on one link. */
  | { kind: "storm"; at: number; until: number; player: number; direction: Direction; weather: Weather }
  /** His host does nothing. */
  | { kind: "pause"; at: number; until: number; player: number }
  /** A step costs his machine so much. */
  | { kind: "slow"; at: number; until: number; player: number; stepMs: number }
  /** His application takes no datagrams and no events. */
  | { kind: "undrained"; at: number; until: number; player: number }
  /** The sequencer's machine does nothing. */
  | { kind: "sleep"; at: number; until: number }
  /** A new carrier; the sequencer hears that the old one is gone, or does not. */
  | { kind: "rebind"; at: number; player: number; noticed: boolean }
  /** He asks for another input delay. */
  | { kind: "delay"; at: number; player: number; inputDelay: number }
  /** His clock is set forward or back. */
  | { kind: "jump"; at: number; player: number; ms: number }
  | { kind: "leave"; at: number; player: number }
  /** He vanishes without a word, and never comes back. */
  | { kind: "kill"; at: number; player: number };

export interface Schedule {
  seed: number;
  game: GameName;
  mode: LinkMode;
  /** The match is over when everybody who stayed has confirmed so many. */
  frames: number;
  /** 0 is lockstep. */
  predictionWindow: number;
  inputDelay: number;
  dropAfterMs: number;
  /** As the match's settings; where they are missing everybody waits, for all, and the delay stays. */
  policy?: 0 | 1;
  autoDelay?: 0 | 1;
  startWith?: number;
  /** The sequencer runs the game, too. */
  authority?: boolean;
  players: PlayerPlan[];
  troubles: Trouble[];
  /** When every link is mended; troubles are over by then, but those of who only looks on. */
  healAt: number;
  /** A bit of one player's state that turns over at a frame. */
  fault: { player: number; frame: number; bit: number } | undefined;
}

/** How many play, who are the first; the others look on. */
export function seatsOf({ players }: Schedule): number {
  return players.filter(({ watches }) => watches !== true).length;
}

/** When those who left or fell silent are out of the match as well, and nothing keeps the others from playing. */
export function calmAt(schedule: Schedule): number {
  return schedule.healAt + (anyoneGoes(schedule) ? schedule.dropAfterMs : 0);
}

/** Whether one of those who play leaves for good. */
export function anyoneGoes(schedule: Schedule): boolean {
  const seats = seatsOf(schedule);
  return schedule.troubles.some(
    (trouble) => (trouble.kind === "leave" || trouble.kind === "kill") && trouble.player < seats,
  );
}

/** The player whom a trouble concerns; undefined for those of the sequencer. */
export function victimOf(trouble: Trouble): number | undefined {
  return "player" in trouble ? trouble.player : undefined;
}

/** A schedule as people read it: one player or trouble a line. */
export function write(schedule: Schedule): string {
  const { players, troubles, ...rest } = schedule;
  const lines = (list: readonly object[]): string => {
    if (list.length === 0) return "[]";
    return `[\n${list.map((each) => `    ${JSON.stringify(each)}`).join(",\n")}\n  ]`;
  };
  const fields = Object.entries(rest).filter(([, value]) => value !== undefined);
  const scalars = fields.map(([name, value]) => `  "${name}": ${JSON.stringify(value)},\n`).join("");
  return `{\n${scalars}  "players": ${lines(players)},\n  "troubles": ${lines(troubles)}\n}\n`;
}

/** What `write` wrote. A person edits such files: what is missing, or of another kind, is said by name. */
export function read(text: string): Schedule {
  const schedule = checked<Omit<Schedule, "fault"> & Partial<Schedule>>(text, FIELDS);
  return { ...schedule, fault: schedule.fault };
}

/** What a field of a schedule holds. */
export type Kinds<S> = Partial<Record<keyof S, "number" | "string" | "list">>;

/** The object that a text holds, whose fields are there and of their kind. */
export function checked<S extends object>(text: string, kinds: Kinds<S>): S {
  const schedule = JSON.parse(text) as S;
  for (const [name, kind] of Object.entries(kinds) as [keyof S & string, string][]) {
    const value = schedule?.[name];
    if (value === undefined) throw new Error(`the schedule has no "${name}"`);
    const is = Array.isArray(value) ? "list" : typeof value;
    if (is !== kind) throw new Error(`"${name}" is ${JSON.stringify(value)}, not a ${kind}`);
  }
  return schedule;
}

const FIELDS: Kinds<Schedule> = {
  ...{ seed: "number", game: "string", mode: "string", frames: "number", predictionWindow: "number" },
  ...{ inputDelay: "number", dropAfterMs: "number", players: "list", troubles: "list", healAt: "number" },
};
