// The lesson's clock. It runs by the hub's time, which every snapshot brings along, not by this computer's.
import { byId, setText, show } from './dom.js';
import { config, t } from './text.js';

const wall = new Intl.DateTimeFormat('zh-CN', { timeZone: config.timeZone, hour: '2-digit', minute: '2-digit', hour12: false });

/** "09:40" in the county's zone. */
export const wallTime = instant => wall.format(new Date(instant));

/** "12:05", or "1:02:05" from an hour on. */
export function span(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const pad = value => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const rest = `${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

/** A length in words: seconds below a minute, else minutes and seconds. */
export function words(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return seconds < 60 ? t('Live.Seconds', seconds) : t('Live.MinutesSeconds', Math.floor(seconds / 60), seconds % 60);
}

export class LessonClock {
  #offset = 0;
  #snapshot = null;

  constructor() {
    setInterval(() => this.#show(), 250);
  }

  /** Hub time now, milliseconds since the epoch. */
  get now() {
    return Date.now() + this.#offset;
  }

  onSnapshot(snapshot) {
    this.#offset = Date.parse(snapshot.now) - Date.now();
    this.#snapshot = snapshot;
    this.#show();
  }

  #show() {
    const lesson = this.#snapshot;
    if (!lesson) {
      return;
    }
    const { label, time, rest, late } = this.#words(lesson);
    setText(byId('clock-label'), label);
    setText(byId('clock-time'), time);
    setText(byId('clock-rest'), rest);
    byId('clock').classList.toggle('is-late', late);
    show(byId('clock'), Boolean(time));
  }

  #words(lesson) {
    const until = Date.parse(lesson.endsAt) - this.now;
    const ends = t('Live.EndsAt', wallTime(lesson.endsAt));
    if (lesson.liveSince && (lesson.phase === 'live' || lesson.phase === 'interrupted')) {
      const rest = until >= 0 ? t('Live.Remaining', span(until)) : t('Live.Overtime', span(-until));
      const to = lesson.stoppedAt ? Date.parse(lesson.stoppedAt) : this.now;
      return { label: t('Live.Elapsed'), time: span(to - Date.parse(lesson.liveSince)), rest: `${rest} · ${ends}`, late: until < 0 };
    }
    if (lesson.phase === 'planned' || lesson.phase === 'ready') {
      const start = Date.parse(lesson.startsAt) - this.now;
      const due = start <= 0;
      return { label: due ? t('Live.Due') : t('Live.Until'), time: due ? wallTime(this.now) : span(start), rest: ends, late: due };
    }
    return { label: '', time: '', rest: '', late: false };
  }
}

export const pascal = name => name[0].toUpperCase() + name.slice(1);
