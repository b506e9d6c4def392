// What each kind of trouble does to a match: one entry a kind, so that a new one is one entry more.
import { PERFECT } from "../../src/netsim/conditions.js";
import type { VirtualMatch, VirtualPlayer } from "../../src/netsim/virtual-match.js";
import type { WasmSimulation } from "../../src/simulation/game.js";
import type { Direction, Schedule, Trouble, Weather } from "./schedule.js";

type Match = VirtualMatch<WasmSimulation>;
type Victim = VirtualPlayer<WasmSimulation>;
type Of<K extends Trouble["kind"]> = Extract<Trouble, { kind: K }>;

/** Once links are mended: a good path, both ways and with its jitter. */
const HEALED: Weather = { delayMs: 20, jitterMs: 5 };
export const HEALED_ROUND_TRIP_MS = 50;

/** What happens at once. Links and machines are under what lasts, which `restate` tells them. */
const HAPPENS: { [K in Trouble["kind"]]?: (trouble: Of<K>, victim: Victim, match: Match) => void } = {
  pause: ({ until }, victim) => {
    victim.pausedUntil = Math.max(victim.pausedUntil, until);
  },
  undrained: ({ until }, victim) => {
    victim.undrainedUntil = Math.max(victim.undrainedUntil, until);
  },
  rebind: ({ noticed }, victim, { sequencer }) => {
    if (noticed) sequencer.disconnect(victim.peer);
    victim.reconnect();
  },
  delay: ({ inputDelay }, { player }) => {
    if (player.phase === "running") player.requestInputDelay(inputDelay);
  },
  jump: ({ ms }, victim) => victim.jump(ms),
  leave: (_, victim) => victim.player.leave(),
  kill: (_, victim) => {
    victim.gone = true;
  },
};

/** Works off a schedule's troubles as their times come. */
export class Troubles {
  readonly #schedule: Schedule;
  readonly #match: Match;
  /** When something begins or ends. */
  readonly #times: Set<number>;
  /** Those that came while there was somebody to suffer them. */
  readonly happened = new Set<Trouble>();

  constructor(schedule: Schedule, match: Match) {
    this.#schedule = schedule;
    this.#match = match;
    const { troubles, healAt } = schedule;
    this.#times = new Set([0, healAt, ...troubles.flatMap((trouble) => [trouble.at, untilOf(trouble)])]);
  }

  turn(now: number): void {
    if (!this.#times.has(now)) return;
    for (const trouble of this.#schedule.troubles) if (trouble.at === now) this.#happen(trouble);
    for (const victim of this.#match.players) this.#restate(victim, now);
  }

  #happen(trouble: Trouble): void {
    if (trouble.kind === "sleep") {
      this.#match.asleepUntil = Math.max(this.#match.asleepUntil, trouble.until);
      this.happened.add(trouble);
      return;
    }
    const victim = this.#match.players[trouble.player]!;
    if (victim.gone) return;
    this.happened.add(trouble);
    const happen = HAPPENS[trouble.kind] as ((trouble: Trouble, victim: Victim, match: Match) => void) | undefined;
    happen?.(trouble, victim, this.#match);
  }

  /** Troubles may overlap: what a link or a machine suffers now follows from all of them. */
  #restate(victim: Victim, now: number): void {
    const lasting = this.#schedule.troubles.filter(
      (trouble) =>
        "player" in trouble && trouble.player === victim.index && trouble.at <= now && now < untilOf(trouble),
    );
    const healed = now >= this.#schedule.healAt;
    for (const direction of ["up", "down"] as const) {
      const link = victim[direction];
      link.cut = lasting.some((trouble) => trouble.kind === "cut" && trouble.directions.includes(direction));
      const weather = healed ? HEALED : this.#weather(victim, direction, lasting);
      link.conditions = { ...PERFECT, ...weather };
    }
    victim.stepMs = Math.max(0, ...lasting.map((trouble) => (trouble.kind === "slow" ? trouble.stepMs : 0)));
  }

  #weather({ index }: Victim, direction: Direction, lasting: Trouble[]): Weather {
    const storm = lasting.findLast((trouble) => trouble.kind === "storm" && trouble.direction === direction);
    if (storm?.kind === "storm") return storm.weather;
    return this.#schedule.players[index]![direction];
  }
}

export function untilOf(trouble: Trouble): number {
  return "until" in trouble ? trouble.until : trouble.at;
}
