// What to do next, where the compiler only says what is wrong: its messages that newcomers meet most.

const HINTS: readonly (readonly [RegExp, string])[] = [
  [/File '~lib\/samestep[^']*' not found/, "The SDK is imported from 'samestep/assembly/sdk'."],
  [/File '[^']*\.js\.ts' not found/, "Write the path without its ending."],
  [/File '~lib\/[^']*' not found/, "A game imports AssemblyScript only: its own files and the SDK."],
  [/Index signature is missing in type '[^']*\/Slots</, "An element of Slots is at(index)."],
  [
    /Index signature is missing in type '[^']*\/Numbers</,
    "Numbers are read with get(index) and written with set(index, value).",
  ],
  [
    /Property '\w+' does not exist on type '[^']*\/(Slots|Numbers)</,
    "Its length is fixed; it has length, and at (Slots) or get and set (Numbers).",
  ],
  [/Property '__(size|id)' does not exist/, "emit<T>() takes an @event class."],
  [
    /Cannot assign to '[^']*' because it is a constant or a read-only property/,
    "Objects and arrays lie in place: set their fields or elements one by one. Inputs and settings are the host's: copy what changes into the state.",
  ],
  [
    /Conversion from type 'f(64|32)' to 'i32'/,
    "A fixed constant is written fx(0.5); a float becomes an integer with <i32>x.",
  ],
  [/Not implemented: Iterators/, "Count instead: for (let i = 0; i < list.length; i++)."],
  [/Not implemented: Closures/, "Give the function what it needs as parameters."],
  [/Not implemented: Exceptions/, "assert() stops the game at a mistake; anything else is a value."],
  [
    /TS1110: Type expected/,
    "Fields, parameters and results have written types, `: void` for none. The length of an array stands in its initialiser.",
  ],
];

/** Adds to each of the compiler's messages what its author can do about it. */
export function withHints(diagnostics: string): string {
  return diagnostics.replace(/^(?:ERROR|WARNING) .*$/gm, (message) => {
    const hint = HINTS.find(([pattern]) => pattern.test(message))?.[1];
    if (hint === undefined) return message;
    return `${message}${message.endsWith(".") ? "" : "."} ${hint}`;
  });
}
