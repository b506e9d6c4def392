// What the ledger's cells are held to, and the figures that come of it; beside them those that have no budget.
import type { Figure } from "../measure.js";
import { type Cell, STEPS } from "./cells.js";
import type { Placement } from "./star.js";
import type { Line } from "./table.js";
import type { Figures } from "./tally.js";

/** Of fortress-rollback's bytes, by the length of an input; of its messages; of its stalls. */
const BYTES_BUDGET = { 4: 0.25, 32: 0.4 } as const;
const MESSAGES_BUDGET = 0.5;
const STALLS_BUDGET = 0.5;

/** Of what the mesh resimulates. */
const RESIMULATED_BUDGET = 1.05;

/** A cell as it was played: ours, the control, and what was published. */
export interface Row {
  cell: Cell;
  ours: Figures;
  mesh: Figures;
  theirs: Partial<Figures>;
}

/** Two players need no server; more prefer one. */
export function placementOf(cell: Cell): Placement {
  return cell.players === 2 ? "page" : "midway";
}

/** All that has a budget. */
export function budgeted(rows: readonly Row[]): Figure[] {
  return [...rows.map(bytesFigure), messagesFigure(rows), resimulatedFigure(rows), stallsFigure(rows)];
}

const BYTES = "bytes for each confirmed frame and player, all nodes counted";

function bytesFigure({ cell, ours, mesh, theirs }: Row): Figure {
  return {
    what: `${cell.name}: ${BYTES}`,
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

/** A cell against engines of which only this one is known; without a budget. */
export function othersFigures({ cell, ours }: Row, others: readonly Line[]): Figure[] {
  return others.map(({ engine, bytesPerFrame }) => ({
    what: `${cell.name}: ${BYTES}, beside ${engine}`,
    value: `${ours.bytesPerFrame.toFixed(1)} B`,
    ...{ ratio: ours.bytesPerFrame / bytesPerFrame!, sense: "most" },
    against: `${engine}'s ${bytesPerFrame!.toFixed(1)} B`,
  }));
}

/** A cell with the sequencer elsewhere, against what was published; without a budget. */
export function elsewhereFigure({ cell, ours, theirs }: Omit<Row, "mesh">, placement: Placement): Figure {
  const where = placement === "page" ? "the sequencer in the first player's page" : "a server with full legs";
  return {
    what: `${cell.name}: ${BYTES}, ${where}`,
    value: `${ours.bytesPerFrame.toFixed(1)} B`,
    ...{ ratio: ours.bytesPerFrame / theirs.bytesPerFrame!, sense: "most" },
    against: `fortress-rollback's published ${theirs.bytesPerFrame!.toFixed(1)} B`,
    also: { cell: cell.name, placement, ours, theirs },
  };
}

/** A cell with noise for inputs, against the control's inputs as they are, without codec and headers; without a budget. */
export function noiseFigure({ cell, ours, mesh }: Omit<Row, "theirs">): Figure {
  return {
    what: `${cell.name}, random inputs: ${BYTES}`,
    value: `${ours.bytesPerFrame.toFixed(1)} B (mesh control ${mesh.bytesPerFrame.toFixed(1)} B)`,
    ...{ ratio: ours.bytesPerFrame / mesh.plainPerFrame, sense: "most" },
    against: `${mesh.plainPerFrame.toFixed(1)} B of plain inputs, as often as the mesh control sends them`,
    also: { cell: cell.name, ours, mesh },
  };
}
