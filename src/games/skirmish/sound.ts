// What a battle sounds like: its events as layers of noise and tones, as far as the watcher sees them, and not all at once.
import { type Layer, noise, tone, Voices } from "../voices.js";
import type { Painter } from "./draw/painter.js";
import { Kind, TILE } from "./rules.js";
import type { Game } from "./types.js";

type GameEvent = Game["event"];

/** Of many blows in one moment one is heard: an ear hears no more, and a loudspeaker neither. */
const BETWEEN_MS = 55;
/** Beyond the picture's edge, in shares of its width, nothing is heard. */
const BEYOND = 0.25;

export function skirmishSound(painter: Painter): Voices<GameEvent> {
  const heardAt = new Map<string, number>();
  const layers = (event: GameEvent): readonly Layer[] => {
    if (!painter.shows(event) || Math.abs(panOf(event)) > 1 + 2 * BEYOND) return [];
    const found = layersOf(event, painter.seat);
    const voice = "kind" in event ? `${event.type} ${event.kind}` : event.type;
    const now = performance.now();
    if (found.length === 0 || now - (heardAt.get(voice) ?? -Infinity) < BETWEEN_MS) return [];
    heardAt.set(voice, now);
    return found;
  };
  const panOf = (event: GameEvent) => {
    const { left, scale, width } = painter.camera;
    return "x" in event ? (((event.x / TILE - left) * scale) / width) * 2 - 1 : 0;
  };
  return new Voices({ layersOf: layers, panOf });
}

/** To the ears of one seat's player: the poverty of others is silent. */
export function layersOf(event: GameEvent, seat: number): readonly Layer[] {
  switch (event.type) {
    case "Blow":
      return blow(event.kind);
    case "Death":
      if (event.kind === Kind.Ram) return [noise(900, 120, 0.4, 0.3), tone("sine", 90, 40, 0.3, 0.3)];
      return [noise(700, 200, 0.12, 0.12), tone("sine", 160, 70, 0.14, 0.12)];
    case "Razed":
      return [noise(1400, 70, 1.1, 0.6), tone("sine", 80, 28, 0.9, 0.6)];
    case "Founded":
      return event.owner === seat ? [noise(1200, 500, 0.06, 0.16), noise(1100, 480, 0.06, 0.14, 0.12)] : [];
    case "Built":
      return event.owner === seat
        ? [tone("triangle", 392, 392, 0.16, 0.14), tone("triangle", 587, 587, 0.26, 0.14, 0.12)]
        : [];
    case "Researched":
      if (event.owner !== seat) return [];
      return [523, 659, 784].map((pitch, index) => tone("triangle", pitch, pitch, 0.24, 0.12, index * 0.09));
    case "TooPoor":
      return event.owner === seat ? [tone("square", 150, 130, 0.12, 0.08)] : [];
    case "Fallen":
      return [tone("sine", 98, 30, 1.2, 0.8), noise(900, 80, 1, 0.4)];
    case "MatchStart":
      return [tone("triangle", 294, 294, 0.3, 0.16), tone("triangle", 440, 440, 0.5, 0.16, 0.22)];
    case "MatchEnd":
      return [392, 494, 587, 784].map((pitch, index) => tone("triangle", pitch, pitch, 0.4, 0.16, index * 0.16));
    case "Born":
      return [];
    default:
      return event satisfies never;
  }
}

function blow(kind: number): readonly Layer[] {
  switch (kind) {
    case Kind.Worker:
    case Kind.Pike:
      return [noise(3200, 1500, 0.05, 0.12), tone("triangle", 900, 620, 0.05, 0.05)];
    case Kind.Rider:
      return [noise(2600, 1200, 0.06, 0.13), tone("triangle", 700, 460, 0.06, 0.06)];
    case Kind.Ram:
      return [noise(600, 160, 0.22, 0.24), tone("sine", 120, 60, 0.2, 0.24)];
    default: // a bow, or a turret's crossbow
      return [noise(1800, 4200, 0.07, 0.08)];
  }
}
