// The fighter as the page offers it.
import { fighterCues } from "../../games/fighter/cues.js";
import { Painter } from "../../games/fighter/draw/painter.js";
import { fighterSound } from "../../games/fighter/sound.js";
import type { Game } from "../../games/fighter/types.js";
import type { DemoGame } from "../demo-game.js";
import { keysCard } from "../keys-card.js";
import { FighterHands } from "./hands.js";
import { KEY_LINES, LAYER_KEY, NOTES } from "./keys.js";
import { TouchPad } from "./touch.js";

export const FIGHTER: DemoGame<Game> = {
  name: "fighter",
  title: "Fighter",
  watched: false,
  fault: "fighters[1].health",
  settings: {},
  layer: { label: "Boxes", title: "Show what can be hurt and what hurts (B)", key: LAYER_KEY },
  tries: [
    "Press a key of player 1 and walk. Both games show the same fight.",
    "Pull “one way” to 60 ms: rollbacks begin, and the play stays smooth.",
    "Pull it to 150 ms, beyond what is predicted: both wait for each other.",
    "Inject a desync, and read which field it was.",
  ],
  cards(together) {
    if (!together)
      return [keysCard(KEY_LINES[0]!, "Keys", NOTES.motions), keysCard(KEY_LINES[1]!, "Or these", NOTES.digits)];
    return [
      keysCard(KEY_LINES[0]!, "Player 1: keys", NOTES.motions),
      keysCard(KEY_LINES[1]!, "Player 2: keys", `${NOTES.bot} ${NOTES.digits}`),
    ];
  },
  cues: fighterCues,
  seat({ canvas, seat, first, together, bot, calm, dark }) {
    const touch = first ? new TouchPad() : undefined;
    return {
      hands: new FighterHands({ keys: together ? [seat] : [0, 1], pad: first ? 0 : 1, touch, bot }),
      painter: new Painter({ canvas, names: { first: "Player 1", second: "Player 2" }, calm, dark }),
      ...(first ? { sound: fighterSound() } : {}),
      ...(touch === undefined ? {} : { touch: touch.root }),
    };
  },
};
