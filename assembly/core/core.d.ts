// The shape of build/core.js: the bytes of core.wasm, so that bundlers need no loader for it.
declare const core: Uint8Array;
export default core;
