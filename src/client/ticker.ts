// What makes a match live: a call every few ms, also in a tab that nobody looks at.

export interface Ticker {
  start(tick: () => void): void;
  stop(): void;
}

/** A quarter of a frame at 60 per second, so that a frame is never late by more. */
const TICK_MS = 4;

const WORKER = `setInterval(() => postMessage(0), ${TICK_MS})`;

/**
 * Ticks from a worker, for in a hidden tab a page gets one timer call a second and no animation frames, while workers go
 * on (Chromium 156: 62 a second). Where there are no workers, or the page's policy forbids this one: a plain timer.
 */
export function defaultTicker(): Ticker {
  if (typeof Worker === "undefined" || typeof document === "undefined") return intervalTicker();
  const plain = intervalTicker();
  let worker: Worker | undefined;
  return {
    start(tick) {
      const url = URL.createObjectURL(new Blob([WORKER], { type: "text/javascript" }));
      try {
        worker = new Worker(url);
        worker.onmessage = tick;
        worker.onerror = () => plain.start(tick);
      } catch {
        plain.start(tick);
      }
      // Chromium reads the script after the constructor has returned.
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
    },
    stop() {
      worker?.terminate();
      plain.stop();
    },
  };
}

export function intervalTicker(): Ticker {
  let timer: ReturnType<typeof setInterval> | undefined;
  return {
    start(tick) {
      timer ??= setInterval(tick, TICK_MS);
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
    },
  };
}
