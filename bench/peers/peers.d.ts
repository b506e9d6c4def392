// What benches use of the peers, told to tsc: they are installed for a bench only, so a check must not need them.
declare module "rollback-netcode" {
  export type PlayerId = string & { readonly playerId: unique symbol };
  export type Tick = number & { readonly tick: unique symbol };
  export interface Game {
    serialize(): Uint8Array;
    deserialize(saved: Uint8Array): void;
    step(inputs: Map<PlayerId, Uint8Array>): void;
    hash(): number;
  }
  export class RollbackEngine {
    constructor(options: { game: Game; localPlayerId: PlayerId });
    addPlayer(player: PlayerId, joinTick: Tick): void;
    setLocalInput(tick: Tick, input: Uint8Array): void;
    receiveRemoteInput(player: PlayerId, tick: Tick, input: Uint8Array): void;
    tick(): void;
  }
}

declare module "lz4js" {
  const lz4: {
    /** Answers how many bytes it wrote; 0 when they would be more than the source. */
    compressBlock(source: Uint8Array, target: Uint8Array, begin: number, length: number, table: Uint32Array): number;
    compressBound(length: number): number;
  };
  export default lz4;
}

declare module "fflate" {
  export function deflateSync(source: Uint8Array, options: { level: number }): Uint8Array;
}

declare module "xxhash-wasm" {
  interface Hasher {
    h64Raw(source: Uint8Array): bigint;
  }
  export default function xxhash(): Promise<Hasher>;
}

declare module "@colyseus/schema" {
  export class Schema {}
  export class ArraySchema<T> extends Array<T> {}
  export function schema(fields: object, name: string): typeof Schema;
  export const t: { int32(): object; array(of: typeof Schema): object };
  export class Encoder {
    static BUFFER_SIZE: number;
    constructor(state: Schema);
    encodeAll(): Uint8Array;
    encode(): Uint8Array;
    discardChanges(): void;
  }
  export class Decoder {
    constructor(state: Schema);
    decode(bytes: Uint8Array): unknown;
  }
}

declare module "@colyseus/sdk/predict" {
  export class SimReconciler {
    constructor(options: {
      input: object;
      world: object;
      stepMs: number;
      smoothMs: number;
      step: (context: unknown, world: never, command: never) => void;
      adopt: (world: never) => void;
    });
    tick(now: number): void;
  }
}
