// Before the lesson: what this computer's camera shows, how loud its microphone is, and how it sounds to others.
import { announce } from './announce.js';
import { byId, setText, show } from './dom.js';
import { LevelMeter } from './meter.js';
import { t } from './text.js';

const SampleMs = 3000;

export class Rehearsal {
  #meter = new LevelMeter(byId('devices-meter'));
  #recorder = null;

  /** @param done runs when the dialog is closed: nobody looks at the picture for a test any more. */
  constructor(camera, done) {
    Object.assign(this, { camera });
    this.dialog = byId('devices-dialog');
    byId('devices').addEventListener('click', () => this.open());
    byId('devices-close').addEventListener('click', () => this.dialog.close());
    byId('sound-test').addEventListener('click', () => this.#sample());
    camera.addEventListener('changed', () => this.#show());
    this.dialog.addEventListener('close', () => {
      this.camera.testing = false;
      this.#meter.attach(null);
      byId('devices-preview').srcObject = null;
      done();
    });
  }

  async open() {
    this.camera.testing = true;
    this.dialog.showModal();
    if (!this.camera.stream) {
      await this.camera.open();
    }
    this.#show();
  }

  #show() {
    if (!this.dialog.open) {
      return;
    }
    const { stream } = this.camera;
    const preview = byId('devices-preview');
    if (preview.srcObject !== stream) {
      preview.srcObject = stream;
      this.#meter.attach(stream);
    }
    show(byId('devices-none'), !stream?.getVideoTracks().length);
    byId('sound-test').disabled = !stream?.getAudioTracks().length || this.#recorder !== null;
    setText(byId('devices-hint'), t(this.camera.publishing ? 'Live.TestOnAir' : 'Live.TestHint'));
  }

  // Three seconds of the microphone, played back: what the classrooms will hear. A closed microphone stays closed for them.
  async #sample() {
    const track = this.camera.stream?.getAudioTracks()[0]?.clone();
    if (!track) {
      return;
    }
    track.enabled = true;
    this.#recorder = new MediaRecorder(new MediaStream([track]));
    const parts = [];
    this.#recorder.addEventListener('dataavailable', event => parts.push(event.data));
    this.#recorder.addEventListener('stop', () => {
      track.stop();
      this.#recorder = null;
      const sound = new Audio(URL.createObjectURL(new Blob(parts)));
      sound.addEventListener('ended', () => {
        URL.revokeObjectURL(sound.src);
        setText(byId('sound-test').lastElementChild, t('Live.SoundTest'));
        this.#show();
      });
      setText(byId('sound-test').lastElementChild, t('Live.SoundTestPlays'));
      sound.play().catch(() => announce(t('Live.SoundBlocked'), 'warn'));
    });
    setText(byId('sound-test').lastElementChild, t('Live.SoundTestSpeak'));
    this.#show();
    this.#recorder.start();
    setTimeout(() => this.#recorder?.stop(), SampleMs);
  }
}
