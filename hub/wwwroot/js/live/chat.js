// The lesson's messages. They are text, never markup.
import { announce } from './announce.js';
import { wallTime } from './clock.js';
import { byId, el, show } from './dom.js';
import { t } from './text.js';

export class Chat {
  #seen = new Set();

  /** @param say sends a text, resolves to null or a refusal's code; null: this caller only reads. */
  constructor(say, onRefused) {
    this.list = byId('chat-list');
    const form = byId('chat-form');
    if (form) {
      form.addEventListener('submit', async event => {
        event.preventDefault();
        const text = form.elements.text.value.trim();
        if (!text) {
          return;
        }
        const refusal = await say(text);
        if (refusal) {
          onRefused(refusal);
        } else {
          form.reset();
        }
      });
    }
  }

  /** The lines so far, after joining or joining again: what is missing is added. */
  fill(lines) {
    lines.forEach(line => this.#add(line));
  }

  add(line) {
    if (this.#add(line) && line.seatId !== 'host') {
      announce(t('Live.ChatFrom', line.author, line.text));
    }
  }

  #add(line) {
    if (this.#seen.has(line.id)) {
      return false;
    }
    this.#seen.add(line.id);
    show(byId('chat-empty'), false);
    const mine = line.seatId === 'host';
    this.list.append(el('li', { class: mine ? 'chat-line is-host' : 'chat-line' },
      el('span', { class: 'chat-meta' }, el('b', {}, line.author), el('time', { datetime: line.at }, wallTime(line.at))),
      el('span', { class: 'chat-text' }, line.text)));
    this.list.scrollTop = this.list.scrollHeight;
    return true;
  }
}
