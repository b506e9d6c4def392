// A network path for tests: a TCP proxy whose streams can be made to stand still, one by one or all of them.
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A stream through the path: what its two ends send waits while it is frozen. */
export class Stream {
  readonly #ends: [near: Socket, far: Socket];
  readonly #waiting: (() => void)[] = [];
  #frozen: "no" | "up" | "both" = "no";
  /** Pieces that wait, of those for the client, or where only the way up is frozen, for the server: one for each datagram. */
  held = 0;

  constructor(near: Socket, port: number, delayMs: number) {
    const far = connect(port, "127.0.0.1");
    this.#ends = [near, far];
    for (const [from, to] of [this.#ends, [far, near]] as const) {
      from.setNoDelay(true);
      from.on("error", () => {});
      from.on("data", (bytes) => setTimeout(() => this.#pass(from, to, bytes), delayMs));
      from.on("close", () => this.#do(() => to.destroy()));
    }
  }

  get open(): boolean {
    return this.#ends.every((end) => !end.destroyed);
  }

  #pass(from: Socket, to: Socket, bytes: Buffer): void {
    const up = from === this.#ends[0];
    const write = () => to.write(bytes);
    if (this.#frozen !== "no" && up === (this.#frozen === "up")) this.held += 1;
    if (this.#frozen === "up" && !up) write();
    else this.#do(write);
  }

  #do(act: () => void): void {
    if (this.#frozen !== "no") this.#waiting.push(act);
    else act();
  }

  freeze(way: "up" | "both" = "both"): void {
    this.#frozen = way;
  }

  thaw(): void {
    this.#frozen = "no";
    this.held = 0;
    for (const act of this.#waiting.splice(0)) act();
  }

  cut(): void {
    for (const end of this.#ends) end.destroy();
  }
}

export class Path {
  readonly streams: Stream[] = [];
  /** Nothing passes: what is under way stands still, and who dials now is not answered until the path is mended. */
  #down = false;
  readonly #server: Server;

  /** A path to a port of this machine, of so many ms one way. */
  static async to(port: number, delayMs = 0): Promise<Path> {
    const path = new Path(port, delayMs);
    await new Promise((resolve) => path.#server.listen(0, "127.0.0.1", () => resolve(undefined)));
    return path;
  }

  private constructor(port: number, delayMs: number) {
    this.#server = createServer((near) => {
      const stream = new Stream(near, port, delayMs);
      this.streams.push(stream);
      if (this.#down) stream.freeze();
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** An outage begins. */
  break(): void {
    this.#down = true;
    for (const stream of this.streams) stream.freeze();
  }

  /** The outage ends for who dials now; old streams go on waiting for their timers, as TCP's do. */
  mend(): void {
    this.#down = false;
  }

  close(): void {
    for (const stream of this.streams) stream.cut();
    this.#server.close();
  }
}
