// The words in the middle of the picture when a match is over.
import { FRAMES_PER_SECOND, OVER_FRAMES, Phase } from "../rules.js";
import type { World } from "../types.js";
import type { Camera } from "./camera.js";
import { type Palette, PLAYERS } from "./palette.js";

const FONT = 'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';

export interface Announcement {
  readonly title: string;
  readonly text: string;
  /** Whose colour the title has, from 0. */
  readonly seat: number | undefined;
}

export function announcementOf(world: World): Announcement | undefined {
  if (world.phase !== Phase.Over) return undefined;
  const winners = world.seats.flatMap((_, seat) => (((world.winner >> seat) & 1) === 1 ? [seat] : []));
  const seconds = Math.max(1, Math.ceil((OVER_FRAMES - world.phaseFrame) / FRAMES_PER_SECOND));
  const text = `${world.byTime !== 0 ? "By points. " : ""}Next match in ${seconds}`;
  const [seat, ...others] = winners;
  if (seat === undefined || others.length > 0) return { title: "Nobody wins", text, seat: undefined };
  return { title: `Player ${seat + 1} wins`, text, seat };
}

export function drawAnnouncement(
  context: CanvasRenderingContext2D,
  world: World,
  { width, height }: Camera,
  palette: Palette,
): void {
  const said = announcementOf(world);
  if (said === undefined) return;
  const unit = Math.max(0.9, Math.min(1.9, width / 480));
  const middle = height * 0.4;
  context.fillStyle = palette.paper;
  context.fillRect(0, middle - 36 * unit, width, 72 * unit);
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = `800 ${30 * unit}px ${FONT}`;
  context.fillStyle = said.seat === undefined ? palette.ink : PLAYERS[said.seat]!.main;
  context.fillText(said.title, width / 2, middle - 9 * unit);
  context.font = `500 ${13 * unit}px ${FONT}`;
  context.fillStyle = palette.quiet;
  context.fillText(said.text, width / 2, middle + 20 * unit);
}
