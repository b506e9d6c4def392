// The truth about a fault, found without the reporter: a clean machine plays the final inputs straight through, beside the faulty one.
import type { WasmSimulation } from "../../src/simulation/game.js";
import type { MatchConfig } from "../../src/wire/match-config.js";
import { differingPlaces, type Place, placesOf } from "./places.js";

/** The first frame whose confirmed state, or inputs, are not those of a clean machine. */
export interface Parting {
  differs: "state" | "inputs";
  frame: number;
  /** Of a state: the paths that differ, sorted; and both states. */
  fields: string[];
  clean: Uint8Array;
  faulty: Uint8Array;
  /** Of inputs: both records. */
  records: [clean: Uint8Array, faulty: Uint8Array];
}

/** What the faulty machine settled on, waiting for the sequencer's inputs of the frames before. */
interface Settled {
  frame: number;
  state: Uint8Array;
  record: Uint8Array;
}

export class Truth {
  readonly #clean: WasmSimulation;
  readonly #places: readonly Place[];
  /** The match's inputs, as the sequencer made them final. */
  readonly #records: Uint8Array[] = [];
  readonly #settled: Settled[] = [];
  #frame = 0;
  parting: Parting | undefined;

  constructor(clean: WasmSimulation, config: MatchConfig) {
    this.#clean = clean;
    this.#places = placesOf(clean.schema);
    clean.reset(config);
  }

  /** Frame by frame, the final inputs of the match. */
  final(record: Uint8Array): void {
    if (this.parting === undefined) this.#records.push(record.slice());
    this.#compare();
  }

  /** Frame by frame, what the faulty machine will not change again: copies, which are kept. */
  settled(frame: number, state: Uint8Array, record: Uint8Array): void {
    if (this.parting !== undefined) return;
    this.#settled.push({ frame, state, record });
    this.#compare();
  }

  #compare(): void {
    while (this.parting === undefined) {
      const [settled] = this.#settled;
      const record = settled && this.#records[settled.frame];
      if (settled === undefined || record === undefined) return;
      this.#settled.shift();
      if (settled.frame !== this.#frame) throw new Error(`frame ${settled.frame} was settled, and not ${this.#frame}`);
      this.#judge(settled, record);
      if (this.#clean.step(record) === "trapped") throw new Error(`a clean machine stops at frame ${this.#frame}`);
      this.#frame += 1;
    }
  }

  #judge({ frame, state: faulty, record }: Settled, truth: Uint8Array): void {
    const clean = this.#clean.present();
    const records: [Uint8Array, Uint8Array] = [truth, record];
    const found = { frame, clean, faulty, records };
    if (Buffer.compare(clean, faulty) !== 0)
      this.parting = { ...found, differs: "state", fields: differingPlaces(this.#places, clean, faulty).sort() };
    else if (Buffer.compare(truth, record) !== 0) this.parting = { ...found, differs: "inputs", fields: [] };
  }
}
