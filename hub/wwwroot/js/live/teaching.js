// Start, extend, stop and taking the stop back: the commands that change the lesson itself, and what they mean for its hours.
import { notice } from './announce.js';
import { wallTime, words } from './clock.js';
import { byId, el, show } from './dom.js';
import { nameOf } from './events.js';
import { isTeaching, sayRefusal } from './frame.js';
import { config, t } from './text.js';

export class Teaching {
  /** @param afterStart runs when the hub agreed to start. */
  constructor(link, clock, { afterStart }) {
    Object.assign(this, { link, clock });
    const start = byId('start-dialog');
    const stop = byId('stop-dialog');
    byId('start').addEventListener('click', () => this.#askStart(start, afterStart));
    byId('start-cancel').addEventListener('click', () => start.close());
    byId('start-confirm').addEventListener('click', async () => {
      await this.#run(byId('start-confirm'), 'Start', afterStart);
      start.close();
    });
    byId('extend').addEventListener('click', () => this.#run(byId('extend'), 'Extend', () => {}));
    byId('stop').addEventListener('click', () => this.#askStop(stop));
    byId('stop-cancel').addEventListener('click', () => stop.close());
    byId('stop-confirm').addEventListener('click', async () => {
      await this.#run(byId('stop-confirm'), 'Stop', () => {});
      stop.close();
    });
    setInterval(() => this.#offerBack(this.link.snapshot), 500);
  }

  onSnapshot(snapshot) {
    const before = snapshot.phase === 'ready' || snapshot.phase === 'planned';
    const focused = document.activeElement;
    show(byId('start'), before);
    byId('start').disabled = snapshot.phase !== 'ready';
    show(byId('extend'), isTeaching(snapshot));
    show(byId('stop'), isTeaching(snapshot));
    this.#offerBack(snapshot);
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

  // Nothing is asked when nothing is missing.
  #askStart(dialog, afterStart) {
    const snapshot = this.link.snapshot;
    const rooms = snapshot.seats.filter(seat => seat.role === 'receiving');
    const missing = rooms.filter(seat => !seat.online);
    const counts = Date.parse(snapshot.startsAt) - config.marginMs;
    const said = [];
    if (this.clock.now < counts) {
      said.push(t('Live.StartEarly', wallTime(counts)));
    }
    if (rooms.length - missing.length < config.quorum) {
      said.push(t('Live.StartTooFew', rooms.length - missing.length, rooms.length, config.quorum));
    }
    if (missing.length) {
      said.push(t('Live.StartMissing', missing.map(nameOf).join(t('Live.Comma'))));
    }
    if (!said.length) {
      this.#run(byId('start'), 'Start', afterStart);
      return;
    }
    said.push(t('Live.Needed', words(config.requiredMs)));
    byId('start-facts').replaceChildren(...said.map(text => el('li', {}, text)));
    dialog.showModal();
    byId('start-cancel').focus();
  }

  // What has been taught so far can count at most; what the classrooms really saw is judged afterwards.
  #askStop(dialog) {
    const { liveSince, startsAt, endsAt, seats } = this.link.snapshot;
    const { now } = this.clock;
    const from = Math.max(Date.parse(liveSince), Date.parse(startsAt) - config.marginMs);
    const taught = Math.max(0, Math.min(now, Date.parse(endsAt) + config.marginMs) - from);
    const enough = taught >= config.requiredMs;
    const left = Date.parse(endsAt) - now;
    const rooms = seats.filter(seat => seat.role === 'receiving');
    const away = rooms.filter(seat => !seat.online || seat.sees === false);
    const said = [
      left > 0 ? t('Live.StopEarly', words(left)) : null,
      t(enough ? 'Live.StopEnough' : 'Live.StopInvalid', words(taught), words(config.requiredMs)),
      rooms.length - away.length < config.quorum ? t('Live.StopTooFew', rooms.length - away.length, config.quorum) : null,
    ].filter(Boolean);
    byId('stop-facts').replaceChildren(...said.map(text => el('li', {}, text)));
    byId('stop-facts').classList.toggle('is-bad', !enough);
    dialog.showModal();
    byId('stop-cancel').focus();
  }

  #offerBack(snapshot) {
    const left = snapshot?.takeBackUntil ? Date.parse(snapshot.takeBackUntil) - this.clock.now : 0;
    notice('stopped', left > 0 ? t('Live.Stopped', Math.ceil(left / 1000)) : null, {
      label: t('Live.TakeBack'),
      run: async () => {
        const refusal = await this.link.command('TakeBackStop');
        if (refusal) {
          sayRefusal(refusal);
        }
      },
    });
  }
}
