// What must be true of a match without a server, whatever happened to its pages.
import { same } from "./cells.js";
import type { Violation } from "./invariants.js";
import { memory } from "./members-memory.js";
import { lastFrames } from "./members-parting.js";
import { isEarly } from "./members-schedule.js";
import { CALM_MS, guestsIn, type Life, leftIn, type MembersWorld, type Page, waitsForEver } from "./members-world.js";

type Oracle = (world: MembersWorld) => string[];

const ORACLES: Record<string, Oracle> = {
  together,
  progress,
  chains,
  parted,
  epochs,
  views,
  stays,
  lastFrames,
  memory,
  sound,
  onlookers,
};

/** All laws; the last one compares two matches. */
export const MEMBERS_LAWS: readonly string[] = [...Object.keys(ORACLES), "swayed"];

export function judgeMembers(world: MembersWorld): Violation[] {
  return Object.entries(ORACLES).flatMap(([oracle, law]) => law(world).map((text) => ({ oracle, text })));
}

// Once everything is over all who are left play on together. Where most of them are gone for good, a rendezvous must help.
function together(world: MembersWorld): string[] {
  const left = leftIn(world);
  if (left.length === 0 || nobodyKnows(world)) return [];
  if (world.togetherAt === undefined)
    return [`the pages that are left never played on together: ${left.map(stateOf).join("; ")}`];
  if (world.granted > 0 && world.goers.size === 0) return ["nobody was gone, and they needed a rendezvous to go on"];
  return [];
}

/** Whoever played on is gone, and those who are left were loaded anew, or are on their way in: there is no match any more. */
function nobodyKnows(world: MembersWorld): boolean {
  return world.goers.size > 0 && leftIn(world).every(({ member }) => member.player.phase === "joining");
}

function stateOf({ seat, member }: Page): string {
  const { player, epoch, suspended } = member;
  const absent = [...Array(player.inputs?.seats ?? 0).keys()].filter(
    (other) => player.inputs!.leftAt(other) < Infinity,
  );
  const lacks = `absent ${absent.join() || "nobody"}, confirmed ${player.stats.confirmedEnd}`;
  return `page ${seat} is ${player.phase} in epoch ${epoch}${suspended ? ", suspended" : ""}, ${lacks}`;
}

/** Of what a calm match plays, so much is confirmed at least: with a short window the round trip sets the pace. */
const PROGRESS_SHARE = 0.4;

function progress(world: MembersWorld): string[] {
  const { togetherAt, calmFrame, laterFrame, config, schedule } = world;
  if (togetherAt === undefined || waitsForEver(world)) return [];
  const trips = schedule.pages.map(
    ({ weather, tickMs }) => 2 * ((weather.delayMs ?? 0) + (weather.jitterMs ?? 0) + tickMs),
  );
  const perSecond = (1000 / Math.max(...trips)) * (config.predictionWindow + config.inputDelay + 1);
  const least = (PROGRESS_SHARE * CALM_MS * Math.min(config.framesPerSecond, perSecond / 2)) / 1000;
  if (laterFrame - calmFrame >= least) return [];
  return [`only ${laterFrame - calmFrame} frames were confirmed in ${CALM_MS} ms, not ${Math.ceil(least)}`];
}

// A chain is linked once, frame by frame, of what was confirmed: where two are equal nobody lost or changed anything.
function chains(world: MembersWorld): string[] {
  const played = leftIn(world).filter(({ member }) => member.player.phase === "running");
  const all = played.map(({ member }) => member.player.chain!);
  const end = Math.min(...all.map((chain) => chain.end));
  const values = new Set(all.filter((chain) => chain.begin < end).map((chain) => chain.valueAt(end)));
  const found =
    values.size > 1 ? [`at frame ${end} the pages that are left have ${values.size} different hash chains`] : [];
  for (const { seat, events } of world.match.members) {
    if (events.some(({ type }) => type === "desync")) found.push(`page ${seat} reports a desync that is none`);
  }
  return found;
}

/** What may be confirmed without anybody: the window, the inputs that are pressed ahead, and what was under way. */
const ALONE_FRAMES = 4;

// Whoever was outside may have confirmed other inputs than the match went on with: no more than he had at hand.
function parted(world: MembersWorld): string[] {
  const truth = truthOf(world);
  const { predictionWindow, inputDelay } = world.config;
  const most = predictionWindow + 2 * inputDelay + ALONE_FRAMES;
  const found: string[] = [];
  const left = new Set(leftIn(world).map(({ seat }) => seat));
  // What a page confirmed before it was loaded anew, and nobody else was there to know, is gone: that match is another one.
  const forgotten = world.happened.some(({ kind }) => kind === "reload");
  for (const [seat, lives] of world.lives.entries()) {
    for (const [i, life] of lives.entries()) {
      const differing = differences(life, truth);
      const last = left.has(seat) && i === lives.length - 1;
      if (last && differing > 0)
        found.push(`page ${seat} holds ${differing} frames otherwise than others in the same view`);
      else if (differing > most && !forgotten)
        found.push(`page ${seat} confirmed ${differing} frames apart from the match, not ${most}`);
    }
  }
  return found;
}

