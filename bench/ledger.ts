// fortress-rollback's cost ledger, its ten cells in its setup: ours beside what it published and beside a full mesh.
import { benchGame } from "./bench-games.js";
import { CELLS, type Cell, type Run, SECONDS, STEPS } from "./ledger/cells.js";
import { playMesh } from "./ledger/mesh.js";
import { formula, noise, type Press } from "./ledger/presses.js";
import { type Placement, playStar } from "./ledger/star.js";
import { type Line, otherLines, publishedFigures, table } from "./ledger/table.js";
import { type Figures, Tally } from "./ledger/tally.js";
import type { Figure } from "./measure.js";

const SEEDS = 32;

/** With noise for inputs, bytes hardly differ from seed to seed. */
const NOISE_SEEDS = 8;

/** Of fortress-rollback's bytes, by the length of an input; of its messages; of its stalls. */
const BYTES_BUDGET = { 4: 0.25, 32: 0.4 } as const;
const MESSAGES_BUDGET = 0.5;
const STALLS_BUDGET = 0.5;

/** Of what the mesh resimulates. */
const RESIMULATED_BUDGET = 1.05;

const HEADING = `${STEPS} steps, ${SEEDS} seeds; bytes and messages of all nodes, divided by the players`;

interface Row {
  cell: Cell;
  ours: Figures;
  mesh: Figures;
  theirs: Partial<Figures>;
}

/** Two players need no server; more prefer one. */
function placementOf(cell: Cell): Placement {
  return cell.players === 2 ? "page" : "midway";
}

/** The ten cells, printed as a table; answers what has a budget. */
export async function ledger(): Promise<Figure[]> {
  const over = await runs();
  const rows = CELLS.map((cell): Row => {
    const press = () => formula(cell.inputBytes);
    const placement = placementOf(cell);
    return {
      cell,
      ours: over(cell, press, SEEDS, (run) => playStar({ ...run, placement })),
      mesh: over(cell, press, SEEDS, playMesh),
      theirs: publishedFigures(cell),
    };
  });
  const others = otherLines(CELLS[0]!, STEPS / SECONDS);
  const lines = rows.flatMap(({ cell, ours, mesh, theirs }, index): Line[] => [
    { cell: cell.name, engine: "fortress", ...theirs },
    { cell: "", engine: `ours, ${placementOf(cell)}`, ...ours },
    { cell: "", engine: "mesh control", ...mesh },
    ...(index === 0 ? others.map((line) => ({ ...line, cell: "" })) : []),
  ]);
  process.stdout.write(table(HEADING, lines));
  return [...rows.map(bytesFigure), messagesFigure(rows), resimulatedFigure(rows), stallsFigure(rows)];
}

/** What has no budget: four players elsewhere, and inputs that no codec was tuned to. Printed only. */
export async function ledgerAside(): Promise<Figure[]> {
  const over = await runs();
  const elsewhere = CELLS.filter(({ players }) => players > 2).flatMap((cell) =>
    (["page", "far"] as const).map((placement, index): Line => {
      const figures = over(
        cell,
        () => formula(cell.inputBytes),
        SEEDS,
        (run) => playStar({ ...run, placement }),
      );
      return { cell: index === 0 ? cell.name : "", engine: `ours, ${placement}`, ...figures };
    }),
  );
  process.stdout.write(table("The sequencer in the first player's page, and on a server with full legs", elsewhere));
  const noisy = CELLS.flatMap((cell): Line[] => {
    const press = (seed: number) => noise(cell.inputBytes, seed);
    const placement = placementOf(cell);
    const ours = over(cell, press, NOISE_SEEDS, (run) => playStar({ ...run, placement }));
    const mesh = over(cell, press, NOISE_SEEDS, playMesh);
    return [
      { cell: cell.name, engine: `ours, ${placement}`, ...ours },
      { cell: "", engine: "mesh control", ...mesh },
    ];
  });
  process.stdout.write(table(`Random inputs, ${NOISE_SEEDS} seeds`, noisy));
  return [];
}

/** Plays a cell once for each seed, and adds up. */
type Over = (cell: Cell, press: (seed: number) => Press, seeds: number, play: (run: Run) => Tally) => Figures;

async function runs(): Promise<Over> {
  const game = await benchGame("words");
  const most = Math.max(...CELLS.map(({ players }) => players));
  const simulations = await Promise.all(Array.from({ length: most }, () => game.simulation()));
  return (cell, press, seeds, play) => {
    const sum = new Tally();
    for (let seed = 1; seed <= seeds; seed++) sum.add(play({ cell, press: press(seed), seed, simulations }));
    return sum.figures();
  };
}

function bytesFigure({ cell, ours, mesh, theirs }: Row): Figure {
  return {
    what: `${cell.name}: bytes for each confirmed frame and player, all nodes counted`,
    value: `${ours.bytesPerFrame.toFixed(1)} B (mesh control ${mesh.bytesPerFrame.toFixed(1)} B)`,
    ratio: ours.bytesPerFrame / theirs.bytesPerFrame!,
    budget: BYTES_BUDGET[cell.inputBytes],
    sense: "most",
    against: `fortress-rollback's published ${theirs.bytesPerFrame!.toFixed(1)} B`,
    also: { cell: cell.name, ours, mesh, theirs },
  };
}

function messagesFigure(rows: readonly Row[]): Figure {
  const { cell, ours, theirs, ratio } = worst(rows, ({ ours, theirs }) =>
    share(ours.messagesPerFrame, theirs.messagesPerFrame!),
  );
  return {
    what: "messages for each confirmed frame and player, all nodes counted, in the worst cell",
    value: `${cell.name}: ${ours.messagesPerFrame.toFixed(2)}`,
    ...{ ratio, budget: MESSAGES_BUDGET, sense: "most" },
    against: `fortress-rollback's published ${theirs.messagesPerFrame!.toFixed(2)}`,
  };
}

function resimulatedFigure(rows: readonly Row[]): Figure {
  const { cell, ours, mesh, ratio } = worst(rows, ({ ours, mesh }) =>
    share(ours.resimulatedPerFrame, mesh.resimulatedPerFrame),
  );
  return {
    what: "resimulated frames for each confirmed one, in the worst cell",
    value: `${cell.name}: ${ours.resimulatedPerFrame.toFixed(3)}`,
    ...{ ratio, budget: RESIMULATED_BUDGET, sense: "most" },
    against: `the mesh control's ${mesh.resimulatedPerFrame.toFixed(3)}`,
  };
}

function stallsFigure(rows: readonly Row[]): Figure {
  const { cell, ours, theirs, ratio } = worst(rows, ({ ours, theirs }) =>
    share(ours.stallsPerMinute, theirs.stallsPerMinute!),
  );
  return {
    what: "stalls a minute, in the worst cell",
    value: `${cell.name}: ${ours.stallsPerMinute.toFixed(1)} (${ours.confirmed.toFixed(0)} of ${STEPS} frames confirmed)`,
    ...{ ratio, budget: STALLS_BUDGET, sense: "most" },
    against: `fortress-rollback's published ${theirs.stallsPerMinute!.toFixed(1)} (${theirs.confirmed} frames)`,
  };
}

/** None against none is none; some against none is beyond every budget. */
function share(ours: number, theirs: number): number {
  return ours === 0 ? 0 : ours / theirs;
}

function worst(rows: readonly Row[], of: (row: Row) => number): Row & { ratio: number } {
  const judged = rows.map((row) => ({ ...row, ratio: of(row) }));
  // Asked so that a ratio that is no number is the worst.
  return judged.reduce((worse, row) => (row.ratio <= worse.ratio ? worse : row));
}
