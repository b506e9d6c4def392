// Fixes the memory: as many pages as the game's static data needs, and no more at any time.
import type binaryen from "assemblyscript/binaryen";

// What binaryen.js has and its typings lack.
interface Segments {
  getNumDataSegments(): number;
  getDataSegmentByIndex(index: number): number;
  getDataSegmentInfo(segment: number): { name: string; offset: number; data: ArrayBuffer; passive: boolean };
  getMemoryInfo(name: string): { initial: number };
}

/** The compiler's name for its memory. */
const MEMORY = "0";

/** Without a maximum, growth can fail on one machine and succeed on another; with min == max it always fails. */
export function fixMemory(module: binaryen.Module): void {
  const reader = module as unknown as Segments;
  const pages = Math.max(1, reader.getMemoryInfo(MEMORY).initial);
  const segments = Array.from({ length: reader.getNumDataSegments() }, (_, index) => {
    const { name, offset, data, passive } = reader.getDataSegmentInfo(reader.getDataSegmentByIndex(index));
    return { name, offset: module.i32.const(offset), data: new Uint8Array(data), passive };
  });
  module.removeExport("memory");
  module.setMemory(pages, pages, "memory", segments, false, false, MEMORY);
}
