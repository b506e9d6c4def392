// Where snapshots live: lays out the scratch area and the ring of slots behind the module's own data.

// Slots and scratch start on a cache line, so that a copy never touches a line of its neighbour.
const LINE: u64 = 64;
const PAGE: u64 = 65536;
// An address must stay a positive i32: JavaScript reads it as one.
const MEMORY_MAX: u64 = 1 << 31;

let scratchAt: usize = 0;
let slotsAt: usize = 0;
let stride: usize = 0;

/**
 * Lays out memory, growing it if it must, and returns 1. Returns 0, with the former layout still valid, if an argument
 * is negative, if the whole would not fit into 2 GiB, or if the host refuses to grow.
 *
 *   | static data | scratch: scratchBytes | slot 0 | slot 1 | ... |      every part starts at a multiple of 64
 *
 * Growing detaches every ArrayBuffer the host took from this memory. No other function grows it. May be called again:
 * what scratch and slots then contain is unspecified.
 */
export function configure(slotBytes: i32, slots: i32, scratchBytes: i32): i32 {
  if (slotBytes < 0 || slots < 0 || scratchBytes < 0) return 0;
  const scratchBegin = lines(<u64>__heap_base);
  const slotsBegin = scratchBegin + lines(<u64>scratchBytes);
  const slotStride = lines(<u64>slotBytes);
  // No factor exceeds 2^31, so 64 bits hold the sum.
  const end = slotsBegin + slotStride * <u64>slots;
  if (end > MEMORY_MAX || !reach(end)) return 0;
  scratchAt = <usize>scratchBegin;
  slotsAt = <usize>slotsBegin;
  stride = <usize>slotStride;
  return 1;
}

/** Address of the scratch area. Valid once `configure` has returned 1. */
export function scratch(): usize {
  return scratchAt;
}

/** Address of slot `index`. The caller keeps 0 <= index < slots. */
export function slot(index: usize): usize {
  return slotsAt + index * stride;
}

function lines(bytes: u64): u64 {
  return (bytes + (LINE - 1)) & ~(LINE - 1);
}

function reach(end: u64): bool {
  const pages = <i32>((end + (PAGE - 1)) / PAGE);
  const missing = pages - memory.size();
  return missing <= 0 || memory.grow(missing) >= 0;
}
