// What a network does to one direction of a link, and the named kinds of network that people know.

export interface Conditions {
  /** One way, in ms. */
  delayMs: number;
  /** Added to each datagram: evenly spread over [0, jitterMs). */
  jitterMs: number;
  /** Share of datagrams lost, 0 to 1. */
  loss: number;
  /** Length of a loss burst in datagrams, on average; 1 = losses are independent. */
  burst: number;
  /**
   * Gilbert and Elliott's two shares: of what is sent during a burst, and of what is sent outside of any, so much is
   * lost. `loss` stays the share in all, so it lies between the two.
   */
  burstLoss: number;
  strayLoss: number;
  /** Share of datagrams that arrive twice. */
  duplicate: number;
  /** Share of datagrams held back until later ones have passed. */
  reorder: number;
  /** Bytes per second; Infinity = no cap. What does not fit the queue behind a cap is lost. */
  bytesPerSecond: number;
}

export const PERFECT: Readonly<Conditions> = {
  delayMs: 0,
  jitterMs: 0,
  loss: 0,
  burst: 1,
  burstLoss: 1,
  strayLoss: 0,
  duplicate: 0,
  reorder: 0,
  bytesPerSecond: Infinity,
};

/** One direction each; a round trip is twice the delay. */
export const PRESETS: Readonly<Record<string, Readonly<Conditions>>> = {
  perfect: PERFECT,
  lan: { ...PERFECT, delayMs: 1, jitterMs: 1 },
  cable: { ...PERFECT, delayMs: 15, jitterMs: 3, loss: 0.001 },
  wifi: { ...PERFECT, delayMs: 25, jitterMs: 20, loss: 0.01, burst: 2 },
  mobile: { ...PERFECT, delayMs: 50, jitterMs: 20, loss: 0.05, burst: 2 },
  ocean: { ...PERFECT, delayMs: 90, jitterMs: 10, loss: 0.01 },
  bad: { ...PERFECT, delayMs: 100, jitterMs: 40, loss: 0.1, burst: 3, duplicate: 0.02, reorder: 0.02 },
};
