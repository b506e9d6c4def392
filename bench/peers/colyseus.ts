// Colyseus 0.18's prediction: a patch of the server's state comes, is decoded and adopted, and eight inputs are replayed.
import type { Encoder, Schema } from "@colyseus/schema";
import { type Entity, newWorld, stepWorld, type World } from "./objects.js";
import { buttons, LATE, type Size } from "./workload.js";

/** Server frames made beforehand, since the server's work is not the client's. After them they come again. */
const PATCHES = 256;

const ENTITY_FIELDS = Object.keys(newWorld(1).entities[0]!) as (keyof Entity)[];

type Fields<T> = T & Schema;
type State = Fields<{ seed: number; entities: Fields<Entity>[] }>;

interface Server {
  /** The whole state, then one patch for each frame. */
  whole: Uint8Array;
  patches: Uint8Array[];
}

/**
 * Plays frames for ever. It keeps no copies of its own and predicts no other players, so there is no state to compare:
 * the same steps are run on what the server sent. Throws when the packages are not installed.
 */
export async function colyseus({ entities }: Size): Promise<{ frame(): void }> {
  const { ArraySchema, Decoder, Encoder, schema, t } = await import("@colyseus/schema");
  const { SimReconciler } = await import("@colyseus/sdk/predict");

  const EntitySchema = schema(Object.fromEntries(ENTITY_FIELDS.map((field) => [field, t.int32()])), "Entity");
  const StateSchema = schema({ seed: t.int32(), entities: t.array(EntitySchema) }, "State");

  const newState = (): State => {
    const world = newWorld(entities);
    const rows = world.entities.map((entity) => Object.assign(new EntitySchema(), entity));
    return Object.assign(new StateSchema(), {
      seed: world.seed,
      entities: new ArraySchema(...rows),
    }) as unknown as State;
  };
  // Room for a whole state; its default of 8 KiB would grow and warn.
  Encoder.BUFFER_SIZE = 1024 * 1024;
  const server = record(newState(), (state) => new Encoder(state), newWorld(entities));
  const truth = new StateSchema() as unknown as State;
  const decoder = new Decoder(truth);
  decoder.decode(server.whole);

  const input = new Handle();
  const reconciler = new SimReconciler({
    input,
    world: newWorld(entities),
    ...{ stepMs: 1000 / 60, smoothMs: 0 },
    step: (_, world: World, command: Command) => stepWorld(world, command.first, command.second),
    adopt: (world: World) => adopt(world, truth),
  });
  let now = 0;
  return {
    frame() {
      const frame = input.sentCount;
      if (frame >= LATE) {
        decoder.decode(server.patches[(frame - LATE) % PATCHES]!);
        input.lastProcessed = frame - LATE + 1;
      }
      now += 1000 / 60;
      reconciler.tick(now);
      input.send(frame);
    },
  };
}

/** What the server sends in its first frames. */
function record(state: State, encoderOf: (state: State) => Encoder, world: World): Server {
  const encoder = encoderOf(state);
  const whole = encoder.encodeAll().slice();
  encoder.discardChanges();
  const patches = Array.from({ length: PATCHES }, (_, frame) => {
    stepWorld(world, buttons(0, frame), buttons(1, frame));
    state.seed = world.seed;
    for (const [index, entity] of world.entities.entries()) Object.assign(state.entities[index]!, entity);
    const patch = encoder.encode().slice();
    encoder.discardChanges();
    return patch;
  });
  return { whole, patches };
}

/** By hand, the fastest of the ways it offers. */
function adopt(world: World, truth: State): void {
  world.seed = truth.seed;
  const { entities } = truth;
  for (let i = 0; i < world.entities.length; i++) {
    const from = entities[i]!;
    const to = world.entities[i]!;
    to.x = from.x;
    to.y = from.y;
    to.vx = from.vx;
    to.vy = from.vy;
    to.health = from.health;
    to.cooldown = from.cooldown;
    to.target = from.target;
    to.facing = from.facing;
    to.bounces = from.bounces;
    to.touches = from.touches;
    to.score = from.score;
    to.age = from.age;
    to.pullX = from.pullX;
    to.pullY = from.pullY;
    to.homeX = from.homeX;
    to.homeY = from.homeY;
  }
}

interface Command {
  first: number;
  second: number;
}

/** Stands for its input handle, without a room or a socket: numbers what is sent and holds what is not acknowledged. */
class Handle {
  sentCount = 0;
  lastProcessed = 0;
  readonly epoch = 0;
  readonly #commands: Command[] = Array.from({ length: 64 }, () => ({ first: 0, second: 0 }));
  #listener: () => void = () => {};

  send(frame: number): void {
    this.sentCount += 1;
    const command = this.at(this.sentCount);
    command.first = buttons(0, frame);
    command.second = buttons(1, Math.max(0, frame - LATE));
    this.#listener();
  }

  at(sequence: number): Command {
    return this.#commands[sequence & 63]!;
  }

  onSend(listener: () => void): () => void {
    this.#listener = listener;
    return () => {};
  }

  reckonTimeAt(): number {
    return 0;
  }
}
