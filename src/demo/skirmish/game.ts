// Skirmish as the page offers it.
import { skirmishCues } from "../../games/skirmish/cues.js";
import { Painter } from "../../games/skirmish/draw/painter.js";
import { skirmishSound } from "../../games/skirmish/sound.js";
import type { Game, World } from "../../games/skirmish/types.js";
import type { DemoGame } from "../demo-game.js";
import { keysCard } from "../keys-card.js";
import { SkirmishHands } from "./hands.js";
import { LAYER_KEY, MOUSE_LINES, NOTES, ORDER_LINES } from "./keys.js";

export const SKIRMISH: DemoGame<Game> = {
  name: "skirmish",
  title: "Skirmish",
  watched: true,
  fault: "seats[1].ore",
  // Something to look at from the first minute on: an army each, and ore for the next one.
  settings: { rules: { army: 24, workers: 14, ore: 700 } },
  layer: { label: "Whole map", title: "Lift the fog of war (L)", key: LAYER_KEY },
  tries: [
    "Watch: two bots build, and meet. Each game shows what its player sees.",
    "Press “Play” and take one side over, with a base, an army, and a plan.",
    "Pull “one way” to 150 ms: hundreds of units, and still the same battle.",
    "Inject a desync, and read whose ore it was.",
  ],
  cards: () => [keysCard(MOUSE_LINES, "Mouse and map", NOTES.mouse), keysCard(ORDER_LINES, "Orders", NOTES.fingers)],
  cues: skirmishCues,
  seat({ screen, canvas, seat, first, bot, dark, calm }) {
    const painter = new Painter({ canvas, dark, calm });
    const hands = new SkirmishHands({ screen, canvas, painter, seat, bot });
    return {
      hands,
      painter: {
        get layer() {
          return painter.layer;
        },
        set layer(shown) {
          painter.layer = shown;
        },
        begin: (key, event, now) => painter.begin(key, event, now),
        cancel: (key, event, now) => painter.cancel(key, event, now),
        draw(world: World, now: number) {
          hands.look(world, now);
          painter.draw(world, now);
        },
      },
      ...(first ? { sound: skirmishSound(painter) } : {}),
    };
  },
};
