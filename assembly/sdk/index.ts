/// <reference path="./ambient.d.ts" />
// What a game imports.

export { configOf, playerCount, seedHigh, seedLow } from "./config";
export { emit } from "./events";
export { div, fixed, fromInt, fx, mul, sqrt, toInt } from "./fixed";
export { cellBegin, NOWHERE, sortByCell } from "./grid";
export { inputLength, inputOf, Presence, presence } from "./input";
export { Random } from "./random";
export { AnyLength, arena, clear, Numbers, numbers, phase, Slots, slots } from "./state";
export { abort } from "./trap";
export { cos, sin } from "./trig";
export { Vec } from "./vector";
