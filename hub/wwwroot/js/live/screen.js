// Sharing a screen or a window as the host's second stream.
import { announce } from './announce.js';
import { close, openScreen } from './devices.js';
import { byId, setIcon, setText } from './dom.js';
import { t } from './text.js';
import { publish } from './whip.js';

export class OwnScreen extends EventTarget {
  stream = null;
  loop = null;

  constructor(link, settings) {
    super();
    Object.assign(this, { link, settings });
  }

  async toggle() {
    await (this.stream ? this.stop() : this.start());
  }

  async start() {
    const stream = await openScreen();
    if (!stream) {
      announce(t('Live.ShareFailed'), 'warn');
      return;
    }
    this.stream = stream;
    stream.getVideoTracks()[0].addEventListener('ended', () => this.stop());
    this.loop = publish({ link: this.link, streamId: 'host-screen', kind: 'screen', stream: () => this.stream, ...this.settings, simulcast: false });
    announce(t('Live.Sharing'), 'good');
    this.#changed();
  }

  async stop() {
    const { loop, stream } = this;
    if (stream && this.link.open) {
      announce(t('Live.ShareStopped'));
    }
    this.loop = null;
    this.stream = null;
    close(stream);
    this.#changed();
    await loop?.stop();
  }

  #changed() {
    const button = byId('share');
    setIcon(button, this.stream ? 'screen-share-off' : 'screen-share');
    setText(button.querySelector('.control-word'), t(this.stream ? 'Live.StopShare' : 'Live.Share'));
    button.classList.toggle('is-active', Boolean(this.stream));
    button.setAttribute('aria-pressed', String(Boolean(this.stream)));
    this.dispatchEvent(new Event('changed'));
  }
}
