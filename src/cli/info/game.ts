// What samestep info says of a game module: its identities, and what it shares with the world.
import { SamestepError } from "../../error.js";
import { readModule } from "../../proof/binary.js";
import { producersOf } from "../../proof/producers.js";
import { type Game, loadGame } from "../../simulation/game.js";
import { classOf, type Field, type Schema, type SchemaClass } from "../../simulation/schema.js";
import { CELL_HEADER_BYTES } from "../../simulation/simulation.js";
import { type About, firstOf, type Unknown, unknown } from "../about.js";
import { counted, playersOf } from "../counting.js";
import { phasesMarked } from "./phases.js";

const FIELDS_SHOWN = 12;
/** What the SDK's fixed point is divided by. */
const FIXED = 65_536;

export async function aboutGame(bytes: Uint8Array): Promise<About | Unknown> {
  let game: Game;
  try {
    game = await loadGame(bytes);
  } catch (error) {
    if (!(error instanceof SamestepError)) throw error;
    return unknown(`a WebAssembly module, and no game that could be played: ${error.message}`);
  }
  const { schema, gameHash, schemaHash } = game;
  const { kind, framesPerSecond, players, regions } = schema;
  const module = readModule(bytes);
  const [tools, phases] = [producersOf(module), phasesMarked(bytes, module, regions.phase.address)];
  const pages = module.memories[0]!.min;
  const events = Object.keys(schema.classes).filter((name) => schema.classes[name]!.kind === "event");
  return {
    kind: "game",
    title: kind === "arena" ? "a game" : "a managed game",
    rows: [
      ["build", gameHash],
      ["schema", schemaHash],
      ["plays", `${framesPerSecond} frames a second, ${playersOf(players)}`],
      ["state", stateLines(schema)],
      ["input", `${classLine(schema, schema.input)}${schema.commands ? "; commands, each carried out once" : ""}`],
      ["settings", schema.config === undefined ? "none" : classLine(schema, schema.config)],
      [
        "events",
        events.length === 0
          ? "none"
          : firstOf(
              events.map((name) => classLine(schema, name)),
              FIELDS_SHOWN,
            ),
      ],
      ["phases", phases.length === 0 ? "it marks none" : phases.join(", ")],
      ...(tools.length === 0 ? [] : [["made by", tools.join(", ")] as [string, string]]),
      ["size", `${counted(bytes.length, "byte")}, ${counted(pages, "page")} of memory`],
    ],
    json: {
      ...{ bytes: bytes.length, pages, gameHash, schemaHash, proven: true, layout: kind, framesPerSecond, players },
      ...{ stateBytes: regions.state.size, inputBytes: regions.inputs.stride - CELL_HEADER_BYTES },
      ...{ commands: schema.commands === true, root: schema.root, input: schema.input, config: schema.config },
      ...{ classes: schema.classes, phases, producers: tools },
    },
  };
}

function stateLines(schema: Schema): string[] {
  const { root, kind, regions } = schema;
  const whole = kind === "managed" ? ", its whole memory" : "";
  const fields = classOf(schema, root).fields.map(fieldText);
  return [`${root}, ${counted(regions.state.size, "byte")}${whole}`, ...firstOf(fields, FIELDS_SHOWN)];
}

function classLine(schema: Schema, name: string): string {
  const { bytes, fields }: SchemaClass = classOf(schema, name);
  return `${name}, ${counted(bytes, "byte")}: ${firstOf(fields.map(fieldText), FIELDS_SHOWN).join(", ")}`;
}

/** `units: Unit[256]`, `speed: fixed`. */
function fieldText({ name, type, count, scale, bool }: Field): string {
  const scaled = type === "i32" && scale === FIXED ? "fixed" : `${type} / ${scale}`;
  const one = bool ? "bool" : scale === undefined ? type : scaled;
  return `${name}: ${one}${count === undefined ? "" : `[${count}]`}`;
}
