// What the buildings look like from above: stone and wood, with the owner's roof, and his emblem on it.
import { Structure } from "../rules.js";
import { type Palette, PLAYERS, type PlayerColours } from "./palette.js";
import { boxPath, circlePath, line, outlined } from "./paths.js";

/** Of a tile: shadows and banners reach so far beyond the walls. */
export const STRUCTURE_MARGIN = 0.5;

const LINE = 0.09;

/** In tiles around the middle of a building that is `tiles` wide. */
export function drawStructure(
  context: CanvasRenderingContext2D,
  structure: number,
  tiles: number,
  owner: number,
  palette: Palette,
): void {
  const half = tiles / 2 - 0.12;
  context.lineJoin = "round";
  context.fillStyle = palette.shadow;
  if (structure === Structure.Turret) circlePath(context, 0.16, 0.2, half);
  else boxPath(context, -half + 0.2, -half + 0.24, 2 * half, 2 * half, 0.3);
  context.fill();
  DRAW[structure]?.(context, half, PLAYERS[owner]!, palette);
  const at = EMBLEM_AT[structure];
  if (at !== undefined) drawEmblem(context, owner, at.x * half, at.y * half, at.size, palette);
}

type Draw = (context: CanvasRenderingContext2D, half: number, colours: PlayerColours, palette: Palette) => void;

const DRAW: Readonly<Record<number, Draw>> = {
  [Structure.Base]: base,
  [Structure.Barracks]: barracks,
  [Structure.Forge]: forge,
  [Structure.Turret]: turret,
};

const EMBLEM_AT: Readonly<Record<number, { readonly x: number; readonly y: number; readonly size: number }>> = {
  [Structure.Base]: { x: 0, y: 0, size: 0.4 },
  [Structure.Barracks]: { x: -0.02, y: -0.12, size: 0.3 },
  [Structure.Forge]: { x: -0.34, y: 0.18, size: 0.27 },
};

/** A walled court with four towers, and the keep in its middle. */
function base(context: CanvasRenderingContext2D, half: number, colours: PlayerColours, palette: Palette): void {
  const wall = half - 0.16;
  filled(context, palette.stone, palette, () => boxPath(context, -wall, -wall, 2 * wall, 2 * wall, 0.16));
  const court = wall - 0.3;
  context.fillStyle = palette.stoneDark;
  boxPath(context, -court, -court, 2 * court, 2 * court, 0.1);
  context.fill();
  context.strokeStyle = palette.stoneLight;
  context.lineWidth = 0.07;
  context.setLineDash([0.16, 0.14]);
  boxPath(context, -wall + 0.12, -wall + 0.12, 2 * wall - 0.24, 2 * wall - 0.24, 0.1);
  context.stroke();
  context.setLineDash([]);
  for (const x of [-1, 1]) {
    for (const y of [-1, 1]) {
      const corner = half - 0.34;
      filled(context, palette.stoneLight, palette, () => circlePath(context, x * corner, y * corner, 0.36));
      filled(context, colours.main, palette, () => circlePath(context, x * corner, y * corner, 0.19));
    }
  }
  context.fillStyle = palette.shadow;
  boxPath(context, -0.78, -0.7, 1.75, 1.75, 0.1);
  context.fill();
  pyramid(context, 0.86, colours, palette);
}

/** A long hall under a ridged roof, with its yard. */
function barracks(context: CanvasRenderingContext2D, half: number, colours: PlayerColours, palette: Palette): void {
  filled(context, palette.stone, palette, () => boxPath(context, -half, -half, 2 * half, 2 * half, 0.14));
  context.fillStyle = palette.stoneDark;
  boxPath(context, -half + 0.16, half - 0.74, 2 * half - 0.32, 0.6, 0.08);
  context.fill();
  for (const x of [-0.8, -0.3, 0.2, 0.7]) {
    line(context, palette.woodDark, 0.1, x, half - 0.66, x + 0.12, half - 0.24);
    line(context, palette.steel, 0.06, x, half - 0.66, x + 0.03, half - 0.54);
  }
  const roof = half - 0.14;
  const low = half - 0.84;
  filled(context, colours.main, palette, () => boxPath(context, -roof, -roof, 2 * roof, roof + low, 0.06));
  context.fillStyle = colours.shade;
  boxPath(context, -roof + 0.04, (low - roof) / 2, 2 * roof - 0.08, (roof + low) / 2 - 0.04, 0.04);
  context.fill();
  line(context, colours.light, 0.09, -roof + 0.1, (low - roof) / 2, roof - 0.1, (low - roof) / 2);
  for (let x = -roof + 0.36; x < roof - 0.1; x += 0.4)
    line(context, palette.shadow, 0.04, x, -roof + 0.06, x, low - 0.06);
}

