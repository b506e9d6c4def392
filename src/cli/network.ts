// A bad network on purpose: the options that name one, and what they mean.
import { type Conditions, PERFECT, PRESETS } from "../netsim/conditions.js";
import { nearest, wholeNumber } from "./usage.js";

const MS_MAX = 5000;

export const NETWORK_OPTIONS = {
  network: { type: "string" },
  delay: { type: "string" },
  jitter: { type: "string" },
  loss: { type: "string" },
} as const;

export const NETWORK_HELP = `  --network NAME   ${Object.keys(PRESETS).join(", ")}
  --delay MS --jitter MS --loss PERCENT`;

/** What the options ask for; undefined when they ask for nothing, and text that says what is wrong with them. */
export function readNetwork(
  given: { [name in keyof typeof NETWORK_OPTIONS]?: string },
): Conditions | string | undefined {
  const { network, delay, jitter, loss } = given;
  if (network === undefined && delay === undefined && jitter === undefined && loss === undefined) return undefined;
  const preset = network === undefined ? PERFECT : Object.hasOwn(PRESETS, network) ? PRESETS[network] : undefined;
  if (preset === undefined) {
    const meant = nearest(network!, Object.keys(PRESETS));
    return `there is no network '${network}'${meant ? ` (did you mean ${meant}?)` : `: ${Object.keys(PRESETS).join(", ")}`}`;
  }
  const conditions: Conditions = { ...preset };
  for (const [name, text] of [["delayMs", delay] as const, ["jitterMs", jitter] as const]) {
    if (text === undefined) continue;
    const ms = wholeNumber(text, 0, MS_MAX);
    if (ms === undefined) return `a delay is a whole number of ms to ${MS_MAX}, not '${text}'`;
    conditions[name] = ms;
  }
  if (loss === undefined) return conditions;
  const percent = loss.trim() === "" ? Number.NaN : Number(loss);
  if (!(percent >= 0 && percent <= 100)) return `a loss is a percentage from 0 to 100, not '${loss}'`;
  return { ...conditions, loss: percent / 100 };
}
