// The address of the page: what it asks for, and what is made of nonsense.
import { describe, expect, it } from "vitest";
import { freshRoom, gameAddress, misread, nextRoom, readQuery, seatAddress, seedOfRoom } from "../../src/demo/query.js";
import { PERFECT } from "../../src/netsim/conditions.js";
import { ROOM_CODE } from "../../src/transport/room-code.js";

describe("the page's address", () => {
  it("asks for nothing: the fighter, both players, a person, a perfect network", () => {
    expect(readQuery("")).toEqual({
      game: "fighter",
      room: undefined,
      seat: undefined,
      players: 2,
      bot: false,
      network: PERFECT,
      seed: 42,
    });
  });

  it("names game, room, seat, players, bot and network", () => {
    const search = "?game=skirmish&room=abc&seat=3&players=4&bot=1&delay=40&jitter=5&loss=2&burst=3&seed=7";
    expect(readQuery(search)).toEqual({
      game: "skirmish",
      room: "ABC",
      seat: 3,
      players: 4,
      bot: true,
      network: { ...PERFECT, delayMs: 40, jitterMs: 5, loss: 0.02, burst: 3 },
      seed: 7,
    });
  });

  it.each([
    "?room=no such room&seat=3&bot=yes&delay=fast&loss=NaN&seed=x",
    "?room=&seat=&delay=-5&burst=0&loss=-1",
    "?room=ABCDEFGHIJKLMNOPQ&delay=Infinity",
    "?game=chess&players=1&seat=1.5",
    "?game=fighter&players=4&seat=3",
    "?game=constructor&players=many",
  ])("takes nonsense as nothing: %s", (search) => {
    const query = readQuery(search);
    expect(query.room).toBeUndefined();
    expect(query.seat).toBeUndefined();
    expect([query.game, query.players]).toEqual(["fighter", 2]);
    expect(query.bot).toBe(false);
    expect(query.network).toEqual(PERFECT);
    expect(Number.isSafeInteger(query.seed)).toBe(true);
  });

  it("is told where it was not read as it stands: never in silence", () => {
    expect(misread("?game=nope&players=99&room=!!&seed=abc&colour=red&constructor=1")).toEqual([
      "game=nope is taken as fighter",
      "players=99 is taken as 2",
      "room=!! is ignored",
      "seed=abc is taken as 42",
      "colour=red is ignored",
      "constructor=1 is ignored",
    ]);
    expect(misread("?game=skirmish&players=99&seat=5&loss=21&bot=yes&delay=fast")).toEqual([
      "players=99 is taken as 4",
      "seat=5 is ignored",
      "loss=21 is taken as 20",
      "bot=yes is taken as 0",
      "delay=fast is taken as 0",
    ]);
  });

  it("that was read as it stands is not spoken of", () => {
    const search = "?game=skirmish&room=abc&seat=3&players=4&bot=1&delay=40&jitter=5&loss=7&burst=3&seed=007";
    for (const plain of ["", search, "?room=&seat=", "?bot=0&loss=0.1", "?loss=14.3"])
      expect(misread(plain), plain).toEqual([]);
  });

  it("keeps a network within what the sliders can show", () => {
    expect(readQuery("?delay=9999&jitter=9999&loss=100&burst=99").network).toEqual({
      ...PERFECT,
      delayMs: 300,
      jitterMs: 150,
      loss: 0.2,
      burst: 8,
    });
  });

  it("of a seat is read back as that seat", () => {
    const address = seatAddress("http://127.0.0.1:8080/?bot=1#x", readQuery(""), "ABC", 2);
    expect(address).toBe("http://127.0.0.1:8080/?room=ABC&seat=2");
    expect(readQuery(new URL(address).search)).toMatchObject({ room: "ABC", seat: 2, bot: false });
  });

  it("of a seat keeps the game and how many play it", () => {
    const address = seatAddress("http://127.0.0.1:8080/", readQuery("?game=skirmish&players=4"), "ABC", 4);
    expect(readQuery(new URL(address).search)).toMatchObject({ game: "skirmish", players: 4, room: "ABC", seat: 4 });
  });

  it("of a game is that game with all its players, and the plain one that of the fighter", () => {
    const page = "http://127.0.0.1:8080/?room=ABC&seat=2";
    expect(gameAddress(page, "fighter")).toBe("http://127.0.0.1:8080/");
    expect(gameAddress(page, "skirmish")).toBe("http://127.0.0.1:8080/?game=skirmish");
    expect(readQuery(new URL(gameAddress(page, "skirmish", 4)).search)).toMatchObject({ players: 4, seat: undefined });
  });
});

describe("rooms", () => {
  it("that are new have codes that a server takes", () => {
    for (const dice of [0, 0.5, 0.999999]) expect(freshRoom(() => dice)).toMatch(ROOM_CODE);
  });

  it("follow each other, so that two windows meet without talking", () => {
    expect(nextRoom("ABC")).toBe("ABC-2");
    expect(nextRoom("ABC-2")).toBe("ABC-3");
    expect(nextRoom("MY-ROOM")).toBe("MY-ROOM-2");
  });

  it("stay codes, however long and however often", () => {
    let room = "ABCDEFGHIJKLMNOP";
    for (let i = 0; i < 12; i++) {
      room = nextRoom(room);
      expect(room).toMatch(ROOM_CODE);
    }
    expect(nextRoom("AB-9999")).toMatch(ROOM_CODE);
  });

  it("have the same seed for everybody, and other rooms another one", () => {
    expect(seedOfRoom("ABC")).toBe(seedOfRoom("ABC"));
    expect(new Set(["ABC", "ABC-2", "ABD", "BAC"].map(seedOfRoom)).size).toBe(4);
  });
});
