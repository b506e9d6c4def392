// The network between the players and the server, on sliders: both ways, both players, at once.
import { type Conditions, PERFECT, PRESETS } from "../netsim/conditions.js";
import { element, find, write } from "./element.js";
import { BURST_MOST, DELAY_MOST_MS, JITTER_MOST_MS, LOSS_MOST_PERCENT } from "./query.js";
import { milliseconds, percent } from "./wording.js";

interface Slider {
  readonly name: string;
  readonly most: number;
  readonly least: number;
  readonly step: number;
  readonly get: (conditions: Conditions) => number;
  readonly set: (value: number) => Partial<Conditions>;
  readonly text: (value: number) => string;
}

const SLIDERS: readonly Slider[] = [
  {
    name: "one way",
    least: 0,
    most: DELAY_MOST_MS,
    step: 1,
    get: ({ delayMs }) => delayMs,
    set: (delayMs) => ({ delayMs }),
    text: milliseconds,
  },
  {
    name: "jitter",
    least: 0,
    most: JITTER_MOST_MS,
    step: 1,
    get: ({ jitterMs }) => jitterMs,
    set: (jitterMs) => ({ jitterMs }),
    text: (value) => `+ ${milliseconds(value)}`,
  },
  {
    name: "loss",
    least: 0,
    most: LOSS_MOST_PERCENT,
    step: 0.1,
    get: ({ loss }) => loss * 100,
    set: (value) => ({ loss: value / 100 }),
    text: (value) => percent(value / 100),
  },
  {
    name: "burst",
    least: 1,
    most: BURST_MOST,
    step: 0.5,
    get: ({ burst }) => burst,
    set: (burst) => ({ burst }),
    text: (value) => (value === 1 ? "single" : `${value} in a row`),
  },
];

const OWN = "own values";
const NAMES: Readonly<Record<string, string>> = {
  perfect: "Perfect",
  lan: "Local network",
  cable: "Cable",
  wifi: "Wi-Fi",
  mobile: "Mobile",
  ocean: "Across an ocean",
  bad: "Bad",
};

export class NetworkCard {
  conditions: Conditions;
  readonly seed: number;
  readonly #preset = find<HTMLSelectElement>("#preset");
  readonly #rows: { readonly slider: Slider; readonly input: HTMLInputElement; readonly output: HTMLOutputElement }[] =
    [];
  readonly #onChange: (conditions: Conditions) => void;

  constructor(options: { conditions: Conditions; seed: number; onChange: (conditions: Conditions) => void }) {
    this.conditions = options.conditions;
    this.seed = options.seed;
    this.#onChange = options.onChange;
    for (const name of [...Object.keys(PRESETS), OWN]) {
      this.#preset.append(element("option", { value: name }, NAMES[name] ?? "Own values"));
    }
    this.#preset.addEventListener("change", () => {
      const preset = PRESETS[this.#preset.value];
      if (preset !== undefined) this.#change(preset);
    });
    find("#sliders").append(...SLIDERS.map((slider) => this.#row(slider)));
    write(find("#seed-line"), `Seed ${this.seed}: the same accidents every time. Address: &seed=${this.seed}`);
    this.#show();
  }

  #row(slider: Slider): HTMLElement {
    const { name, least, most, step } = slider;
    const input = element("input", { type: "range", min: String(least), max: String(most), step: String(step) });
    const output = element("output");
    input.addEventListener("input", () => this.#change({ ...this.conditions, ...slider.set(Number(input.value)) }));
    this.#rows.push({ slider, input, output });
    return element("label", { className: "slider" }, element("span", {}, name), input, output);
  }

  #change(conditions: Conditions): void {
    this.conditions = { ...conditions };
    this.#show();
    this.#onChange(this.conditions);
  }

  #show(): void {
    for (const { slider, input, output } of this.#rows) {
      const value = slider.get(this.conditions);
      input.value = String(value);
      const text = slider.text(value);
      write(output, text);
      input.setAttribute("aria-valuetext", text);
    }
    this.#preset.value = presetOf(this.conditions) ?? OWN;
  }
}

/** The preset that these conditions are, if they are one. */
export function presetOf(conditions: Conditions): string | undefined {
  const columns = Object.keys(PERFECT) as (keyof Conditions)[];
  return Object.keys(PRESETS).find((name) => columns.every((column) => PRESETS[name]![column] === conditions[column]));
}
