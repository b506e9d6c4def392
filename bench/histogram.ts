// Times of frames: a frame budget is about the tail, so the median comes with the 95th and 99th of a hundred and the worst.
export class Histogram {
  readonly #times: number[] = [];

  /** In ms. */
  add(milliseconds: number): void {
    this.#times.push(milliseconds);
  }

  get worst(): number {
    return Math.max(...this.#times);
  }

  /** The time that `share` of all frames do not exceed. */
  quantile(share: number): number {
    const sorted = [...this.#times].sort((a, b) => a - b);
    return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
  }

  toString(): string {
    const [middle, p95, p99] = [0.5, 0.95, 0.99].map((share) => this.quantile(share).toFixed(3));
    return `p50 ${middle}, p95 ${p95}, p99 ${p99}, max ${this.worst.toFixed(3)} ms of ${this.#times.length} frames`;
  }
}
