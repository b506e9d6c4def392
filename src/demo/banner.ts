// The banner of a desync: which frame, which field, what each side held, and what to do now.
import type { Desync } from "../session/evidence/evidence.js";
import { AUTHORITY } from "../wire/limits.js";
import { element, find } from "./element.js";

export interface BannerOptions {
  readonly onSave: () => void;
  readonly onReport: (report: Desync) => void;
  readonly onAgain: () => void;
}

export class Banner {
  readonly #root = find("#banner");
  readonly #options: BannerOptions;

  constructor(options: BannerOptions) {
    this.#options = options;
  }

  get shown(): boolean {
    return !this.#root.hidden;
  }

  /** `seat` is whose report it is, from 0. */
  show(report: Desync, seat: number): void {
    const { title, text, values } = desyncWords(report, seat);
    const buttons = element(
      "div",
      { className: "buttons" },
      this.#button("Save report", () => this.#options.onReport(report)),
      this.#button("Save replay", this.#options.onSave),
      this.#button("New match", this.#options.onAgain),
      this.#button("Dismiss", () => this.hide()),
    );
    const lines = values.map((value) => element("span", {}, value));
    this.#root.replaceChildren(
      element("p", {}, element("strong", {}, title), ` ${text} `, element("span", { className: "values" }, ...lines)),
      buttons,
    );
    this.#root.hidden = false;
  }

  hide(): void {
    this.#root.hidden = true;
    this.#root.replaceChildren();
  }

  #button(text: string, act: () => void): HTMLButtonElement {
    const made = element("button", { type: "button" }, text);
    made.addEventListener("click", act);
    return made;
  }
}

export interface DesyncWords {
  readonly title: string;
  readonly text: string;
  readonly values: readonly string[];
}

export function desyncWords(report: Desync, seat: number): DesyncWords {
  const [field, ...others] = report.fields;
  const title = `Desync at frame ${report.frame}.`;
  const cause = CAUSES[report.verdict];
  const verdict = `${DIFFERENCES[report.differs]}${cause === undefined ? "" : `, ${cause}`}`;
  if (field === undefined)
    return {
      title,
      text: `${verdict}: ${report.note ?? "no field is known"}.${blame(report)}`,
      values: hashLines(report),
    };
  const more = others.length === 0 ? "" : `, and in ${others.length} more`;
  const ours: readonly [number, string] = [seat, field.before];
  const theirs: readonly [number, string] = [report.seats[0] === seat ? report.seats[1] : report.seats[0], field.after];
  const values = [ours, theirs].sort(([a], [b]) => a - b).map(([whose, value]) => `${nameOf(whose)}: ${value}`);
  return {
    title,
    text: `${verdict}${cause === undefined ? "" : ","} in ${field.path}${more}.${blame(report)}`,
    values,
  };
}

function hashLines({ seats, hashes }: Desync): string[] {
  return seats.map((seat, index) => `${nameOf(seat)}: ${hashes[index]}`);
}

const DIFFERENCES = {
  state: "Same inputs, different results",
  inputs: "The players' confirmed inputs differ",
  chain: "A player's hashes are no hashes",
} as const;

/** What kind of fault it is, where the two sides could tell. */
const CAUSES = {
  protocol: undefined,
  build: "by two builds that are not the same",
  restore: "since a snapshot lacks something",
  host: "since a state was written outside of the step",
  simulation: "again and again",
  chain: undefined,
  unknown: undefined,
} as const;

/** Who is wrong, where the server or a majority knows. */
function blame({ blamed, agree, of }: Desync): string {
  if (blamed.length === 0) return "";
  return ` ${agree} of ${of} agree, without ${blamed.map(nameOf).join(" and ")}.`;
}

function nameOf(party: number): string {
  return party === AUTHORITY ? "server" : `player ${party + 1}`;
}
