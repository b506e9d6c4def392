// A strategy game for two to eight players, twenty frames a second: the order in which one frame happens.
import { phase, seedHigh, seedLow } from "../../sdk";
import { listen } from "./commands";
import { advance, begin, score } from "./course";
import { gather } from "./crowd";
import { fight } from "./fight";
import { flow } from "./flood";
import { march } from "./march";
import { Phase } from "./rules";
import { look } from "./sight";
import { choose } from "./targets";
import { bury } from "./units";
import { work } from "./workers";
import { razeRuins, runBuildings } from "./works";
import { world } from "./world";

export const framesPerSecond = 20;
export const playersMin = 2;
export const playersMax = 8;
/** Inputs are commands: a session predicts that the others give none, instead of giving the last ones again. */
export const commands: bool = true;

/** The score is only looked at; it may be half a second old. */
const SCORE_EVERY = 8;

export function init(): void {
  world.random.seed(seedLow(), seedHigh());
  begin();
}

export function step(): void {
  world.frame++;

  phase(1);
  if (world.phase == Phase.Playing) listen();

  phase(2);
  flow();

  // From here on everybody stands where the crowd says, until the march.
  phase(3);
  gather();
  look();
  choose();

  phase(4);
  fight();
  work();
  runBuildings();

  phase(5);
  march();

  phase(6);
  bury();
  razeRuins();
  if (world.frame % SCORE_EVERY == 0) score();
  advance();
}
