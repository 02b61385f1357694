/** Frequencies in hertz, one after the other: up for what went well, down for what did not. */
const PAID = [784, 1047, 1319];
const FAILED = [330, 247];
const NOTE_SECONDS = 0.13;
const LOUDNESS = 0.25;

/** Sounds of a till, made of nothing but waves. Whoever cannot hear them has colour and words. */
export class Chime {
  #context: AudioContext | null = null;

  /** Called whenever somebody presses something: browsers let a page sound from then on, and some forget it. */
  prepare(): void {
    // A browser without sound shows the same.
    if (typeof AudioContext === 'undefined') return;
    this.#context ??= new AudioContext();
    this.#context.resume().catch(() => undefined);
  }

  paid(): void {
    this.#play(PAID, 'triangle');
  }

  failed(): void {
    this.#play(FAILED, 'square');
  }

  #play(frequencies: readonly number[], type: OscillatorType): void {
    const context = this.#context;
    if (context === null || context.state !== 'running') return;
    for (const [index, frequency] of frequencies.entries()) {
      note(context, frequency, type, context.currentTime + index * NOTE_SECONDS);
    }
  }
}

function note(context: AudioContext, frequency: number, type: OscillatorType, at: number): void {
  const wave = new OscillatorNode(context, { type, frequency });
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setValueAtTime(LOUDNESS, at);
  // A note that ends at once clicks.
  gain.gain.exponentialRampToValueAtTime(0.001, at + NOTE_SECONDS);
  wave.connect(gain).connect(context.destination);
  wave.start(at);
  wave.stop(at + NOTE_SECONDS);
}
