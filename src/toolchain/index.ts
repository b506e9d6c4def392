// What a build script imports: samestep/toolchain.

export { type Finding, type Proof, prove } from "../proof/proof.js";
export { type BuildOptions, type BuiltGame, compileGame } from "./build.js";
export { gameTypes } from "./types.js";
