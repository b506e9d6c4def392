// samestep replay: plays recorded inputs again, under changed code to see what changes, or alone to see the states' hashes.
import { styleText } from "node:util";
import { type Changes, changesOf } from "../../desync/changes.js";
import { SamestepError } from "../../error.js";
import type { Replay } from "../../replay/format.js";
import type { PhaseSeen } from "../../replay/verify.js";
import { hexHash } from "../../session/evidence/hash-chain.js";
import type { Game } from "../../simulation/game.js";
import { counted } from "../counting.js";
import { readGame } from "../games.js";
import { Exit, type Io } from "../io.js";
import { firstDifference, plainFields, plainParting, printFields, printLayout } from "../parting-text.js";
import { buildFor, mustFit, readReplay, recordedBuild } from "../read-replay.js";
import { phaseOf, runsOf } from "../two-builds.js";
import { readArgs, wrong } from "../usage.js";

const OFTEN_SHOWN = 8;

const HELP = `samestep replay REPLAY [--against BUILD] [--game BUILD] [--json]

Plays the recorded inputs again. With --against, under changed code: tells the first frame and
the fields that change, how much of the match does, and how it ends. States that are laid out
otherwise are compared by the names of their fields. Alone, prints the hash of a state a second.

  --against FILE  the build with the changes
  --game FILE     the build to compare it with; otherwise the one that recorded the match, looked
                  for by its hash here, beside the replay, in build/games, and among Samestep's own
  --json          one JSON object instead of lines

Examples
  samestep replay match.replay --against build/game.wasm
  samestep replay match.replay --against build/game.wasm --game release.wasm --json

Exit code: 0 nothing changes, 1 something does, 2 wrong usage,
           3 it cannot be played: an unreadable replay, no such build, or one with other inputs
`;

const SIDES = { before: "old", after: "new" };

export async function replay(args: string[], io: Io): Promise<number> {
  const options = { against: { type: "string" }, game: { type: "string" }, json: { type: "boolean" } } as const;
  const parsed = readArgs(args, io, { name: "replay", help: HELP, options });
  if (typeof parsed === "number") return parsed;
  const { values, positionals } = parsed;
  const [path, ...others] = positionals;
  if (path === undefined || others.length > 0) return wrong(io, "replay", "name one replay");
  try {
    const match = await readReplay(path);
    const old = await buildFor(path, match, values.game);
    mustFit(match, old, (await recordedBuild(path, match)) ?? old);
    if (old.gameHash !== match.gameHash) {
      io.err(
        `samestep replay: recorded with build ${match.gameHash}, and compared with ${old.gameHash}, as --game says`,
      );
    }
    const against = values.against;
    if (against === undefined) return await timeline(path, match, old, values.json === true, io);
    const changed = await readGame(against);
    mustFit(match, changed, old);
    const builds = { before: old, after: changed };
    const changes = changesOf(...(await runsOf(match, builds)));
    const { parting } = changes;
    const phase = parting && phaseOf(parting, match.config, builds);
    if (values.json) io.out(JSON.stringify(plain(path, against, match, changes, phase), undefined, 2));
    else print(against, match, changes, phase, io);
    return parting === undefined ? Exit.ok : Exit.failed;
  } catch (error) {
    if (!(error instanceof SamestepError)) throw error;
    io.err(`samestep replay: ${error.message}`);
    return Exit.unreadable;
  }
}

function print(against: string, match: Replay, changes: Changes, phase: PhaseSeen | undefined, io: Io): void {
  const { parting, frames, differing, end, often, moments, traps } = changes;
  if (parting === undefined) {
    const stopped = traps.before === undefined ? "" : `, then both stop: ${traps.before}`;
    io.out(`${styleText("green", "✓")} ${against}  changes nothing in ${counted(frames, "frame")}${stopped}`);
    printLayout(changes, SIDES, io);
    return;
  }
  io.out(`${styleText("red", "✗")} ${against}  first change at ${firstDifference(parting, SIDES, phase)}`);
  printFields(parting.fields.slice(1), SIDES, io);
  printLayout(parting, SIDES, io);
  io.out(`  ${differing.toLocaleString("en")} of ${match.frames.toLocaleString("en")} frames end in another state`);
  if (often.length > 0) {
    io.out(`  most often changed, of ${counted(moments, "look")}, one a second:`);
    const shown = often.slice(0, OFTEN_SHOWN);
    const width = Math.max(...shown.map(({ path }) => path.length));
    for (const { path, moments, elements } of shown) {
      io.out(`    ${path.padEnd(width)}  ${moments}${elements > 1 ? `, in ${elements} of them` : ""}`);
    }
    if (often.length > shown.length) io.out(`    and ${counted(often.length - shown.length, "more field")}`);
  }
  if (traps.before === undefined && traps.after === undefined && end.fields.length === 0) {
    io.out("  the match ends in the same state");
    return;
  }
  io.out(`  the match ends otherwise${end.fields.length > 0 ? `, at frame ${end.frame}:` : ""}`);
  printFields(end.fields, SIDES, io);
}

function plain(file: string, against: string, match: Replay, changes: Changes, phase: PhaseSeen | undefined): object {
  const { parting, end, ...rest } = changes;
  return {
    schema: "samestep.replay/1",
    ...{ replay: file, against, recordedFrames: match.frames },
    result: parting === undefined ? "same" : "changed",
    ...rest,
    parting: parting && plainParting(parting, phase),
    end: { frame: end.frame, ...plainFields(end.fields) },
  };
}

/** The hash of one state a second, and of the last. */
async function timeline(file: string, match: Replay, game: Game, json: boolean, io: Io): Promise<number> {
  const simulation = await game.simulation({ slots: 1 });
  const every = match.config.framesPerSecond;
  const states: { frame: number; hash: string }[] = [];
  const look = (frame: number): void => {
    const parts = new Uint32Array(2);
    simulation.save(0);
    simulation.hash(0, parts, 0);
    states.push({ frame, hash: hexHash({ low: parts[0]!, high: parts[1]! }) });
  };
  let frame = 0;
  let trap: string | undefined;
  simulation.reset(match.config);
  look(0);
  for (const record of match.records()) {
    if (simulation.step(record) === "trapped") {
      trap = simulation.trap;
      break;
    }
    frame += 1;
    if (frame % every === 0 || frame === match.frames) look(frame);
  }
  if (json)
    io.out(
      JSON.stringify({ schema: "samestep.replay/1", replay: file, game: game.gameHash, states, trap }, undefined, 2),
    );
  else {
    const width = String(match.frames).length;
    for (const state of states) io.out(`frame ${String(state.frame).padStart(width)}  ${state.hash}`);
    if (trap !== undefined) io.out(`frame ${frame}: the game stops: ${trap}`);
  }
  return trap === undefined ? Exit.ok : Exit.failed;
}
