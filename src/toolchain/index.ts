// What a build script imports: samestep/toolchain.

export { type Finding, type Proof, prove } from "../proof/proof.js";
export type { BuildOptions, BuiltGame } from "./build.js";
export { compileGame } from "./compile-game.js";
export type { Address, Description, FieldType } from "./description.js";
export type { Runtime } from "./runtime.js";
export { gameTypes } from "./types.js";
export { type WrapOptions, type WrappedGame, wrapModule } from "./wrap.js";
