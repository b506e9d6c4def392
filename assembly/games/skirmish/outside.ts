// What comes into a match from outside: a player's commands, and the settings it is started with.
import { Numbers, numbers } from "../../sdk";
import { INPUT_BYTES } from "./rules";

/** Commands one after another, as `commands.ts` reads them. An empty input commands nothing. */
@input
export class Orders {
  bytes: Numbers<u8> = numbers<u8>(INPUT_BYTES);
}

/** Zero means the default everywhere, so a match without settings is an ordinary one. */
@config
export class Rules {
  /** Minutes until the score decides. */
  minutes: u16;
  /** Fighting units each player begins with. */
  army: u16;
  workers: u16;
  ore: u16;
  /** 1: no bases and no workers, the armies face each other, and whoever has the last unit wins. */
  battle: u8;
  /** 1: open ground, without rocks and water. */
  open: u8;
}
