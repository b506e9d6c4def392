// Written by samestep build from the game's classes. Change them there.

/** Numbers side by side in the state. `at` throws outside of it. */
export interface Numbers<T> extends Iterable<T> {
  readonly length: number;
  at(index: number): T;
}

export interface Blow {
  readonly type: "Blow";
  readonly x: number;
  readonly y: number;
  readonly toX: number;
  readonly toY: number;
  readonly kind: number;
  readonly owner: number;
}

export interface Born {
  readonly type: "Born";
  readonly x: number;
  readonly y: number;
  readonly kind: number;
  readonly owner: number;
}

export interface Building {
  readonly kind: number;
  readonly owner: number;
  readonly tileX: number;
  readonly tileY: number;
  readonly health: number;
  readonly unbuilt: number;
  readonly queued: number;
  readonly cool: number;
  readonly research: number;
  readonly busy: number;
  readonly target: number;
  readonly rallyX: number;
  readonly rallyY: number;
  readonly queue: Numbers<number>;
}

export interface Built {
  readonly type: "Built";
  readonly x: number;
  readonly y: number;
  readonly structure: number;
  readonly owner: number;
}

export interface Death {
  readonly type: "Death";
  readonly x: number;
  readonly y: number;
  readonly kind: number;
  readonly owner: number;
}

export interface Fallen {
  readonly type: "Fallen";
  readonly owner: number;
}

export interface Flood {
  readonly filling: number;
  readonly begin: number;
  readonly end: number;
  readonly steps: Numbers<number>;
  readonly queue: Numbers<number>;
  readonly view: Numbers<number>;
  readonly ways: Numbers<number>;
}

export interface FlowField {
  readonly state: number;
  readonly stale: number;
  readonly goalX: number;
  readonly goalY: number;
  readonly asked: number;
  readonly ways: Numbers<number>;
}

export interface Founded {
  readonly type: "Founded";
  readonly x: number;
  readonly y: number;
  readonly structure: number;
  readonly owner: number;
}

export interface Land {
  readonly terrain: Numbers<number>;
  readonly ore: Numbers<number>;
  readonly built: Numbers<number>;
  readonly wall: Numbers<number>;
  readonly seen: Numbers<number>;
  readonly explored: Numbers<number>;
}

export interface MatchEnd {
  readonly type: "MatchEnd";
  readonly winner: number;
  readonly byTime: number;
}

export interface MatchStart {
  readonly type: "MatchStart";
  readonly match: number;
}

export interface Orders {
  readonly bytes: readonly number[];
}

export interface Random {
  readonly hi: number;
  readonly lo: number;
}

export interface Razed {
  readonly type: "Razed";
  readonly x: number;
  readonly y: number;
  readonly structure: number;
  readonly owner: number;
}

export interface Researched {
  readonly type: "Researched";
  readonly upgrade: number;
  readonly level: number;
  readonly owner: number;
}

export interface Rules {
  readonly minutes: number;
  readonly army: number;
  readonly workers: number;
  readonly ore: number;
  readonly battle: number;
  readonly open: number;
}

export interface Seat {
  readonly alive: number;
  readonly here: number;
  readonly buildings: number;
  readonly bases: number;
  readonly blades: number;
  readonly plates: number;
  readonly tools: number;
  readonly ore: number;
  readonly units: number;
  readonly workers: number;
  readonly fellAt: number;
  readonly killed: number;
  readonly lost: number;
  readonly gathered: number;
  readonly score: number;
  readonly homeX: number;
  readonly homeY: number;
}

export interface TooPoor {
  readonly type: "TooPoor";
  readonly owner: number;
}

export interface Units {
  readonly x: Numbers<number>;
  readonly y: Numbers<number>;
  readonly vx: Numbers<number>;
  readonly vy: Numbers<number>;
  readonly health: Numbers<number>;
  readonly goalX: Numbers<number>;
  readonly goalY: Numbers<number>;
  readonly target: Numbers<number>;
  readonly work: Numbers<number>;
  readonly kind: Numbers<number>;
  readonly owner: Numbers<number>;
  readonly order: Numbers<number>;
  readonly cool: Numbers<number>;
  readonly field: Numbers<number>;
  readonly groups: Numbers<number>;
  readonly load: Numbers<number>;
  readonly stuck: Numbers<number>;
}

export interface Vec {
  readonly x: number;
  readonly y: number;
}

export interface World {
  readonly frame: number;
  readonly phase: number;
  readonly winner: number;
  readonly byTime: number;
  readonly players: number;
  readonly matches: number;
  readonly phaseFrame: number;
  readonly timer: number;
  readonly unitsEnd: number;
  readonly freeUnit: number;
  readonly buildingsEnd: number;
  readonly blows: number;
  readonly random: Random;
  readonly seats: readonly [Seat, Seat, Seat, Seat, Seat, Seat, Seat, Seat];
  readonly buildings: readonly Building[];
  readonly land: Land;
  readonly units: Units;
  readonly fields: readonly FlowField[];
  readonly flood: Flood;
}

export interface Game {
  readonly state: World;
  readonly input: Orders;
  readonly config: Rules;
  readonly event: Blow | Born | Built | Death | Fallen | Founded | MatchEnd | MatchStart | Razed | Researched | TooPoor;
}
