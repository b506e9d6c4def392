// Written by samestep build from the game's classes. Change them there.

/** Numbers side by side in the state. `at` throws outside of it. */
export interface Numbers<T> extends Iterable<T> {
  readonly length: number;
  at(index: number): T;
}

export interface Clash {
  readonly type: "Clash";
  readonly x: number;
  readonly y: number;
}

export interface Fighter {
  readonly push: number;
  readonly health: number;
  readonly meter: number;
  readonly comboDamage: number;
  readonly buttons: number;
  readonly wanted: number;
  readonly wantedFrames: number;
  readonly command: number;
  readonly character: number;
  readonly facing: number;
  readonly action: number;
  readonly actionFrame: number;
  readonly power: number;
  readonly stun: number;
  readonly hitStop: number;
  readonly contact: number;
  readonly combo: number;
  readonly comboBest: number;
  readonly juggle: number;
  readonly unthrowable: number;
  readonly recoils: number;
  readonly roundsWon: number;
  readonly position: Vec;
  readonly velocity: Vec;
  readonly history: Numbers<number>;
  readonly tried: Numbers<number>;
  readonly landed: Numbers<number>;
}

export interface Hazard {
  readonly x: number;
  readonly frames: number;
  readonly stage: number;
  readonly struck: number;
}

export interface HazardStrike {
  readonly type: "HazardStrike";
  readonly x: number;
}

export interface HazardWarn {
  readonly type: "HazardWarn";
  readonly x: number;
}

export interface Hit {
  readonly type: "Hit";
  readonly x: number;
  readonly y: number;
  readonly strength: number;
  readonly player: number;
  readonly blocked: number;
}

export interface Jump {
  readonly type: "Jump";
  readonly x: number;
  readonly player: number;
}

export interface Ko {
  readonly type: "Ko";
  readonly losers: number;
}

export interface Land {
  readonly type: "Land";
  readonly x: number;
  readonly player: number;
}

export interface MatchEnd {
  readonly type: "MatchEnd";
  readonly winner: number;
}

export interface Pad {
  readonly buttons: number;
}

export interface Projectile {
  readonly life: number;
  readonly owner: number;
  readonly character: number;
  readonly great: number;
  readonly hits: number;
  readonly hitStop: number;
  readonly position: Vec;
  readonly velocity: Vec;
}

export interface ProjectileSpawn {
  readonly type: "ProjectileSpawn";
  readonly x: number;
  readonly y: number;
  readonly player: number;
  readonly great: number;
}

export interface Random {
  readonly hi: number;
  readonly lo: number;
}

export interface Round {
  readonly winner: number;
  readonly byTime: number;
  readonly secondsLeft: number;
  readonly firstHealth: number;
  readonly secondHealth: number;
}

export interface RoundEnd {
  readonly type: "RoundEnd";
  readonly winner: number;
  readonly byTime: number;
}

export interface RoundStart {
  readonly type: "RoundStart";
  readonly round: number;
}

export interface Rules {
  readonly roundSeconds: number;
  readonly roundsToWin: number;
  readonly hazard: number;
  readonly firstCharacter: number;
  readonly secondCharacter: number;
}

export interface Swing {
  readonly type: "Swing";
  readonly x: number;
  readonly y: number;
  readonly strength: number;
  readonly player: number;
}

export interface Tech {
  readonly type: "Tech";
  readonly x: number;
  readonly y: number;
}

export interface Throw {
  readonly type: "Throw";
  readonly x: number;
  readonly y: number;
  readonly player: number;
}

export interface Vec {
  readonly x: number;
  readonly y: number;
}

export interface World {
  readonly frame: number;
  readonly phase: number;
  readonly phaseFrame: number;
  readonly timer: number;
  readonly round: number;
  readonly matches: number;
  readonly roundWinner: number;
  readonly matchWinner: number;
  readonly byTime: number;
  readonly random: Random;
  readonly fighters: readonly [Fighter, Fighter];
  readonly projectiles: readonly [Projectile, Projectile, Projectile, Projectile];
  readonly hazard: Hazard;
  readonly rounds: readonly [Round, Round, Round, Round, Round, Round, Round, Round];
}

export interface Game {
  readonly state: World;
  readonly input: Pad;
  readonly config: Rules;
  readonly event:
    | Clash
    | HazardStrike
    | HazardWarn
    | Hit
    | Jump
    | Ko
    | Land
    | MatchEnd
    | ProjectileSpawn
    | RoundEnd
    | RoundStart
    | Swing
    | Tech
    | Throw;
}
