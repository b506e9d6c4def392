// What a browser test or a curious person sees of the page, as `globalThis.samestep`.
import type { GameTypes, Match } from "../client/match.js";
import { agreedHash } from "./agreed.js";
import type { LiveSeat } from "./live-seat.js";

/**
 * `samestep.matches[0].stats.frame` in the console. Reading changes nothing; a match is the library's own object,
 * with `setNetwork`, `injectFault` and `leave`.
 */
export interface TestWindow {
  readonly game: string;
  readonly room: string;
  /** In the order of the panels: all players, or the one of this page. Undefined while there is no seat. */
  readonly matches: readonly (Match | undefined)[];
  /** What each panel is at: "loading", "dialling", "lobby", "running", "ended", … */
  readonly phases: readonly string[];
  /** Up to which frame all agree, and the low half of the hash chain there. */
  agreed(panel: number): { end: number; hash: string } | undefined;
  /** The match so far as the bytes of a replay file. */
  replay(panel: number): Uint8Array | undefined;
  /** Whether the bot plays; may be set. */
  bot(panel: number, plays?: boolean): boolean;
}

export function exposeForTests<G extends GameTypes>(
  page: () => { game: string; room: string; seats: readonly LiveSeat<G>[] },
): void {
  const match = (panel: number) => page().seats[panel]?.match;
  const seen: TestWindow = {
    get game() {
      return page().game;
    },
    get room() {
      return page().room;
    },
    get matches() {
      return page().seats.map((seat) => seat.match);
    },
    get phases() {
      return page().seats.map((seat) => seat.phase);
    },
    agreed(panel) {
      const found = match(panel);
      return found === undefined ? undefined : agreedHash(found);
    },
    replay(panel) {
      const found = match(panel);
      return found === undefined || found.stats.confirmedEnd === 0 ? undefined : found.replay();
    },
    bot(panel, plays) {
      const { hands } = page().seats[panel]!.options.seated;
      if (plays !== undefined) hands.bot = plays;
      return hands.bot;
    },
  };
  Object.defineProperty(globalThis, "samestep", { value: seen, configurable: true });
}
