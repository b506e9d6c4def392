// The bytes of a game's settings, by name where its build is at hand.
import { readPlain } from "../../simulation/plain.js";
import { classOf, type Schema } from "../../simulation/schema.js";

export interface SettingsSeen {
  text: string;
  /** The fields; the bytes as hexadecimal digits where nobody knows what they mean. */
  json: object | string;
}

export function settingsOf(rules: Uint8Array, schema: Schema | undefined): SettingsSeen {
  const digits = Buffer.from(rules).toString("hex");
  if (schema === undefined) {
    return { text: rules.length === 0 ? "none" : `${digits} (its build is not here to name them)`, json: digits };
  }
  if (schema.config === undefined) return { text: "none", json: {} };
  // Shorter is padded with zeroes, as the game sees it.
  const whole = new Uint8Array(classOf(schema, schema.config).size);
  whole.set(rules.subarray(0, whole.length));
  const fields = readPlain(schema, schema.config, new DataView(whole.buffer), 0);
  const text = Object.entries(fields).map(([name, value]) => `${name} ${JSON.stringify(value, bigintText)}`);
  return { text: text.join(", "), json: fields };
}

function bigintText(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
