// All engines that the matrix knows, in the order of its table.
import { browserEngines } from "./browsers.js";
import type { Engine } from "./engine.js";
import { interpreter } from "./interpreter.js";
import { nativeEngines } from "./native.js";
import { shellEngines } from "./shells.js";

export const ENGINES: readonly Engine[] = [...shellEngines, ...browserEngines, interpreter, ...nativeEngines];

/** What CI installs, and without which a green matrix would say less than we promise. */
export const REQUIRED_IN_CI = "v8,jsc,spidermonkey,chromium,interpreter,native,arm64-native";

/** The engines that a list of names means; `jsc` is all of `jsc-…`. A name that means none is answered as such. */
export function enginesNamed(list: string): readonly Engine[] | { readonly unknown: string } {
  const names = list.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !ENGINES.some((engine) => isMeant(engine, name)));
  if (unknown !== undefined) return { unknown };
  return ENGINES.filter((engine) => names.some((name) => isMeant(engine, name)));
}

function isMeant({ id }: Engine, name: string): boolean {
  return id === name || id.startsWith(`${name}-`);
}
