// The keys of a player, for reading.
import { element } from "./element.js";
import { KEY_LINES } from "./keys.js";

/** The keys of a seat, under any title. */
export function keysCard(seat: 0 | 1, title: string, note: string): HTMLElement {
  const list = element("dl");
  for (const { keys, does } of KEY_LINES[seat]!) {
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
