// The sounds of the fighter, made of noise and tones; begun by cues, and faded when one is cancelled.
import { STAGE_WIDTH } from "./rules.js";
import type { Game } from "./types.js";

type GameEvent = Game["event"];

/** One layer of a sound: a tone that glides, or filtered noise. */
interface Layer {
  readonly wave: OscillatorType | "noise";
  readonly from: number;
  readonly to: number;
  readonly seconds: number;
  readonly volume: number;
  readonly after?: number;
}

const LOUDNESS = 0.5;
const FADE_SECONDS = 0.04;
const NOISE_SECONDS = 1;
const VOICES_MOST = 24;

export class Sound {
  #context: AudioContext | undefined;
  #out: GainNode | undefined;
  #noise: AudioBuffer | undefined;
  readonly #voices = new Map<string, GainNode>();

  get on(): boolean {
    return this.#context?.state === "running";
  }

  /** To be called from a click or a key press: browsers let no page speak by itself. */
  async turn(on: boolean): Promise<void> {
    if (on) await this.#open().resume();
    else await this.#context?.suspend();
  }

  begin(key: string, event: GameEvent): void {
    const layers = layersOf(event);
    if (!this.on || layers.length === 0 || this.#voices.size >= VOICES_MOST) return;
    const context = this.#context!;
    const voice = context.createGain();
    const pan = context.createStereoPanner();
    pan.pan.value = "x" in event ? Math.max(-0.7, Math.min(0.7, (event.x / STAGE_WIDTH) * 2 - 1)) : 0;
    voice.connect(pan).connect(this.#out!);
    this.#voices.set(key, voice);
    const ends = layers.map((layer) => this.#play(layer, voice));
    setTimeout(
      () => {
        this.#voices.delete(key);
        pan.disconnect();
      },
      1000 * Math.max(...ends),
    );
  }

  cancel(key: string): void {
    this.#voices.get(key)?.gain.setTargetAtTime(0, this.#context!.currentTime, FADE_SECONDS);
  }

  #open(): AudioContext {
    if (this.#context !== undefined) return this.#context;
    const context = new AudioContext({ latencyHint: "interactive" });
    const out = context.createGain();
    out.gain.value = LOUDNESS;
    out.connect(context.createDynamicsCompressor()).connect(context.destination);
    const noise = context.createBuffer(1, context.sampleRate * NOISE_SECONDS, context.sampleRate);
    const samples = noise.getChannelData(0);
    for (let i = 0; i < samples.length; i++) samples[i] = Math.random() * 2 - 1;
    this.#context = context;
    this.#out = out;
    this.#noise = noise;
    return context;
  }

  /** Returns how many seconds from now it ends. */
  #play({ wave, from, to, seconds, volume, after = 0 }: Layer, voice: GainNode): number {
    const context = this.#context!;
    const at = context.currentTime + after;
    const envelope = context.createGain();
    envelope.gain.setValueAtTime(volume, at);
    envelope.gain.exponentialRampToValueAtTime(0.001, at + seconds);
    envelope.connect(voice);
    const source = wave === "noise" ? this.#noiseSource(from, to, at, seconds, envelope) : context.createOscillator();
    if (source instanceof OscillatorNode && wave !== "noise") {
      source.type = wave;
      source.frequency.setValueAtTime(from, at);
      source.frequency.exponentialRampToValueAtTime(to, at + seconds);
      source.connect(envelope);
    }
    source.start(at);
    source.stop(at + seconds);
    return after + seconds;
  }

  #noiseSource(from: number, to: number, at: number, seconds: number, target: AudioNode): AudioBufferSourceNode {
    const context = this.#context!;
    const source = context.createBufferSource();
    source.buffer = this.#noise!;
    source.loop = true;
    const filter = context.createBiquadFilter();
    filter.type = "bandpass";
    filter.Q.value = 0.8;
    filter.frequency.setValueAtTime(from, at);
    filter.frequency.exponentialRampToValueAtTime(to, at + seconds);
    source.connect(filter).connect(target);
    return source;
  }
}

function noise(from: number, to: number, seconds: number, volume: number, after = 0): Layer {
  return { wave: "noise", from, to, seconds, volume, after };
}

function tone(wave: OscillatorType, from: number, to: number, seconds: number, volume: number, after = 0): Layer {
  return { wave, from, to, seconds, volume, after };
}

/** What an event sounds like. Times in seconds, frequencies in Hz. */
export function layersOf(event: GameEvent): readonly Layer[] {
  switch (event.type) {
    case "Swing":
      return [noise(900 + 300 * event.strength, 380, 0.09 + 0.03 * event.strength, 0.16 + 0.05 * event.strength)];
    case "Hit": {
      const weight = event.strength + 1;
      if (event.blocked !== 0) return [tone("square", 320, 190, 0.07, 0.12), noise(2400, 1100, 0.09, 0.22)];
      return [
        tone("sine", 210 - 25 * weight, 46, 0.1 + 0.05 * weight, 0.5 + 0.1 * weight),
        noise(1900, 240, 0.08 + 0.03 * weight, 0.5),
      ];
    }
    case "Jump":
      return [tone("sine", 180, 330, 0.1, 0.1), noise(700, 1400, 0.08, 0.06)];
    case "Land":
      return [tone("sine", 120, 52, 0.1, 0.26), noise(420, 160, 0.09, 0.16)];
    case "Throw":
      return [noise(500, 1300, 0.16, 0.25), tone("sine", 130, 40, 0.28, 0.7, 0.05)];
    case "Tech":
      return [tone("triangle", 660, 990, 0.12, 0.22), noise(3000, 1500, 0.08, 0.14)];
    case "ProjectileSpawn":
      return event.great !== 0
        ? [tone("sawtooth", 160, 620, 0.32, 0.2), noise(500, 3200, 0.34, 0.3)]
        : [tone("sawtooth", 240, 520, 0.16, 0.1), noise(800, 2600, 0.2, 0.2)];
    case "Clash":
      return [tone("square", 1040, 420, 0.12, 0.12), noise(3600, 600, 0.22, 0.36)];
    case "HazardWarn":
      return [0, 0.18, 0.36].map((after) => tone("triangle", 880, 860, 0.12, 0.18, after));
    case "HazardStrike":
      return [tone("sine", 110, 34, 0.5, 0.8), noise(2600, 180, 0.6, 0.6)];
    case "Ko":
      return [tone("sine", 98, 30, 0.9, 0.9), noise(900, 80, 0.7, 0.5), tone("triangle", 392, 196, 0.7, 0.16)];
    case "RoundStart":
      return [tone("triangle", 440, 440, 0.16, 0.2), tone("triangle", 660, 660, 0.3, 0.2, 0.16)];
    case "RoundEnd":
      return [tone("triangle", 523, 523, 0.16, 0.2), tone("triangle", 392, 392, 0.3, 0.2, 0.16)];
    case "MatchEnd":
      return [523, 659, 784].map((pitch, index) => tone("triangle", pitch, pitch, 0.34, 0.2, index * 0.15));
    default:
      return event satisfies never;
  }
}
