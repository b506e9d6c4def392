// A player's input, read: a list of commands, every byte of which a stranger may have written.
//
//   SelectBox     kinds:u8 add:u8 x0 y0 x1 y1:u16      kinds is a mask, bit k for kind k; add 1 keeps who is selected
//   SelectUnits   add:u8 count:u8 unit:u16 × count
//   SelectKinds   kinds:u8 add:u8                      wherever they are
//   SelectGroup   group:u8 add:u8                      groups are 1 to 7
//   SetGroup      group:u8 add:u8                      the selection becomes the group
//   Move Advance Gather   x y:u16
//   Attack        target:u16                           a unit, or FIRST_BUILDING + a building
//   Stop Hold
//   Build         structure:u8 tileX:u8 tileY:u8
//   Train         building:u8 kind:u8
//   Research      building:u8 upgrade:u8
//   Rally         building:u8 x y:u16
//
// A command that is cut off, or that nobody knows, ends the list; one that asks for what cannot be is left out.
import { inputLength, inputOf, Presence, presence } from "../../sdk";
import { buildHere, rally, research, trainUnit } from "./economy";
import { attack, gatherOre, goTo, rest } from "./orders";
import { Orders } from "./outside";
import { COMMANDS_MAX, Command, INPUT_BYTES, Order } from "./rules";
import { selectBox, selectGroup, selectKinds, selectNone, selectUnit, setGroup } from "./selection";
import { world } from "./world";

export function listen(): void {
  for (let seat = 0; seat < <i32>world.players; seat++) {
    const here = presence(seat) != Presence.absent;
    const me = world.seats.at(seat);
    // Who left commands nothing any more; his units stay where they are and fight what comes.
    if (me.here != 0 && !here) {
      selectKinds(seat, 0xff, false);
      rest(seat, Order.Idle);
    }
    me.here = here ? 1 : 0;
    if (here && me.alive != 0) read(seat);
  }
}

function read(seat: i32): void {
  const length = min<i32>(inputLength(seat), INPUT_BYTES);
  let at = 0;
  for (let count = 0; count < COMMANDS_MAX && at < length; count++) {
    const bytes = bytesOf(seat, at, length - at);
    if (bytes == 0) return;
    follow(seat, at);
    at += bytes;
  }
}

/** How long the command is that begins there; 0 when it is none, or not all of it is there. */
function bytesOf(seat: i32, at: i32, left: i32): i32 {
  const command = byteAt(seat, at);
  if (command == Command.None || command > Command.Rally) return 0;
  let bytes = <i32>load<u8>(BYTES + <usize>command);
  if (command == Command.SelectUnits && left >= bytes) bytes += 2 * byteAt(seat, at + 2);
  return bytes <= left ? bytes : 0;
}

// By command, without the list of SelectUnits.
const BYTES: usize = memory.data<u8>([0, 11, 3, 3, 3, 3, 5, 5, 3, 1, 1, 5, 4, 3, 3, 6]);

function byteAt(seat: i32, at: i32): i32 {
  return inputOf<Orders>(seat).bytes.get(at);
}

function wordAt(seat: i32, at: i32): i32 {
  return byteAt(seat, at) | (byteAt(seat, at + 1) << 8);
}

/** A coordinate of the map, whatever was written. */
function placeAt(seat: i32, at: i32): i32 {
  return min<i32>(wordAt(seat, at), 0x7fff);
}

function follow(seat: i32, at: i32): void {
  const first = byteAt(seat, min<i32>(at + 1, INPUT_BYTES - 1));
  const second = byteAt(seat, min<i32>(at + 2, INPUT_BYTES - 1));
  switch (byteAt(seat, at)) {
    case Command.SelectBox:
      selectBox(
        seat,
        first,
        second == 1,
        placeAt(seat, at + 3),
        placeAt(seat, at + 5),
        placeAt(seat, at + 7),
        placeAt(seat, at + 9),
      );
      break;
    case Command.SelectUnits:
      if (first != 1) selectNone(seat);
      for (let index = 0; index < second; index++) selectUnit(seat, wordAt(seat, at + 3 + 2 * index));
      break;
    case Command.SelectKinds:
      selectKinds(seat, first, second == 1);
      break;
    case Command.SelectGroup:
      selectGroup(seat, first, second == 1);
      break;
    case Command.SetGroup:
      setGroup(seat, first, second == 1);
      break;
    case Command.Move:
      goTo(seat, Order.Move, placeAt(seat, at + 1), placeAt(seat, at + 3));
      break;
    case Command.Advance:
      goTo(seat, Order.Advance, placeAt(seat, at + 1), placeAt(seat, at + 3));
      break;
    case Command.Attack:
      attack(seat, wordAt(seat, at + 1));
      break;
    case Command.Stop:
      rest(seat, Order.Idle);
      break;
    case Command.Hold:
      rest(seat, Order.Hold);
      break;
    case Command.Gather:
      gatherOre(seat, placeAt(seat, at + 1), placeAt(seat, at + 3));
      break;
    case Command.Build:
      buildHere(seat, first, second, byteAt(seat, at + 3));
      break;
    case Command.Train:
      trainUnit(seat, first, second);
      break;
    case Command.Research:
      research(seat, first, second);
      break;
    default:
      rally(seat, first, placeAt(seat, at + 2), placeAt(seat, at + 4));
  }
}