/** A workshop with a chimney and its fire. */
function forge(context: CanvasRenderingContext2D, half: number, colours: PlayerColours, palette: Palette): void {
  filled(context, palette.stoneDark, palette, () => boxPath(context, -half, -half, 2 * half, 2 * half, 0.14));
  const roof = half - 0.16;
  filled(context, colours.main, palette, () => boxPath(context, -roof, -roof, 1.3 * roof, 2 * roof, 0.06));
  context.fillStyle = colours.shade;
  boxPath(context, -roof * 0.35, -roof + 0.04, 0.62 * roof, 2 * roof - 0.08, 0.04);
  context.fill();
  line(context, colours.light, 0.09, -roof * 0.35, -roof + 0.1, -roof * 0.35, roof - 0.1);
  filled(context, palette.stoneLight, palette, () => boxPath(context, roof * 0.42, -roof, 0.58 * roof, 0.72, 0.06));
  context.fillStyle = palette.outline;
  circlePath(context, roof * 0.71, -roof + 0.36, 0.2);
  context.fill();
  context.fillStyle = palette.fire;
  circlePath(context, roof * 0.71, -roof + 0.36, 0.12);
  context.fill();
  filled(context, palette.steel, palette, () => boxPath(context, roof * 0.46, 0.2, 0.5, 0.24, 0.05));
  line(context, palette.woodDark, 0.16, roof * 0.71, 0.56, roof * 0.71, 0.8);
}

function turret(context: CanvasRenderingContext2D, half: number, colours: PlayerColours, palette: Palette): void {
  filled(context, palette.stone, palette, () => circlePath(context, 0, 0, half));
  context.strokeStyle = palette.stoneLight;
  context.lineWidth = 0.2;
  context.setLineDash([0.28, 0.2]);
  circlePath(context, 0, 0, half - 0.14);
  context.stroke();
  context.setLineDash([]);
  filled(context, colours.main, palette, () => circlePath(context, 0, 0, half - 0.34));
  context.fillStyle = colours.shade;
  circlePath(context, 0, 0, half - 0.52);
  context.fill();
}

/** The crossbow on a turret, which turns; drawn each time. In tiles, looking east. */
export function drawCrossbow(context: CanvasRenderingContext2D, palette: Palette): void {
  context.lineCap = "round";
  line(context, palette.outline, 0.26, -0.34, 0, 0.5, 0);
  line(context, palette.wood, 0.14, -0.34, 0, 0.48, 0);
  context.lineWidth = 0.2;
  context.strokeStyle = palette.outline;
  context.beginPath();
  context.arc(-0.08, 0, 0.46, -1, 1);
  context.stroke();
  context.lineWidth = 0.1;
  context.strokeStyle = palette.steel;
  context.stroke();
}

function pyramid(context: CanvasRenderingContext2D, half: number, colours: PlayerColours, palette: Palette): void {
  filled(context, colours.main, palette, () => boxPath(context, -half, -half, 2 * half, 2 * half, 0.06));
  const sides: readonly (readonly [string, number, number])[] = [
    [colours.shade, 1, 0],
    [colours.shade, 0, 1],
    [colours.light, 0, -1],
  ];
  for (const [fill, x, y] of sides) {
    context.globalAlpha = fill === colours.light ? 0.45 : x === 1 ? 0.5 : 1;
    context.fillStyle = fill;
    context.beginPath();
    context.moveTo(0, 0);
    context.lineTo(half * (x - y), half * (y - x));
    context.lineTo(half * (x + y), half * (y + x));
    context.fill();
  }
  context.globalAlpha = 1;
}

/** One sign for each player: whoever cannot tell the colours can tell these. */
export function drawEmblem(
  context: CanvasRenderingContext2D,
  owner: number,
  x: number,
  y: number,
  size: number,
  palette: Palette,
): void {
  context.save();
  context.translate(x, y);
  context.scale(size, size);
  context.beginPath();
  EMBLEMS[owner]!(context);
  context.lineWidth = 0.42;
  context.strokeStyle = palette.outline;
  context.stroke();
  context.fillStyle = "#ffffff";
  context.fill();
  context.restore();
}

function corners(...at: number[]): (context: CanvasRenderingContext2D) => void {
  return (context) => {
    for (let i = 0; i < at.length; i += 2) context.lineTo(at[i]!, at[i + 1]!);
    context.closePath();
  };
}

/** Disc, square, triangle, diamond, cross, hexagon, hourglass, arrow: within a circle of one. */
const EMBLEMS: readonly ((context: CanvasRenderingContext2D) => void)[] = [
  (context) => context.arc(0, 0, 0.72, 0, 2 * Math.PI),
  corners(-0.68, -0.68, 0.68, -0.68, 0.68, 0.68, -0.68, 0.68),
  corners(0, -0.85, 0.85, 0.65, -0.85, 0.65),
  corners(0, -0.95, 0.7, 0, 0, 0.95, -0.7, 0),
  corners(
    -0.28,
    -0.85,
    0.28,
    -0.85,
    0.28,
    -0.28,
    0.85,
    -0.28,
    0.85,
    0.28,
    0.28,
    0.28,
    0.28,
    0.85,
    -0.28,
    0.85,
    -0.28,
    0.28,
    -0.85,
    0.28,
    -0.85,
    -0.28,
    -0.28,
    -0.28,
  ),
  corners(0.85, 0, 0.42, 0.75, -0.42, 0.75, -0.85, 0, -0.42, -0.75, 0.42, -0.75),
  corners(-0.75, -0.8, 0.75, -0.8, 0, 0, 0.75, 0.8, -0.75, 0.8, 0, 0),
  corners(-0.85, -0.4, 0.1, -0.4, 0.1, -0.8, 0.85, 0, 0.1, 0.8, 0.1, 0.4, -0.85, 0.4),
];

function filled(context: CanvasRenderingContext2D, fill: string, palette: Palette, path: () => void): void {
  outlined(context, fill, palette.outline, LINE, path);
}
