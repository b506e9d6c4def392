// What the address of the page asks for: the game, the room, the seat, who plays it, and over which network.
import type { Conditions } from "../netsim/conditions.js";
import { PERFECT } from "../netsim/conditions.js";
import { ROOM_CODE } from "../transport/room-code.js";
import { GAME_NAMES, type GameName, PLAYERS_IN_PAGE } from "./demo-game.js";

export interface Query {
  readonly game: GameName;
  readonly room: string | undefined;
  /** From 1: only this player is here, in one large game. */
  readonly seat: number | undefined;
  /** Seats of a room that this page opens; more than two where the game has them. */
  readonly players: number;
  /** The first player of this page is a bot. */
  readonly bot: boolean;
  readonly network: Conditions;
  /** Of the simulated network. */
  readonly seed: number;
}

/** Where the sliders end: beyond these nobody plays, and nothing more would be seen. */
export const DELAY_MOST_MS = 300;
export const JITTER_MOST_MS = 150;
export const LOSS_MOST_PERCENT = 20;
export const BURST_MOST = 8;
const SEED = 42;
const PLAYERS = 2;

// No letters and digits that look alike when read aloud from a screen.
const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ";
const ROOM_LETTERS = 4;

/**
 * Reads `?game=skirmish&room=ABC&seat=1&players=2&bot=1&delay=40&jitter=5&loss=2&burst=2&seed=7`; what makes no sense is
 * as if it were not there, and `misread` tells of it.
 */
export function readQuery(search: string): Query {
  const params = new URLSearchParams(search);
  const room = (params.get("room") ?? "").toUpperCase();
  const within = (name: string, most: number, least = 0, otherwise = least) => {
    const value = Number(params.get(name) || Number.NaN);
    return Number.isFinite(value) ? Math.max(least, Math.min(most, value)) : otherwise;
  };
  const game = GAME_NAMES.find((name) => name === params.get("game")) ?? GAME_NAMES[0];
  const players = Math.trunc(within("players", PLAYERS_IN_PAGE[game], PLAYERS));
  const seat = Number(params.get("seat") ?? Number.NaN);
  return {
    game,
    room: ROOM_CODE.test(room) ? room : undefined,
    seat: Number.isInteger(seat) && seat >= 1 && seat <= players ? seat : undefined,
    players,
    bot: params.get("bot") === "1",
    network: {
      ...PERFECT,
      delayMs: within("delay", DELAY_MOST_MS),
      jitterMs: within("jitter", JITTER_MOST_MS),
      loss: within("loss", LOSS_MOST_PERCENT) / 100,
      burst: within("burst", BURST_MOST, 1),
    },
    seed: Math.trunc(within("seed", 2 ** 31 - 1, 0, SEED)),
  };
}

/**
 * What of an address is not as it was read, in words for a person, a part for each: it is played all the same, but nobody
 * has to guess why the page shows something else.
 */
export function misread(search: string): string[] {
  const { game, room, seat, players, bot, network, seed } = readQuery(search);
  const read = new Map<string, string | number | undefined>([
    ...Object.entries({ game, room, seat, players, bot: Number(bot), seed }),
    ...Object.entries({ delay: network.delayMs, jitter: network.jitterMs, burst: network.burst }),
    ["loss", Number((100 * network.loss).toFixed(6))],
  ]);
  const parts: string[] = [];
  for (const [name, text] of new URLSearchParams(search)) {
    const value = read.get(name);
    if (text.trim() === "" || isRead(text, value)) continue;
    parts.push(`${name}=${text} ${value === undefined ? "is ignored" : `is taken as ${value}`}`);
  }
  return parts;
}

function isRead(text: string, value: string | number | undefined): boolean {
  return typeof value === "number" ? Number(text) === value : text.toUpperCase() === value?.toUpperCase();
}

/** The address of a game with all its players in one page. */
export function gameAddress(page: string, game: GameName, players = PLAYERS): string {
  return address(page, game, players, {});
}

/** The address of one seat of a room, to open in a window or on a phone. */
export function seatAddress(page: string, { game, players }: Query, room: string, seat: number): string {
  return address(page, game, players, { room, seat: String(seat) });
}

/** The shortest address that says it: what is the default is left out. */
function address(page: string, game: GameName, players: number, more: Readonly<Record<string, string>>): string {
  const url = new URL(page);
  url.search = new URLSearchParams({
    ...(game === GAME_NAMES[0] ? {} : { game }),
    ...(players === PLAYERS ? {} : { players: String(players) }),
    ...more,
  }).toString();
  url.hash = "";
  return url.href;
}

export function freshRoom(random: () => number): string {
  return Array.from({ length: ROOM_LETTERS }, () => LETTERS[Math.floor(random() * LETTERS.length)]).join("");
}

/** Where two windows meet again without talking: ABC, ABC-2, ABC-3. */
export function nextRoom(room: string): string {
  const [, name, number] = /^(.*?)(?:-(\d{1,4}))?$/.exec(room)!;
  return `${name!.slice(0, 11)}-${number === undefined ? 2 : Number(number) + 1}`;
}

/** The same for everybody who knows the room: whoever comes first opens the same match. FNV-1a, 32 bits. */
export function seedOfRoom(room: string): number {
  let hash = 0x811c9dc5;
  for (const letter of room) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193) >>> 0;
  return hash;
}
