// What the toolchain adds to the language, told to tsc and to editors.
type AnyClass = abstract new (...values: never) => unknown;

/** A class that lives in the arena: copied on every save, compared field by field in a desync. */
declare function state(target: AnyClass): void;
/** The class one player's input is read through. A game has exactly one. */
declare function input(target: AnyClass): void;
/** A class for what the frame tells the outside (sounds, sparks). Never read back by the simulation. */
declare function event(target: AnyClass): void;
/** The class of the match's settings, written once before `init`. A game has at most one. */
declare function config(target: AnyClass): void;

// The toolchain writes these into regions.ts: the sizes of the game's own @input and @config classes, and for how many players.
declare const INPUT_BYTES: i32;
declare const CONFIG_BYTES: i32;
declare const INPUT_CELLS: i32;