/** What those say who are left, in what they confirmed since they came in last; the one who has been there longest first. */
function truthOf(world: MembersWorld): Life {
  const last = leftIn(world).map(({ seat }) => world.lives[seat]!.at(-1)!);
  const truth: Life = [];
  for (const life of last.sort((a, b) => count(b) - count(a))) {
    for (const [frame, record] of life.entries()) truth[frame] ??= record;
  }
  return truth;
}

function count(life: Life): number {
  return life.reduce((sum, record) => sum + (record === undefined ? 0 : 1), 0);
}

function differences(life: Life, truth: Life): number {
  let sum = 0;
  for (const [frame, record] of life.entries()) {
    const ours = truth[frame];
    if (record !== undefined && ours !== undefined && !same(record, ours)) sum += 1;
  }
  return sum;
}

// An epoch has one sequencer, the one whose number it is.
function epochs({ opened, config }: MembersWorld): string[] {
  const found: string[] = [];
  const by = new Map<number, number>();
  for (const { epoch, seat } of opened) {
    if (by.has(epoch)) found.push(`epoch ${epoch} was opened by pages ${by.get(epoch)} and ${seat}`);
    if (epoch % config.players !== seat) found.push(`epoch ${epoch} was opened by page ${seat}`);
    by.set(epoch, seat);
  }
  return found;
}

// The view rule: no frame is lost that a member of the new view had confirmed.
function views({ votes }: MembersWorld): string[] {
  return votes.violations;
}

// Whoever can talk to the others all the time is in every view: he never has to come in again.
function stays(world: MembersWorld): string[] {
  const { troubles, pages } = world.schedule;
  const whole = pages.every(({ comesAt = 0 }) => comesAt === 0);
  const harmless = troubles.every(({ kind, at }) => ["kill", "leave", "handOver"].includes(kind) && !isEarly(at));
  if (!whole || !harmless || world.granted > 0) return [];
  const lapsed = leftIn(world).filter(({ events }) => events.some(({ type }) => type === "rejoining"));
  return lapsed.map(({ seat }) => `page ${seat} had to come in again, though it was there all the time`);
}

// Whoever looks on finds the match wherever it goes on, and sees what is played there.
function onlookers(world: MembersWorld): string[] {
  const [player] = leftIn(world);
  if (world.togetherAt === undefined || player === undefined || waitsForEver(world)) return [];
  const truth = truthOf(world);
  const found: string[] = [];
  for (const page of guestsIn(world)) {
    const { chain, phase } = page.member.player;
    if (sentAway(page)) continue;
    if (phase !== "running" || chain === undefined) {
      found.push(`whoever looks on never found the match: ${stateOf(page)}`);
      continue;
    }
    const ours = player.member.player.chain!;
    const end = Math.min(chain.end, ours.end);
    const known = Math.max(chain.begin, ours.begin) < end;
    if (known && chain.valueAt(end) !== ours.valueAt(end))
      found.push(`page ${page.seat} looks on at another match: its hash chain differs at frame ${end}`);
    const differing = differences(world.lives[page.seat]!.at(-1)!, truth);
    if (differing > 0) found.push(`page ${page.seat} saw ${differing} frames otherwise than they were played`);
  }
  return found;
}

/** Who heard and said nothing for so long that he could not follow has to come again by himself. */
function sentAway({ events }: Page): boolean {
  return events.some((event) => event.type === "ended" && event.reason === "lost");
}

/** He was loaded anew, and on his way in when the last who knew of the match left it: for him it is over. */
function cameTooLate(world: MembersWorld, seat: number): boolean {
  return world.goers.size > 0 && leftIn(world).length === 0 && world.lives[seat]!.length > 1;
}

function sound(world: MembersWorld): string[] {
  const found: string[] = [];
  for (const { seat, member, events } of world.match.members) {
    if (member.conflicts > 0) found.push(`page ${seat} was bequeathed ${member.conflicts} inputs that were others`);
    if (member.player.stats.malformed > 0)
      found.push(`page ${seat} could not decode ${member.player.stats.malformed} datagrams`);
    const { equivocations = 0 } = member.sequencer?.counts ?? {};
    if (equivocations > 0) found.push(`page ${seat} was sent ${equivocations} inputs a second time that were others`);
    const end = events.find(({ type }) => type === "ended");
    const guest = seat >= world.config.players;
    if (end?.type !== "ended" || world.goers.has(seat)) continue;
    const excused = guest ? sentAway(world.match.members[seat]!) : cameTooLate(world, seat);
    if (!excused) found.push(`page ${seat} was out: ${end.reason}, ${end.text}`);
  }
  return found;
}
