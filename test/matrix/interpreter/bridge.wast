;; Between the game's memory and core.wasm's, for an interpreter that has no host: one module sees one memory.
(module $game-memory
  (import "game" "memory" (memory 0))
  (func (export "load") (param $at i32) (result i64) (i64.load (local.get $at)))
  (func (export "store") (param $at i32) (param $word i32) (i32.store (local.get $at) (local.get $word)))
  (func (export "flip") (param $at i32) (param $mask i32)
    (i32.store8 (local.get $at) (i32.xor (i32.load8_u (local.get $at)) (local.get $mask)))))
(register "game-memory" $game-memory)

(module $bridge
  (import "core" "memory" (memory 0))
  (import "core" "hash" (func $hash (param i32 i32 i32)))
  (import "core" "slot" (func $slot (param i32) (result i32)))
  (import "core" "scratch" (func $scratch (result i32)))
  (import "game-memory" "load" (func $load (param i32) (result i64)))
  ;; XXH3-64 of so many bytes at an address of the game, copied eight at a time.
  (func (export "hash") (param $at i32) (param $bytes i32) (result i64)
    (local $done i32) (local $to i32)
    (local.set $to (call $slot (i32.const 0)))
    (loop $next
      (i64.store (i32.add (local.get $to) (local.get $done)) (call $load (i32.add (local.get $at) (local.get $done))))
      (br_if $next (i32.lt_u (local.tee $done (i32.add (local.get $done) (i32.const 8))) (local.get $bytes))))
    (call $hash (local.get $to) (local.get $bytes) (call $scratch))
    (i64.load (call $scratch))))
