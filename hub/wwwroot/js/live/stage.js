// The big picture: camera and shared screen of the host, one large and one small.
import { byId, setText, show } from './dom.js';
import { t } from './text.js';

export class Stage {
  constructor() {
    this.camera = byId('stage-camera');
    this.screen = byId('stage-screen');
    this.frame = byId('stage');
    this.camera.addEventListener('click', () => this.#swap());
    this.screen.addEventListener('click', () => this.#swap());
    byId('stage-swap')?.addEventListener('click', () => this.#swap());
    byId('stage-full')?.addEventListener('click', () => (document.fullscreenElement ? document.exitFullscreen() : this.frame.requestFullscreen?.()));
  }

  /** @param own this computer's picture: never played aloud. */
  setCamera(stream, own) {
    this.#put(this.camera, stream, own);
  }

  setScreen(stream, own) {
    this.#put(this.screen, stream, own);
    this.frame.classList.toggle('has-screen', Boolean(stream));
    if (!stream) {
      this.frame.classList.remove('is-swapped');
    }
    show(byId('stage-swap'), Boolean(stream));
  }

  /** @param tone '', 'on-air' or 'warn'. */
  label(text, tone = '') {
    setText(byId('stage-label'), text);
    byId('stage-label').className = `stage-label ${tone}`;
    show(byId('stage-label'), Boolean(text));
  }

  empty(text) {
    setText(byId('stage-empty-text'), text ?? t('Live.StageEmpty'));
    show(byId('stage-empty'), !this.camera.srcObject && !this.screen.srcObject);
  }

  #put(video, stream, own) {
    video.muted = own || video.dataset.held === 'true';
    if (video.srcObject !== stream) {
      video.srcObject = stream ?? null;
    }
    show(video, Boolean(stream));
    show(byId('stage-empty'), !this.camera.srcObject && !this.screen.srcObject);
  }

  #swap() {
    if (this.frame.classList.contains('has-screen')) {
      this.frame.classList.toggle('is-swapped');
    }
  }
}

/** Plays with sound where the browser lets it; otherwise silently, and offers a button. Returns true when sound was held back. */
export async function play(video) {
  try {
    await video.play();
    return false;
  } catch (error) {
    if (error.name !== 'NotAllowedError') {
      return false;
    }
    video.muted = true;
    video.dataset.held = 'true';
    await video.play().catch(() => {});
    return true;
  }
}
