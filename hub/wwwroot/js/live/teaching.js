// Start, extend, stop: the three commands that change the lesson itself.
import { span } from './clock.js';
import { byId, setText, show } from './dom.js';
import { isTeaching, sayRefusal } from './frame.js';
import { t } from './text.js';

export class Teaching {
  /** @param afterStart runs when the hub agreed to start. */
  constructor(link, clock, { afterStart }) {
    Object.assign(this, { link, clock });
    const dialog = byId('stop-dialog');
    byId('start').addEventListener('click', () => this.#run(byId('start'), 'Start', afterStart));
    byId('extend').addEventListener('click', () => this.#run(byId('extend'), 'Extend', () => {}));
    byId('stop').addEventListener('click', () => this.#ask(dialog));
    byId('stop-cancel').addEventListener('click', () => dialog.close());
    byId('stop-confirm').addEventListener('click', async () => {
      await this.#run(byId('stop-confirm'), 'Stop', () => {});
      dialog.close();
    });
  }

  onSnapshot(snapshot) {
    const before = snapshot.phase === 'ready' || snapshot.phase === 'planned';
    const focused = document.activeElement;
    show(byId('start'), before);
    byId('start').disabled = snapshot.phase !== 'ready';
    show(byId('extend'), isTeaching(snapshot));
    show(byId('stop'), isTeaching(snapshot));
    if (focused === byId('start') && !before) {
      byId('mic').focus(); // the focused button has just gone away
    }
  }

  async #run(button, command, done) {
    button.disabled = true;
    const refusal = await this.link.command(command);
    button.disabled = false;
    if (refusal) {
      sayRefusal(refusal);
    } else {
      await done();
    }
  }

  #ask(dialog) {
    const left = Date.parse(this.link.snapshot.endsAt) - this.clock.now;
    setText(byId('stop-early'), left > 0 ? t('Live.StopEarly', span(left)) : '');
    dialog.showModal();
    byId('stop-cancel').focus();
  }
}
