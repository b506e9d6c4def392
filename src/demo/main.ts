// The page that a newcomer sees first: two players, the network between them, and one match that stays the same.
import { Sound } from "../games/fighter/sound.js";
import type { Game } from "../simulation/game.js";
import { loadGame } from "../simulation/game.js";
import { Banner } from "./banner.js";
import { download, element, find, write } from "./element.js";
import { Hands } from "./hands.js";
import { NOTES, PAGE_KEYS } from "./keys.js";
import { keysCard } from "./keys-card.js";
import { LiveSeat } from "./live-seat.js";
import { NetworkCard } from "./network-card.js";
import { Panel } from "./panel.js";
import { freshRoom, nextRoom, readQuery, seatAddress, seedOfRoom } from "./query.js";
import { exposeForTests } from "./test-window.js";
import { TouchPad } from "./touch.js";
import { replayName } from "./wording.js";

/** What a visible number is broken with: the health of the second fighter. */
const FAULT = "fighters[1].health";

const query = readQuery(location.search);
const together = query.seat === undefined;
const sound = new Sound();
const touch = new TouchPad();
let room = query.room ?? freshRoom(Math.random);
let loaded: Promise<Game> | undefined;

const network = new NetworkCard({
  conditions: query.network,
  seed: query.seed,
  onChange: (conditions) => {
    for (const seat of seats) seat.setNetwork(conditions);
  },
});

const banner = new Banner({ onSave: () => saveReplay(), onAgain: () => void newMatch() });
const seats = (together ? ([0, 1] as const) : ([query.seat === 2 ? 1 : 0] as const)).map(makeSeat);

function makeSeat(seat: 0 | 1, position: number): LiveSeat {
  const first = position === 0;
  const hands = new Hands({
    keys: together ? [seat] : [0, 1],
    pad: position,
    bot: first ? query.bot : true,
    ...(first ? { touch } : {}),
  });
  const panel = new Panel({
    seat,
    onRemedy: (remedy) => (remedy === "reload" ? location.reload() : void newMatch()),
    onBot: () => {
      hands.bot = !hands.bot;
    },
    invitation: () => seatAddress(location.href, room, seat === 0 ? 2 : 1),
  });
  hands.onChange = () => panel.showBot(hands.bot);
  panel.showBot(hands.bot);
  find("#players").append(panel.root);
  return new LiveSeat({
    seat,
    panel,
    hands,
    // Two sessions in one page play the same fight: one of them is heard.
    sound: first ? sound : undefined,
    together,
    network: () => network,
    onDesync: (report, whose) => {
      if (!banner.shown) banner.show(report, whose);
    },
  });
}

/** The match of one room, from the first seat on: the second one comes when the room is open. */
async function open(): Promise<void> {
  showRoom();
  loaded ??= loadGame(new URL("fighter.wasm", document.baseURI));
  let game: Game;
  try {
    game = await loaded;
  } catch (error) {
    loaded = undefined;
    for (const seat of seats) seat.fail(error instanceof Error ? error.message : String(error));
    return;
  }
  for (const seat of seats) seat.wait();
  // Whoever is player 1 opens the room, so that seats are what the addresses say.
  for (const seat of seats) {
    await seat.sit({ room, game, seed: seat.options.seat === 0 ? seedOfRoom(room) : undefined });
  }
}

function showRoom(): void {
  write(find("#room-line"), `room ${room} · ${location.host}`);
  if (together) return;
  const url = new URL(location.href);
  url.searchParams.set("room", room);
  history.replaceState(null, "", url);
}

async function newMatch(): Promise<void> {
  banner.hide();
  for (const seat of seats) seat.stand();
  room = together ? freshRoom(Math.random) : nextRoom(room);
  await open();
}

// After a desync the interesting replay is that of the player who was broken: verifying it shows where.
function saveReplay(): void {
  const broken = banner.shown ? seats[seats.length - 1]! : seats[0]!;
  const { match } = broken;
  if (match === undefined || match.stats.confirmedEnd === 0) return;
  download(replayName(room, new Date()), match.replay());
}

/** Player 2's simulation is broken, or this page's own where player 2 is elsewhere. */
function inject(): void {
  const { match } = seats[seats.length - 1]!;
  if (match?.phase === "running") match.injectFault(FAULT);
}

function toggle(button: HTMLElement, on: boolean): void {
  button.setAttribute("aria-pressed", String(on));
}

function toggleBoxes(): void {
  const on = !seats[0]!.options.panel.painter.boxes;
  for (const { options } of seats) options.panel.painter.boxes = on;
  toggle(find("#boxes"), on);
}

async function toggleSound(): Promise<void> {
  await sound.turn(!sound.on);
  toggle(find("#sound"), sound.on);
}

function wireTools(): void {
  find("#boxes").addEventListener("click", toggleBoxes);
  find("#sound").addEventListener("click", () => void toggleSound());
  find("#inject").addEventListener("click", inject);
  find("#save").addEventListener("click", saveReplay);
  find("#again").addEventListener("click", () => void newMatch());
  wireSplit(find<HTMLAnchorElement>("#split"));
  document.addEventListener("keydown", ({ code, target, repeat, ctrlKey, metaKey, altKey }) => {
    if (
      repeat ||
      ctrlKey ||
      metaKey ||
      altKey ||
      target instanceof HTMLInputElement ||
      target instanceof HTMLSelectElement
    )
      return;
    if (code === PAGE_KEYS.boxes) toggleBoxes();
    if (code === PAGE_KEYS.sound) void toggleSound();
  });
  // A slider that was pulled with the mouse gives the keys back to the game; one reached with Tab keeps them.
  document.addEventListener("pointerup", ({ target }) => {
    if (target instanceof HTMLInputElement && target.type === "range") target.blur();
  });
  find("#preset").addEventListener("change", (event) => (event.target as HTMLElement).blur());
}

/** From two players in this page to one in each of two windows, and back. */
function wireSplit(link: HTMLAnchorElement): void {
  if (!together) {
    link.removeAttribute("target");
    link.href = location.pathname;
    link.title = "Both players in this page";
    write(find("span", link), "Both players here");
    return;
  }
  const other = freshRoom(Math.random);
  link.href = seatAddress(location.href, other, 2);
  link.addEventListener("click", () => {
    setTimeout(() => location.assign(seatAddress(location.href, other, 1)));
  });
}

function layOut(): void {
  const players = find("#players");
  players.classList.toggle("single", !together);
  seats[0]!.options.panel.root.after(touch.root);
  const keys = find("#keys");
  if (together) {
    keys.append(
      keysCard(0, "Player 1: keys", NOTES.motions),
      keysCard(1, "Player 2: keys", `${NOTES.bot} ${NOTES.digits}`),
    );
    return;
  }
  document.title = `Player ${query.seat}: Samestep`;
  keys.append(keysCard(0, "Keys", NOTES.motions), keysCard(1, "Or these", NOTES.digits));
  find("#tries").replaceWith(keys);
}

function drawAll(now: number): void {
  for (const seat of seats) seat.draw(now);
  requestAnimationFrame(drawAll);
}

layOut();
wireTools();
exposeForTests(() => ({ room, seats }));
requestAnimationFrame(drawAll);
void open().catch((error: unknown) => {
  document.body.prepend(element("p", { className: "banner" }, String(error)));
});
