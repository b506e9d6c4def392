// What an engine is told of a match that it shall play: plain numbers and names of files, so that no engine needs our code.

/** Turns over bits of one byte of a state, in one engine: how a test plants the fault that the matrix has to find. */
export interface Flip {
  readonly frame: number;
  /** From the beginning of the state. */
  readonly offset: number;
  readonly mask: number;
}

export interface Plan {
  /** Of the match. */
  readonly name: string;
  /** Files in the folder of the match: the module, and what its memory holds before `init`, then at each `step`. */
  readonly wasm: string;
  readonly inputs: string;
  readonly frames: number;
  readonly configBytes: number;
  readonly recordBytes: number;
  readonly regions: {
    readonly state: { readonly address: number; readonly size: number };
    readonly config: { readonly address: number };
    readonly inputs: { readonly address: number };
    readonly events: { readonly address: number };
  };
  readonly flip?: Flip | undefined;
  /** Answer all bytes of the state of this frame, in place of the hashes. */
  readonly stateAt?: number | undefined;
}
