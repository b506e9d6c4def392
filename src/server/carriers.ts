// Whose a fresh socket is: its first message opens a peer's carrier, joins one, or neither.
import { readIntroduction } from "../transport/introduction.js";
import type { Connection } from "./connection.js";

/** What a first message comes to; `opens` without a token is a peer of one socket, whose message is a datagram. */
export type Claim =
  | { kind: "opens"; token: string | undefined }
  | { kind: "joins"; connection: Connection }
  | { kind: "refused"; why: "unknown" | "replayed" };

interface Carrier {
  connection: Connection;
  /** The highest of its sockets so far: none may come a second time. */
  serial: number;
}

export class Carriers {
  readonly #byToken = new Map<string, Carrier>();
  /** Sockets that would join a carrier which is not here, and those that showed what another one had shown before. */
  readonly refused: { unknown: number; replayed: number } = { unknown: 0, replayed: 0 };

  /** Judges the first message of a socket to a room. */
  claim(room: string, bytes: Uint8Array): Claim {
    const introduction = readIntroduction(bytes);
    if (introduction === undefined) return { kind: "opens", token: undefined };
    const { token, serial } = introduction;
    const carrier = this.#byToken.get(`${room} ${token}`);
    if (carrier === undefined) return serial === 0 ? { kind: "opens", token } : this.#refuse("unknown");
    if (serial <= carrier.serial) return this.#refuse("replayed");
    carrier.serial = serial;
    return { kind: "joins", connection: carrier.connection };
  }

  open(room: string, token: string, connection: Connection): void {
    this.#byToken.set(`${room} ${token}`, { connection, serial: 0 });
  }

  /** The carrier's last socket is gone, and with it all that its token was good for. */
  forget(room: string, token: string): void {
    this.#byToken.delete(`${room} ${token}`);
  }

  #refuse(why: "unknown" | "replayed"): Claim {
    this.refused[why] += 1;
    return { kind: "refused", why };
  }
}
