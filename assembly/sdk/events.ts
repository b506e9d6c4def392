// What a frame tells the outside: records the host reads after the step and clears before the next.
// The region: u32 bytes used, then records of u16 class id, u16 size, fields.
import { idOf, sizeOf } from "./layout";
import { EVENTS_BYTES, events } from "./regions";

const USED_BYTES: u32 = 4;
const HEADER_BYTES: u32 = 4;

/** A new event of this frame, all zero, to be filled in at once. Traps when the frame's events exceed 4 KiB. */
export function emit<T>(): T {
  const size = <u32>sizeOf<T>();
  const used = load<u32>(events);
  const after = used + HEADER_BYTES + size;
  assert(after <= <u32>EVENTS_BYTES - USED_BYTES, "the events of one frame exceed 4 KiB");
  store<u32>(events, after);
  const record = events + <usize>(USED_BYTES + used);
  store<u16>(record, <u16>idOf<T>());
  store<u16>(record, <u16>size, 2);
  memory.fill(record + HEADER_BYTES, 0, size);
  return changetype<T>(record + HEADER_BYTES);
}
