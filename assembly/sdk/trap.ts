// Where an assertion goes: into a record the host can read, so that a game needs no import even to complain.
import { trap } from "./regions";

/** Takes the place of AssemblyScript's `abort`, which every failing `assert` calls. */
export function abort(message: string | null, file: string | null, line: u32, column: u32): void {
  store<u32>(trap, 1);
  store<u32>(trap, <u32>changetype<usize>(message), 4);
  store<u32>(trap, <u32>changetype<usize>(file), 8);
  store<u32>(trap, line, 12);
  store<u32>(trap, column, 16);
  unreachable();
}
