// Sounds made of noise and tones; begun by cues, and faded when one is cancelled.

/** One layer of a sound: a tone that glides, or filtered noise. Times in seconds, frequencies in Hz. */
export interface Layer {
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

export interface VoicesOptions<E> {
  /** What an event sounds like; nothing, if nobody should hear it. */
  readonly layersOf: (event: E) => readonly Layer[];
  /** Where it is heard: -1 is left, 1 is right. */
  readonly panOf: (event: E) => number;
}

/** Half a turn of the head: nothing is heard in one ear only. */
const PAN_MOST = 0.7;

export class Voices<E> {
  readonly #options: VoicesOptions<E>;
  #context: AudioContext | undefined;
  #out: GainNode | undefined;
  #noise: AudioBuffer | undefined;
  readonly #voices = new Map<string, GainNode>();

  constructor(options: VoicesOptions<E>) {
    this.#options = options;
  }

  get on(): boolean {
    return this.#context?.state === "running";
  }

  /** To be called from a click or a key press: browsers let no page speak by itself. */
  async turn(on: boolean): Promise<void> {
    if (on) await this.#open().resume();
    else await this.#context?.suspend();
  }

  begin(key: string, event: E): void {
    if (!this.on || this.#voices.size >= VOICES_MOST) return;
    const layers = this.#options.layersOf(event);
    if (layers.length === 0) return;
    const context = this.#context!;
    const voice = context.createGain();
    const pan = context.createStereoPanner();
    pan.pan.value = Math.max(-PAN_MOST, Math.min(PAN_MOST, this.#options.panOf(event)));
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

export function noise(from: number, to: number, seconds: number, volume: number, after = 0): Layer {
  return { wave: "noise", from, to, seconds, volume, after };
}

export function tone(
  wave: OscillatorType,
  from: number,
  to: number,
  seconds: number,
  volume: number,
  after = 0,
): Layer {
  return { wave, from, to, seconds, volume, after };
}
