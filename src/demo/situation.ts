// What a player has to be told while the match does not simply run: words, and what can be done about it.
import type { Tone } from "./wording.js";

export interface Facts {
  readonly phase:
    | "loading"
    | "broken"
    | "dialling"
    | "unreachable"
    | "unopened"
    | "refused"
    | "lobby"
    | "running"
    | "ended";
  /** The server's or the game's own words, where there are any. */
  readonly words: string;
  /** The other one of two players, as the page calls him. */
  readonly other: string;
  /** Two players in this page: nobody has to be invited. */
  readonly together: boolean;
  readonly carrierLost: boolean;
  readonly serverSilent: boolean;
  /** How long the match has stood still, and how long the rules let it, in ms. */
  readonly stillMs: number;
  readonly dropAfterMs: number;
  readonly catchingUp: boolean;
  readonly otherLeft: boolean;
}

export type Remedy = "invite" | "again" | "reload";

export interface Situation {
  readonly text: string;
  /** The same in a word or two, for the panel's head. */
  readonly head: string;
  readonly tone: Tone;
  readonly remedies: readonly Remedy[];
}

/** Standing still for less is felt, but needs no words: it is over before they are read. */
export const STILL_MS = 1000;

/** Undefined when there is nothing to say: the match runs. */
export function situationOf(facts: Facts): Situation | undefined {
  const { phase, words, other } = facts;
  switch (phase) {
    case "loading":
      return { text: "Loading the game…", head: "no match", tone: "fair", remedies: [] };
    case "broken":
      return { text: `The game could not be loaded. ${words}`, head: "no match", tone: "poor", remedies: ["reload"] };
    case "dialling":
      return { text: "Looking for the server…", head: "no match", tone: "fair", remedies: [] };
    case "unreachable":
      return {
        text: "The server cannot be reached. Trying again, by itself…",
        head: "no match",
        tone: "poor",
        remedies: [],
      };
    case "unopened":
      return {
        text: `${other} has not opened this room yet. Waiting…`,
        head: "no match",
        tone: "fair",
        remedies: ["invite"],
      };
    case "refused":
      return { text: words, head: "no match", tone: "poor", remedies: ["again"] };
    case "lobby":
      if (facts.together) return { text: "Starting…", head: "lobby", tone: "fair", remedies: [] };
      return {
        text: `Waiting for ${other.toLowerCase()}. Open this in another window or on a phone:`,
        head: "lobby",
        tone: "fair",
        remedies: ["invite"],
      };
    case "running":
      return interruption(facts);
    case "ended":
      return { text: words, head: "over", tone: "poor", remedies: ["again"] };
    default:
      return phase satisfies never;
  }
}

function interruption(facts: Facts): Situation | undefined {
  const { other } = facts;
  if (facts.carrierLost)
    return { text: "The connection is lost. Dialling again…", head: "waiting", tone: "poor", remedies: [] };
  if (facts.serverSilent)
    return { text: "The server is silent. Waiting…", head: "waiting", tone: "poor", remedies: [] };
  if (facts.otherLeft)
    return {
      text: `${other} has left. You may play on alone.`,
      head: "player left",
      tone: "fair",
      remedies: ["again"],
    };
  if (facts.stillMs > STILL_MS) {
    const left = Math.max(0, Math.ceil((facts.dropAfterMs - facts.stillMs) / 1000));
    return {
      text: `${other} is silent… the match goes on without him in ${left} s.`,
      head: "waiting",
      tone: "poor",
      remedies: [],
    };
  }
  if (facts.catchingUp) return { text: "Catching up…", head: "catching up", tone: "fair", remedies: [] };
  return undefined;
}
