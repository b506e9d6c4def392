// Room codes, and the address of a room on a server.
import { SamestepError } from "../error.js";

/** Short enough to read aloud, harmless as a file name. */
export const ROOM_CODE = /^[A-Z0-9-]{1,16}$/;

/** Where a server takes players. */
export const PLAY_PATH = "/play";

/** Where it relays between pages that play without it. */
export const RELAY_PATH = "/relay";

/**
 * The WebSocket address of a room: `http://host/x` and room `duel` give `ws://host/x/play?room=DUEL`.
 * @throws SamestepError BAD_USAGE when the address or the code is none.
 */
export function playUrl(server: string | URL, room: string): URL {
  return urlOf(server, PLAY_PATH, room);
}

/** The same of a room whose match is played without the server, which only relays. */
export function relayUrl(server: string | URL, room: string): URL {
  return urlOf(server, RELAY_PATH, room);
}

function urlOf(server: string | URL, path: string, room: string): URL {
  const code = room.toUpperCase();
  if (!ROOM_CODE.test(code)) {
    throw new SamestepError("BAD_USAGE", `a room code is 1 to 16 of A-Z, 0-9 and '-', and '${room}' is not`);
  }
  const url = URL.canParse(server) ? new URL(server) : undefined;
  const protocol = url && { "http:": "ws:", "ws:": "ws:", "https:": "wss:", "wss:": "wss:" }[url.protocol];
  if (url === undefined || protocol === undefined) {
    throw new SamestepError(
      "BAD_USAGE",
      `a server's address begins with ws://, wss://, http:// or https://: '${server}'`,
    );
  }
  url.protocol = protocol;
  url.pathname = url.pathname.replace(/\/*$/, "") + path;
  url.search = "";
  url.searchParams.set("room", code);
  return url;
}
