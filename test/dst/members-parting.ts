// When a seat was last played in a match without a server: exactly one last frame, the same for every page.
import type { Life, MembersWorld, Page } from "./members-world.js";
import { leftIn } from "./members-world.js";

/** What a page knows of the frames that it has confirmed since it came in last. */
interface Testimony {
  page: Page;
  begin: number;
  end: number;
}

// Two pages that are left name the same last frames, in what they were told and in what they go on with.
export function lastFrames(world: MembersWorld): string[] {
  const known = leftIn(world).flatMap((page) => {
    const { phase, inputs, stats } = page.member.player;
    if (phase !== "running" || inputs === undefined) return [];
    return [{ page, begin: beginOf(world.lives[page.seat]!.at(-1)!), end: stats.confirmedEnd }];
  });
  return known.flatMap((one, i) => known.slice(i + 1).flatMap((other) => compare(one, other, world.config.players)));
}

/** Last frames that pages were told of, so that the law means something. */
export function partingsIn({ match }: MembersWorld): number {
  return match.members.reduce((sum, { events }) => sum + events.filter(({ type }) => type === "left").length, 0);
}

/** Behind the last hole: who comes in may be given a later state than he had begun with. */
function beginOf(life: Life): number {
  let begin = life.length;
  while (begin > 0 && life[begin - 1] !== undefined) begin -= 1;
  return begin;
}

function compare(one: Testimony, other: Testimony, seats: number): string[] {
  const begin = Math.max(one.begin, other.begin);
  const end = Math.min(one.end, other.end);
  const found: string[] = [];
  for (let seat = 0; seat < seats; seat++) {
    if (seat === one.page.seat || seat === other.page.seat) continue;
    const within = (frame: number): boolean => frame > begin && frame < end;
    const [a, b] = [one, other].map(({ page }) => toldOf(page, seat).filter(within).join());
    if (a !== b) found.push(`pages ${placesOf(one, other)} were told of last frames ${a} and ${b} of seat ${seat}`);
    const [c, d] = [one, other].map(({ page }) => page.member.player.inputs!.leftAt(seat));
    if (c !== d && (within(c!) || within(d!)))
      found.push(`pages ${placesOf(one, other)} go on without seat ${seat} from frames ${c} and ${d} on`);
  }
  return found;
}

function placesOf(one: Testimony, other: Testimony): string {
  return `${one.page.seat} and ${other.page.seat}`;
}

/** The last frames of a seat that a page was told of since it was loaded, or began another match. */
function toldOf({ events }: Page, seat: number): number[] {
  const since = events.slice(events.findLastIndex(({ type }) => type === "welcome") + 1);
  const frames = since.flatMap((event) => (event.type === "left" && event.seat === seat ? [event.frame] : []));
  return frames.sort((a, b) => a - b);
}
