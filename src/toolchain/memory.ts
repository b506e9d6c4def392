// Fixes the memory: as many pages as are asked for, and no more at any time.
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

/** The pages that the game's static data take. */
export function staticPages(module: binaryen.Module): number {
  return Math.max(1, (module as unknown as Segments).getMemoryInfo(MEMORY).initial);
}

/** Without a maximum, growth can fail on one machine and succeed on another; with min == max it always fails. */
export function fixMemory(module: binaryen.Module, pages: number): void {
  const reader = module as unknown as Segments;
  const segments = Array.from({ length: reader.getNumDataSegments() }, (_, index) => {
    const { name, offset, data, passive } = reader.getDataSegmentInfo(reader.getDataSegmentByIndex(index));
    return { name, offset: module.i32.const(offset), data: new Uint8Array(data), passive };
  });
  module.removeExport("memory");
  module.setMemory(pages, pages, "memory", segments, false, false, MEMORY);
}
