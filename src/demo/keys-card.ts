// Keys and what they do, for reading.
import { element } from "./element.js";

export interface KeyLine {
  /** As they are printed; a word stands for something that is no key, such as a direction. */
  readonly keys: readonly string[];
  readonly does: string;
}

/** A key of the page itself, in every game. */
export const SOUND_KEY = "KeyM";

export function keysCard(lines: readonly KeyLine[], title: string, note: string): HTMLElement {
  const list = element("dl");
  for (const { keys, does } of lines) {
    const caps = keys.map((key) => (key.length === 1 ? element("kbd", {}, key) : element("span", {}, key)));
    list.append(element("dt", {}, ...caps), element("dd", {}, does));
  }
  const head = element("div", { className: "card-head" }, element("h2", {}, title));
  return element(
    "section",
    { className: "card keys", ariaLabel: title },
    head,
    list,
    element("p", { className: "quiet" }, note),
  );
}
