// Faults planted by hand in our own sources: the simulation has to turn red on each, or it proves nothing.
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";

interface Edit {
  file: string;
  find: string;
  replace: string;
}

export interface Mutant {
  name: string;
  edits: Edit[];
}

export const MUTANTS: Mutant[] = [
  {
    name: "the ring is one slot short",
    edits: [
      {
        file: "src/session/timeline.ts",
        find: "return sparse ? SLOTS_SPARSE : predictionWindow + 2;",
        replace: "return sparse ? SLOTS_SPARSE : predictionWindow + 1;",
      },
      { file: "test/dst/world.ts", find: "schedule.predictionWindow + 2", replace: "schedule.predictionWindow + 1" },
    ],
  },
  {
    name: "states are hashed before they are confirmed",
    edits: [
      {
        file: "src/session/timeline.ts",
        find: "return Math.min(this.inputs.confirmedEnd, this.#resimulateFrom);",
        replace: "return this.#resimulateFrom;",
      },
      {
        file: "src/session/final-inputs.ts",
        find: 'assert(frame < this.confirmedEnd, "the frame is confirmed");',
        replace: "",
      },
    ],
  },
  {
    name: "the window is off by one",
    edits: [
      {
        file: "src/session/timeline.ts",
        find: "return this.inputs.confirmedEndWithout(this.#own) + this.#window;",
        replace: "return this.inputs.confirmedEndWithout(this.#own) + this.#window + 1;",
      },
    ],
  },
  {
    name: "a rollback restores one frame too late",
    edits: [
      {
        file: "src/session/timeline.ts",
        find: "this.#simulation.restore(from % this.#simulation.slots);",
        replace: "this.#simulation.restore(Math.min(from + 1, target) % this.#simulation.slots);",
      },
    ],
  },
  {
    name: "predictions are never checked",
    edits: [
      {
        file: "src/session/final-inputs.ts",
        find: "if (this.#words[at + i] !== predicted) return frame;",
        replace: "if (frame < 0) return frame;",
      },
    ],
  },
  {
    name: "a delta base is one frame off",
    edits: [
      {
        file: "src/session/run.ts",
        find: "const base = first - run.base;",
        replace: "const base = Math.max(0, first - run.base - 1);",
      },
    ],
  },
  {
    name: "a departed seat is absent one frame too late",
    edits: [
      {
        file: "src/session/final-inputs.ts",
        find: "if (frame >= this.#leftAt[seat]!) into.fill(0, begin, end);",
        replace: "if (frame > this.#leftAt[seat]!) into.fill(0, begin, end);",
      },
    ],
  },
  {
    name: "a late input is lost when the run has a gap",
    edits: [
      {
        file: "src/session/redundancy.ts",
        find: "if (!overdue || now < this.#repairAt) return newest;",
        replace: "if (overdue || !overdue) return newest;",
      },
    ],
  },
  {
    name: "differing hashes are called equal",
    edits: [
      {
        file: "src/sequencer/agreement.ts",
        find: "else if (theirs.values[theirs.slot(frame)] !== value) {",
        replace: "else if (frame < 0) {",
      },
    ],
  },
  {
    name: "the first bad frame is taken for the next",
    edits: [
      {
        file: "src/sequencer/agreement.ts",
        find: "this.#verdict = { frame, verdict:",
        replace: "this.#verdict = { frame: frame + 1, verdict:",
      },
    ],
  },
];

function plugin(edits: Edit[], applied: Set<Edit>): Plugin {
  return {
    name: "mutate",
    setup(setup) {
      setup.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        let contents = await readFile(path, "utf8");
        for (const edit of edits) {
          if (resolve(edit.file) !== path) continue;
          if (contents.split(edit.find).length !== 2) throw new Error(`${edit.file} does not hold once: ${edit.find}`);
          contents = contents.replace(edit.find, () => edit.replace);
          applied.add(edit);
        }
        return { contents, loader: "ts" };
      });
    },
  };
}

export type Runner = typeof import("./run.js");

/** The simulation, built from sources with these edits. */
export async function mutate(mutant: Mutant): Promise<Runner> {
  const applied = new Set<Edit>();
  const outfile = `build/mutants/${mutant.name.replaceAll(" ", "-")}.mjs`;
  await build({
    entryPoints: ["test/dst/run.ts"],
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    outfile,
    plugins: [plugin(mutant.edits, applied)],
    logLevel: "silent",
  });
  if (applied.size !== mutant.edits.length) throw new Error(`not every edit of "${mutant.name}" met its file`);
  return (await import(pathToFileURL(resolve(outfile)).href)) as Runner;
}
