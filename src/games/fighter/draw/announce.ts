// The words in the middle of the picture, from the phase of the match.
import { CHARACTERS } from "../characters.js";
import { INTRO_FRAMES, Phase, Winner } from "../rules.js";
import type { World } from "../types.js";

export interface Banner {
  readonly title: string;
  readonly text?: string;
  /** Without a band behind it, which would hide what has begun already. */
  readonly bare?: true;
  /** Whose colour the title has. */
  readonly seat?: 0 | 1;
}

const FIGHT_FRAMES = 45;
const MATCH_OVER_FRAMES = 240;

export function bannerOf(world: World, names: readonly [string, string]): Banner | undefined {
  switch (world.phase) {
    case Phase.Intro:
      return world.phaseFrame < INTRO_FRAMES - 20
        ? { title: `Round ${world.round}`, text: versus(world) }
        : { title: "Ready" };
    case Phase.Fight:
      return world.phaseFrame < FIGHT_FRAMES ? { title: "Fight!", bare: true } : undefined;
    case Phase.Ko:
      if (world.byTime !== 0) return { title: "Time" };
      return { title: world.roundWinner === Winner.Draw ? "Double K.O." : "K.O." };
    case Phase.RoundOver:
      return wonBy(world.roundWinner, names, "wins the round", "The round is a draw", perfect(world));
    default: {
      const seconds = Math.max(1, Math.ceil((MATCH_OVER_FRAMES - world.phaseFrame) / 60));
      return wonBy(world.matchWinner, names, "wins the match", "The match is a draw", `Next match in ${seconds}`);
    }
  }
}

function wonBy(
  winner: number,
  names: readonly [string, string],
  wins: string,
  draw: string,
  text: string | undefined,
): Banner {
  const more = text === undefined ? {} : { text };
  if (winner === Winner.First) return { title: `${names[0]} ${wins}`, seat: 0, ...more };
  if (winner === Winner.Second) return { title: `${names[1]} ${wins}`, seat: 1, ...more };
  return { title: draw, ...more };
}

function perfect(world: World): string | undefined {
  const winner = world.fighters[world.roundWinner === Winner.First ? 0 : 1]!;
  return world.roundWinner !== Winner.Draw && winner.health === CHARACTERS[winner.character]!.health
    ? "Perfect"
    : undefined;
}

function versus(world: World): string {
  const [first, second] = world.fighters.map((fighter) => CHARACTERS[fighter.character]!.name);
  return `${first} against ${second}`;
}
