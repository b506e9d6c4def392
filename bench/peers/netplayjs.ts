// netplayjs 0.4.1, its rollback engine driven without transport, as the host of a match and as its client.
import { build } from "esbuild";
import { cloneWorld, newWorld, stepWorld, type World, worldWords } from "./objects.js";
import { buttons, type Implementation, LATE, PROVED_FRAMES, type Size } from "./workload.js";

// The package exports its page, not its engine, so the engine is built from the source it ships: for production, where
// its own assertions are off.
const ENGINE = "netplayjs/src/netcode/rollback.ts";
const TYPES = "netplayjs/src/types.ts";

interface Pad {
  buttons: number;
  predictNext(): Pad;
}

interface Player {
  isLocalPlayer(): boolean;
}

/** What of its engine is used here. */
interface Engine {
  tick(): void;
  onRemoteInput(frame: number, player: Player, input: Pad): void;
  onStateSync(frame: number, state: unknown): void;
}

interface Package {
  RollbackNetcode: new (...parts: unknown[]) => Engine;
  NetplayState: new () => object;
  NetplayInput: new () => { predictNext(): Pad };
  NetplayPlayer: new (id: number, isLocal: boolean, isHost: boolean) => Player;
}

/** Throws when the package is not installed. */
async function load(): Promise<Package> {
  const { outputFiles } = await build({
    stdin: { contents: `export * from "${ENGINE}"; export * from "${TYPES}";`, resolveDir: "bench", loader: "ts" },
    ...{ bundle: true, write: false, format: "esm", platform: "node", logLevel: "silent" },
    define: { "process.env.NODE_ENV": '"production"' },
  });
  const source = Buffer.from(outputFiles[0]!.contents).toString("base64");
  return (await import(`data:text/javascript;base64,${source}`)) as Package;
}

/** The peer whose inputs come late is the client for a host, and the host for a client. */
export async function netplayjs({ entities }: Size, role: "host" | "client"): Promise<Implementation> {
  const { RollbackNetcode, NetplayState, NetplayInput, NetplayPlayer } = await load();

  class State extends NetplayState {
    world = newWorld(entities);

    tick(inputs: Map<Player, Pad>): void {
      stepWorld(this.world, inputs.get(own)!.buttons, inputs.get(other)!.buttons);
    }
  }
  class Input extends NetplayInput implements Pad {
    buttons: number;

    constructor(value: number) {
      super();
      this.buttons = value;
    }
  }

  const isHost = role === "host";
  const own = new NetplayPlayer(0, true, isHost);
  const other = new NetplayPlayer(1, false, !isHost);
  const players = [own, other];
  let frame = 0;
  const state = new State();
  const engine = new RollbackNetcode(
    ...[isHost, state, players, new Map(players.map((player) => [player, new Input(0)])), STALL, undefined, 1000 / 60],
    () => new Input(buttons(0, frame)),
    () => {},
    () => {},
  );
  // Its frame 0 is the initial state, so its frame f + 1 is played with our inputs of frame f.
  const receive = (late: number): void => engine.onRemoteInput(late + 1, other, new Input(buttons(1, late)));
  // Every confirmed frame comes to the client once more, as the host's state.
  const host = isHost ? undefined : hostStates(entities, State);
  const sync = (late: number): void => {
    if (host !== undefined) engine.onStateSync(late + 1, host(late));
  };
  return {
    frame() {
      if (frame >= LATE) {
        receive(frame - LATE);
        sync(frame - LATE);
      }
      engine.tick();
      frame += 1;
    },
    finish() {
      for (let late = frame - LATE; late < frame; late++) {
        receive(late);
        sync(late);
      }
      return worldWords(cloneWorld(state.world));
    },
  };
}

/** Frames it predicts before it stalls: more than ever happens here. */
const STALL = 64;

interface SerialisedState {
  world: World;
  serialize?(): unknown;
}

/**
 * Host states made beforehand, since the host's work is not the client's: the proved frames, and some more. After them
 * they come again, which no longer is the same match but the same work.
 */
const HOST_FRAMES = PROVED_FRAMES + STALL;

function hostStates(entities: number, State: new () => object): (frame: number) => unknown {
  const host = new State() as SerialisedState;
  host.world = newWorld(entities);
  const states = Array.from({ length: HOST_FRAMES }, (_, frame) => {
    stepWorld(host.world, buttons(0, frame), buttons(1, frame));
    return host.serialize!();
  });
  return (frame) => states[frame % HOST_FRAMES];
}
