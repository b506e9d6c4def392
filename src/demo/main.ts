// The page that a newcomer sees first: it plays the game that its address names.
import type { GameTypes } from "../client/match.js";
import type { DemoGame } from "./demo-game.js";
import { element, find, write } from "./element.js";
import { FIGHTER } from "./fighter/game.js";
import { DemoPage } from "./page.js";
import { misread, readQuery } from "./query.js";
import { SKIRMISH } from "./skirmish/game.js";
import { exposeForTests } from "./test-window.js";

const query = readQuery(location.search);

function tellMisread(parts: readonly string[]): void {
  const line = find("#address-line");
  line.hidden = parts.length === 0;
  write(line, `Of the page's address, ${parts.join(", ")}.`);
}

function play<G extends GameTypes>(demo: DemoGame<G>): void {
  const page = new DemoPage(demo, query);
  const drawAll = (now: number) => {
    page.draw(now);
    requestAnimationFrame(drawAll);
  };
  exposeForTests(() => ({ game: demo.name, room: page.room, seats: page.seats }));
  requestAnimationFrame(drawAll);
  void page.open().catch((error: unknown) => {
    document.body.prepend(element("p", { className: "banner" }, String(error)));
  });
}

tellMisread(misread(location.search));
switch (query.game) {
  case "fighter":
    play(FIGHTER);
    break;
  case "skirmish":
    play(SKIRMISH);
    break;
  default:
    query.game satisfies never;
}
