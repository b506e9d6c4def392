// What this hardware can do inside one WebAssembly module: the limits that our copies and hashes are held against.
import binaryen from "assemblyscript/binaryen";

// Both loops run inside the module, so that no call into it is counted. Slots are taken in turn, as a ring does.
const TEXT = `(module
  (memory (export "memory") 1)
  (func (export "copies") (param $from i32) (param $slot i32) (param $bytes i32) (param $slots i32) (param $times i32)
    (local $to i32) (local $left i32)
    (loop $all
      (local.set $to (local.get $slot))
      (local.set $left (local.get $slots))
      (loop $ring
        (memory.copy (local.get $to) (local.get $from) (local.get $bytes))
        (local.set $to (i32.add (local.get $to) (local.get $bytes)))
        (local.set $left (i32.sub (local.get $left) (i32.const 1)))
        (br_if $ring (local.get $left)))
      (local.set $times (i32.sub (local.get $times) (i32.const 1)))
      (br_if $all (local.get $times))))
  (func (export "read") (param $from i32) (param $bytes i32) (param $times i32) (result i32)
    (local $at i32) (local $end i32) (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local.set $end (i32.add (local.get $from) (local.get $bytes)))
    (loop $all
      (local.set $at (local.get $from))
      (loop $block
        (local.set $a (v128.xor (local.get $a) (v128.load (local.get $at))))
        (local.set $b (v128.xor (local.get $b) (v128.load offset=16 (local.get $at))))
        (local.set $c (v128.xor (local.get $c) (v128.load offset=32 (local.get $at))))
        (local.set $d (v128.xor (local.get $d) (v128.load offset=48 (local.get $at))))
        (local.set $a (v128.xor (local.get $a) (v128.load offset=64 (local.get $at))))
        (local.set $b (v128.xor (local.get $b) (v128.load offset=80 (local.get $at))))
        (local.set $c (v128.xor (local.get $c) (v128.load offset=96 (local.get $at))))
        (local.set $d (v128.xor (local.get $d) (v128.load offset=112 (local.get $at))))
        (local.set $at (i32.add (local.get $at) (i32.const 128)))
        (br_if $block (i32.lt_u (local.get $at) (local.get $end))))
      (local.set $times (i32.sub (local.get $times) (i32.const 1)))
      (br_if $all (local.get $times)))
    (i32x4.extract_lane 0
      (v128.xor (v128.xor (local.get $a) (local.get $b)) (v128.xor (local.get $c) (local.get $d))))))`;

const PAGE = 65_536;

interface Exports {
  memory: WebAssembly.Memory;
  copies(from: number, slot: number, bytes: number, slots: number, times: number): void;
  read(from: number, bytes: number, times: number): number;
}

export interface Kernels {
  /** Copies a block into each slot of a ring, `times` times over, with memory.copy. */
  copies(times: number): void;
  /** Reads a block, `times` times over, with 128-bit loads. */
  read(times: number): void;
}

/** Kernels over a block of `bytes`, a multiple of 128, and a ring of `slots` such blocks behind it. */
export async function kernels(bytes: number, slots: number): Promise<Kernels> {
  const module = binaryen.parseText(TEXT);
  module.setFeatures(binaryen.Features.All);
  const { instance } = await WebAssembly.instantiate(module.emitBinary() as BufferSource, {});
  const { memory, copies, read } = instance.exports as unknown as Exports;
  memory.grow(Math.ceil(((slots + 1) * bytes) / PAGE));
  const words = new Uint32Array(memory.buffer);
  for (let i = 0; i < bytes >> 2; i++) words[i] = Math.imul(i, 2654435761);
  return {
    copies: (times) => copies(0, bytes, bytes, slots, times),
    read: (times) => {
      read(0, bytes, times);
    },
  };
}
