// core.wasm: what must live outside a game's memory. Everything the host can call is listed here.

// An address or a length is a usize, which is an i32 at the border. 64-bit hashes are written to memory as eight
// little-endian bytes, because an i64 at the border becomes a BigInt in JavaScript (40 ns a call in JavaScriptCore).
export { hash, leaves, root } from "./checksum";
export { deltaBound, deltaDecode, deltaEncode } from "./delta";
export { configure, scratch, slot } from "./ring";
