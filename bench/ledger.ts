// fortress-rollback's cost ledger, its ten cells in its setup: ours beside what it published and beside a full mesh.
import { benchGame } from "./bench-games.js";
import { budgeted, elsewhereFigure, noiseFigure, othersFigures, placementOf, type Row } from "./ledger/budgets.js";
import { CELLS, type Cell, type Run, SECONDS, STEPS } from "./ledger/cells.js";
import { playMesh } from "./ledger/mesh.js";
import { formula, noise, type Press } from "./ledger/presses.js";
import { playStar } from "./ledger/star.js";
import { type Line, otherLines, publishedFigures, table } from "./ledger/table.js";
import { type Figures, Tally } from "./ledger/tally.js";
import type { Figure } from "./measure.js";

const SEEDS = 32;

/** With noise for inputs, bytes hardly differ from seed to seed. With so many the whole ledger takes 80 s of one core. */
const NOISE_SEEDS = 16;

const HEADING = `${STEPS} steps, ${SEEDS} seeds; bytes and messages of all nodes, divided by the players`;

/** The ten cells, printed as a table; answers what has a budget, and what was published of other engines. */
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
  return [...budgeted(rows), ...othersFigures(rows[0]!, others)];
}

/** What has no budget: four players elsewhere, and inputs that no codec was tuned to. */
export async function ledgerAside(): Promise<Figure[]> {
  const over = await runs();
  const elsewhere = CELLS.filter(({ players }) => players > 2).flatMap((cell) =>
    (["page", "far"] as const).map((placement) => {
      const press = () => formula(cell.inputBytes);
      const ours = over(cell, press, SEEDS, (run) => playStar({ ...run, placement }));
      return { cell, placement, ours, theirs: publishedFigures(cell) };
    }),
  );
  const there = elsewhere.map(({ cell, placement, ours }): Line => {
    return { cell: placement === "page" ? cell.name : "", engine: `ours, ${placement}`, ...ours };
  });
  process.stdout.write(table("The sequencer in the first player's page, and on a server with full legs", there));
  const noisy = CELLS.map((cell) => {
    const press = (seed: number) => noise(cell.inputBytes, seed);
    const placement = placementOf(cell);
    const ours = over(cell, press, NOISE_SEEDS, (run) => playStar({ ...run, placement }));
    return { cell, ours, mesh: over(cell, press, NOISE_SEEDS, playMesh) };
  });
  const random = noisy.flatMap(({ cell, ours, mesh }): Line[] => [
    { cell: cell.name, engine: `ours, ${placementOf(cell)}`, ...ours },
    { cell: "", engine: "mesh control", ...mesh },
    { cell: "", engine: "mesh, plain", bytesPerFrame: mesh.plainPerFrame },
  ]);
  process.stdout.write(
    table(`Random inputs, ${NOISE_SEEDS} seeds; plain: the control's, without codec and headers`, random),
  );
  return [...elsewhere.map((row) => elsewhereFigure(row, row.placement)), ...noisy.map(noiseFigure)];
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
