// A point or a direction of the plane.
import { fixed } from "./fixed";

@state
export class Vec {
  x: fixed;
  y: fixed;

  set(x: fixed, y: fixed): void {
    this.x = x;
    this.y = y;
  }
}
