// Calls one function of the SDK a step, chosen by the input: how the tests reach them.
import {
  arena,
  configOf,
  cos,
  div,
  emit,
  fromInt,
  fx,
  inputLength,
  inputOf,
  mul,
  Numbers,
  numbers,
  phase,
  playerCount,
  presence,
  Random,
  Slots,
  seedHigh,
  seedLow,
  sin,
  slots,
  sqrt,
  toInt,
  Vec,
} from "../../assembly/sdk";

@input
export class Call {
  function: u8;
  a: i32;
  b: i32;
}
@config
export class Rules {
  limit: u32;
}
@event
export class Ping {
  number: u64;
  at: Vec;
  note: Numbers<u16> = numbers<u16>(3);
}
@event
export class Big {
  bytes: Numbers<u8> = numbers<u8>(1000);
}
@state
export class Cell {
  guard: u8;
  values: Numbers<u16> = numbers<u16>(5);
  tail: u8;
}
@state
export class World {
  result: i64;
  random: Random;
  left: Numbers<u8> = numbers<u8>(3);
  right: Numbers<u8> = numbers<u8>(3);
  cells: Slots<Cell> = slots<Cell>(3);
  end: Numbers<u64> = numbers<u64>(1);
}
export const world = arena<World>();

export function init(): void {
  world.random.seed(seedLow(), seedHigh());
}

export function step(): void {
  const call = inputOf<Call>(0);
  const a = call.a;
  const b = call.b;
  phase(call.function);
  switch (call.function) {
    case 1:
      world.result = mul(a, b);
      break;
    case 2:
      world.result = div(a, b);
      break;
    case 3:
      world.result = sqrt(a);
      break;
    case 4:
      world.result = sin(a);
      break;
    case 5:
      world.result = cos(a);
      break;
    case 6:
      world.result = toInt(a);
      break;
    case 7:
      world.result = fromInt(a);
      break;
    case 8:
      world.result = world.random.next();
      break;
    case 9:
      world.result = world.random.below(<u32>a);
      break;
    case 10:
      world.result = world.random.between(a, b);
      break;
    case 11:
      world.random.seed(<u32>a, <u32>b);
      break;
    case 12:
      world.result = ((<i32>presence(a)) << 16) | inputLength(a);
      break;
    case 13:
      world.result = ((<i64>playerCount()) << 32) | configOf<Rules>().limit;
      break;
    case 14:
      world.left.set(a, <u8>b);
      break;
    case 15:
      world.result = world.right.get(a);
      break;
    case 16:
      world.cells.at(a).values.set(b, 0xffff);
      break;
    case 17:
      ping(a);
      break;
    case 18:
      for (let i = 0; i < a; i++) emit<Big>();
      break;
    case 19:
      world.result = world.left.length * 100 + world.cells.length * 10 + world.cells.at(0).values.length;
      break;
    case 20:
      world.result = total(world.left) * 10 + total(world.right);
      break;
    case 21:
      for (let i = 0; i < 3; i++) world.left.set(i, <u8>a);
      break;
    case 22:
      for (let i = 0; i < 3; i++) world.right.set(i, <u8>a);
      break;
    case 23:
      world.result = fx(0.25) + fx(-1.00001);
      break;
  }
}

function ping(number: i32): void {
  const event = emit<Ping>();
  event.number = <u64>number;
  event.at.set(fx(1.5), fx(-1.5));
  event.note.set(2, 7);
}

/** A function over arrays of any length is generic in it. */
function total<Length>(list: Numbers<u8, Length>): i32 {
  let sum: i32 = 0;
  for (let i = 0; i < list.length; i++) sum += list.get(i);
  return sum;
}
