// Shapes on a canvas that several rooms draw with.

export function circlePath(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  context.beginPath();
  context.arc(x, y, Math.max(0, radius), 0, 2 * Math.PI);
}

export function disc(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  circlePath(context, x, y, radius);
  context.fill();
}

export function oval(context: CanvasRenderingContext2D, x: number, y: number, along: number, across: number): void {
  context.beginPath();
  context.ellipse(x, y, along, across, 0, 0, 2 * Math.PI);
  context.fill();
}

export function boxPath(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
  radius: number,
): void {
  context.beginPath();
  context.roundRect(x, y, width, height, radius);
}

/** Corners as x and y in turn. */
export function polygonPath(context: CanvasRenderingContext2D, corners: readonly number[]): void {
  context.beginPath();
  for (let i = 0; i < corners.length; i += 2) context.lineTo(corners[i]!, corners[i + 1]!);
  context.closePath();
}

export function line(
  context: CanvasRenderingContext2D,
  stroke: string,
  width: number,
  fromX: number,
  fromY: number,
  toX: number,
  toY: number,
): void {
  context.strokeStyle = stroke;
  context.lineWidth = width;
  context.beginPath();
  context.moveTo(fromX, fromY);
  context.lineTo(toX, toY);
  context.stroke();
}

/** A shape with its outline around it. */
export function outlined(
  context: CanvasRenderingContext2D,
  fill: string,
  outline: string,
  width: number,
  path: () => void,
): void {
  path();
  context.strokeStyle = outline;
  context.lineWidth = 2 * width;
  context.stroke();
  context.fillStyle = fill;
  context.fill();
}
