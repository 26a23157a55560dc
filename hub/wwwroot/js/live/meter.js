// The microphone's level, shown on a <meter> of 0 to 100.

export class LevelMeter {
  #context = null;
  #source = null;
  #analyser = null;
  #samples = new Float32Array(1024);

  constructor(element) {
    this.element = element;
    setInterval(() => this.#show(), 100);
  }

  /** Listens to this stream's sound from now on; null: to nothing. */
  attach(stream) {
    this.#source?.disconnect();
    this.#source = null;
    if (!stream?.getAudioTracks().length) {
      return;
    }
    this.#context ??= new AudioContext();
    this.#analyser ??= new AnalyserNode(this.#context, { fftSize: 2048 });
    this.#source = this.#context.createMediaStreamSource(stream);
    this.#source.connect(this.#analyser);
    this.#context.resume();
  }

  #show() {
    if (!this.#source) {
      this.element.value = 0;
      return;
    }
    this.#analyser.getFloatTimeDomainData(this.#samples);
    let sum = 0;
    for (const sample of this.#samples) {
      sum += sample * sample;
    }
    const db = 10 * Math.log10(sum / this.#samples.length + 1e-9);
    this.element.value = Math.max(0, Math.min(100, (db + 60) * 1.8)); // -60 dBFS: nothing, about -5 dBFS: full
  }
}
