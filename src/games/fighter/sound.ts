// What the fighter sounds like: every event as layers of noise and tones.
import { type Layer, noise, tone, Voices } from "../voices.js";
import { STAGE_WIDTH } from "./rules.js";
import type { Game } from "./types.js";

type GameEvent = Game["event"];

export function fighterSound(): Voices<GameEvent> {
  return new Voices({ layersOf, panOf: (event) => ("x" in event ? (event.x / STAGE_WIDTH) * 2 - 1 : 0) });
}

/** What an event sounds like. Times in seconds, frequencies in Hz. */
export function layersOf(event: GameEvent): readonly Layer[] {
  switch (event.type) {
    case "Swing":
      return [noise(900 + 300 * event.strength, 380, 0.09 + 0.03 * event.strength, 0.16 + 0.05 * event.strength)];
    case "Hit": {
      const weight = event.strength + 1;
      if (event.blocked !== 0) return [tone("square", 320, 190, 0.07, 0.12), noise(2400, 1100, 0.09, 0.22)];
      return [
        tone("sine", 210 - 25 * weight, 46, 0.1 + 0.05 * weight, 0.5 + 0.1 * weight),
        noise(1900, 240, 0.08 + 0.03 * weight, 0.5),
      ];
    }
    case "Jump":
      return [tone("sine", 180, 330, 0.1, 0.1), noise(700, 1400, 0.08, 0.06)];
    case "Land":
      return [tone("sine", 120, 52, 0.1, 0.26), noise(420, 160, 0.09, 0.16)];
    case "Throw":
      return [noise(500, 1300, 0.16, 0.25), tone("sine", 130, 40, 0.28, 0.7, 0.05)];
    case "Tech":
      return [tone("triangle", 660, 990, 0.12, 0.22), noise(3000, 1500, 0.08, 0.14)];
    case "ProjectileSpawn":
      return event.great !== 0
        ? [tone("sawtooth", 160, 620, 0.32, 0.2), noise(500, 3200, 0.34, 0.3)]
        : [tone("sawtooth", 240, 520, 0.16, 0.1), noise(800, 2600, 0.2, 0.2)];
    case "Clash":
      return [tone("square", 1040, 420, 0.12, 0.12), noise(3600, 600, 0.22, 0.36)];
    case "HazardWarn":
      return [0, 0.18, 0.36].map((after) => tone("triangle", 880, 860, 0.12, 0.18, after));
    case "HazardStrike":
      return [tone("sine", 110, 34, 0.5, 0.8), noise(2600, 180, 0.6, 0.6)];
    case "Ko":
      return [tone("sine", 98, 30, 0.9, 0.9), noise(900, 80, 0.7, 0.5), tone("triangle", 392, 196, 0.7, 0.16)];
    case "RoundStart":
      return [tone("triangle", 440, 440, 0.16, 0.2), tone("triangle", 660, 660, 0.3, 0.2, 0.16)];
    case "RoundEnd":
      return [tone("triangle", 523, 523, 0.16, 0.2), tone("triangle", 392, 392, 0.3, 0.2, 0.16)];
    case "MatchEnd":
      return [523, 659, 784].map((pitch, index) => tone("triangle", pitch, pitch, 0.34, 0.2, index * 0.15));
    default:
      return event satisfies never;
  }
}
