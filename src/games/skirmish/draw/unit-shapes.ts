// What each kind of unit looks like from above, looking east: paths in tiles around its middle.
import { Kind } from "../rules.js";
import type { Palette, PlayerColours } from "./palette.js";
import { boxPath, circlePath, line, outlined, oval, polygonPath } from "./paths.js";

export interface Look {
  readonly kind: number;
  /** A worker that carries ore. */
  readonly loaded: boolean;
}

/** Every row of the sheet of sprites. */
export const LOOKS: readonly Look[] = [
  { kind: Kind.Worker, loaded: false },
  { kind: Kind.Pike, loaded: false },
  { kind: Kind.Bow, loaded: false },
  { kind: Kind.Rider, loaded: false },
  { kind: Kind.Ram, loaded: false },
  { kind: Kind.Worker, loaded: true },
];

/** Of a tile, around the unit's middle: what fits into a sprite. */
export const SPRITE_TILES = 2;

const OUTLINE = 0.075;
const CORNER = 0.06;

export function lookOf(kind: number, load: number): number {
  return kind === Kind.Worker && load > 0 ? 5 : kind - 1;
}

export function drawUnit(
  context: CanvasRenderingContext2D,
  look: Look,
  colours: PlayerColours,
  palette: Palette,
  facing: number,
): void {
  const large = look.kind === Kind.Ram || look.kind === Kind.Rider;
  context.fillStyle = palette.shadow;
  oval(context, 0.07, 0.11, large ? 0.52 : 0.34, large ? 0.44 : 0.32);
  context.rotate(facing);
  context.lineJoin = "round";
  context.lineCap = "round";
  DRAW[look.kind]!(context, colours, palette, look.loaded);
}

type Draw = (context: CanvasRenderingContext2D, colours: PlayerColours, palette: Palette, loaded: boolean) => void;

const DRAW: Readonly<Record<number, Draw>> = {
  [Kind.Worker]: worker,
  [Kind.Pike]: pike,
  [Kind.Bow]: bow,
  [Kind.Rider]: rider,
  [Kind.Ram]: ram,
};

function worker(context: CanvasRenderingContext2D, colours: PlayerColours, palette: Palette, loaded: boolean): void {
  if (!loaded) {
    line(context, palette.outline, 0.13, 0.05, 0.24, 0.46, 0.16);
    line(context, palette.wood, 0.08, 0.05, 0.24, 0.46, 0.16);
    line(context, palette.steel, 0.1, 0.42, 0.02, 0.48, 0.3);
  }
  body(context, colours, palette, 0.27, 0.33);
  filled(context, palette.skin, palette.outline, () => circlePath(context, 0.05, 0, 0.12));
  if (!loaded) return;
  filled(context, palette.ore, palette.outline, () =>
    polygonPath(context, [0.18, 0, 0.34, -0.19, 0.54, 0, 0.34, 0.19]),
  );
  context.fillStyle = palette.oreLight;
  polygonPath(context, [0.26, 0, 0.34, -0.11, 0.4, 0]);
  context.fill();
}

function pike(context: CanvasRenderingContext2D, colours: PlayerColours, palette: Palette): void {
  line(context, palette.outline, 0.15, -0.32, 0.2, 0.78, 0.2);
  line(context, palette.wood, 0.08, -0.32, 0.2, 0.62, 0.2);
  line(context, palette.steel, 0.1, 0.6, 0.2, 0.8, 0.2);
  body(context, colours, palette, 0.24, 0.33);
  filled(context, colours.light, palette.outline, () => {
    context.beginPath();
    context.ellipse(0.2, -0.18, 0.08, 0.2, 0.2, 0, 2 * Math.PI);
  });
  head(context, palette.steel, palette);
}

function bow(context: CanvasRenderingContext2D, colours: PlayerColours, palette: Palette): void {
  const arc = () => {
    context.beginPath();
    context.arc(0.06, 0, 0.42, -0.95, 0.95);
  };
  context.strokeStyle = palette.outline;
  context.lineWidth = 0.16;
  arc();
  context.stroke();
  context.strokeStyle = palette.wood;
  context.lineWidth = 0.09;
  arc();
  context.stroke();
  line(context, palette.steel, 0.035, 0.3, -0.34, 0.3, 0.34);
  body(context, colours, palette, 0.2, 0.28);
  head(context, colours.shade, palette);
  line(context, colours.light, 0.06, -0.18, -0.14, -0.1, 0.16);
}

function rider(context: CanvasRenderingContext2D, colours: PlayerColours, palette: Palette): void {
  filled(context, palette.woodDark, palette.outline, () => {
    context.beginPath();
    context.ellipse(-0.04, 0, 0.46, 0.2, 0, 0, 2 * Math.PI);
  });
  filled(context, palette.wood, palette.outline, () => {
    context.beginPath();
    context.ellipse(0.46, 0, 0.2, 0.11, 0, 0, 2 * Math.PI);
  });
  line(context, palette.woodDark, 0.09, -0.46, 0, -0.66, 0.05);
  line(context, palette.outline, 0.12, -0.1, 0.22, 0.66, 0.26);
  line(context, palette.steel, 0.06, -0.1, 0.22, 0.66, 0.26);
  filled(context, colours.main, palette.outline, () => {
    context.beginPath();
    context.ellipse(-0.08, 0, 0.2, 0.29, 0, 0, 2 * Math.PI);
  });
  context.fillStyle = colours.light;
  oval(context, -0.2, 0, 0.07, 0.2);
  head(context, palette.steel, palette);
}

function ram(context: CanvasRenderingContext2D, colours: PlayerColours, palette: Palette): void {
  context.fillStyle = palette.outline;
  for (const x of [-0.34, 0.3]) {
    for (const y of [-0.4, 0.4]) {
      boxPath(context, x - 0.15, y - 0.09, 0.3, 0.18, CORNER);
      context.fill();
    }
  }
  line(context, palette.outline, 0.28, 0.3, 0, 0.76, 0);
  line(context, palette.wood, 0.18, 0.3, 0, 0.74, 0);
  line(context, palette.steel, 0.2, 0.72, 0, 0.78, 0);
  filled(context, colours.main, palette.outline, () => boxPath(context, -0.56, -0.34, 1.06, 0.68, CORNER));
  context.fillStyle = colours.shade;
  boxPath(context, -0.52, 0.01, 0.98, 0.29, CORNER);
  context.fill();
  line(context, colours.light, 0.07, -0.52, 0, 0.46, 0);
  for (const x of [-0.28, 0.02]) line(context, palette.woodDark, 0.05, x, -0.3, x, 0.3);
}

function body(
  context: CanvasRenderingContext2D,
  colours: PlayerColours,
  palette: Palette,
  along: number,
  across: number,
): void {
  filled(context, colours.main, palette.outline, () => {
    context.beginPath();
    context.ellipse(0, 0, along, across, 0, 0, 2 * Math.PI);
  });
  context.fillStyle = colours.shade;
  oval(context, -along * 0.45, 0, along * 0.4, across * 0.7);
}

function head(context: CanvasRenderingContext2D, fill: string, palette: Palette): void {
  filled(context, fill, palette.outline, () => circlePath(context, 0.03, 0, 0.14));
}

function filled(context: CanvasRenderingContext2D, fill: string, outline: string, path: () => void): void {
  outlined(context, fill, outline, OUTLINE, path);
}
