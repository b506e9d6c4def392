// What stands where on the page of a game, and what its buttons do.
import type { GameTypes } from "../client/match.js";
import { GAME_NAMES, PLAYERS_IN_PAGE } from "./demo-game.js";
import { element, find, write } from "./element.js";
import { SOUND_KEY } from "./keys-card.js";
import type { DemoPage } from "./page.js";
import { freshRoom, gameAddress, seatAddress } from "./query.js";

export function layOut<G extends GameTypes>(page: DemoPage<G>): void {
  const { demo, query, together } = page;
  document.title = together ? `${demo.title}: Samestep` : `Player ${query.seat}: Samestep`;
  document.body.dataset.game = demo.name;
  for (const name of GAME_NAMES) {
    const link = find<HTMLAnchorElement>(`#games [data-game="${name}"]`);
    link.href = gameAddress(location.href, name);
    if (name === demo.name) link.setAttribute("aria-current", "page");
  }
  layPlayers(page);
  const cards = demo.cards(together);
  const keys = find("#keys");
  keys.append(...cards);
  find("#tries ol").replaceChildren(...demo.tries.map((line) => element("li", {}, line)), ...morePlayers(page));
  if (!together) find("#tries").replaceWith(keys);
  wireTools(page);
}

/** A match of as many as the page can show, where that is more than two. */
function morePlayers<G extends GameTypes>({ demo, query }: DemoPage<G>): HTMLElement[] {
  const most = PLAYERS_IN_PAGE[demo.name];
  if (most === 2) return [];
  const [text, players] = query.players === 2 ? ["Watch four players", most] : ["Go back to two players", 2];
  const link = element("a", { href: gameAddress(location.href, demo.name, players) }, text);
  return [element("li", {}, link, " in one page. Rooms of a server take up to eight.")];
}

function layPlayers<G extends GameTypes>({ seats, together }: DemoPage<G>): void {
  const players = find("#players");
  players.classList.toggle("single", !together);
  players.classList.toggle("many", seats.length > 2);
  for (const { options } of seats) {
    players.append(options.panel.root);
    if (options.seated.touch !== undefined) players.append(options.seated.touch);
  }
}

function wireTools<G extends GameTypes>(page: DemoPage<G>): void {
  const { layer } = page.demo;
  const toggleLayer = () => toggle(find("#layer"), page.toggleLayer());
  const toggleSound = async () => toggle(find("#sound"), await page.toggleSound());
  find("#layer").title = layer.title;
  write(find("#layer span"), layer.label);
  find("#layer").addEventListener("click", toggleLayer);
  find("#sound").addEventListener("click", () => void toggleSound());
  find("#inject").addEventListener("click", () => page.inject());
  find("#save").addEventListener("click", () => page.saveReplay());
  find("#again").addEventListener("click", () => void page.newMatch());
  wireSplit(page, find<HTMLAnchorElement>("#split"));
  document.addEventListener("keydown", ({ code, target, repeat, ctrlKey, metaKey, altKey }) => {
    const typing = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
    if (repeat || ctrlKey || metaKey || altKey || typing) return;
    if (code === layer.key) toggleLayer();
    if (code === SOUND_KEY) void toggleSound();
  });
  // A slider that was pulled with the mouse gives the keys back to the game; one reached with Tab keeps them.
  document.addEventListener("pointerup", ({ target }) => {
    if (target instanceof HTMLInputElement && target.type === "range") target.blur();
  });
  find("#preset").addEventListener("change", (event) => (event.target as HTMLElement).blur());
}

function toggle(button: HTMLElement, on: boolean): void {
  button.setAttribute("aria-pressed", String(on));
}

/** From all players in this page to one in each of two windows, and back. */
function wireSplit<G extends GameTypes>({ demo, query, together }: DemoPage<G>, link: HTMLAnchorElement): void {
  if (!together) {
    link.removeAttribute("target");
    link.href = gameAddress(location.href, demo.name);
    link.title = "Both players in this page";
    write(find("span", link), "Both players here");
    return;
  }
  const other = freshRoom(Math.random);
  const two = { ...query, players: 2 };
  link.href = seatAddress(location.href, two, other, 2);
  link.addEventListener("click", () => {
    setTimeout(() => location.assign(seatAddress(location.href, two, other, 1)));
  });
}
