// Passing messages: seen as a toast, heard by screen readers through a live region. Standing notices stay until taken away.
import { byId, el, icon, show, setText } from './dom.js';

const ShownMs = 6000;
let last = '';

/** @param tone 'info', 'good', 'warn' or 'bad'. */
export function announce(text, tone = 'info') {
  const region = byId('live-region');
  region.textContent = text === last ? `${text}\u00a0` : text; // a repeated text is read again only when it differs
  last = region.textContent;
  const toast = el('div', { class: `live-toast is-${tone}` }, icon(icons[tone]), el('span', {}, text));
  const holder = byId('toasts');
  while (holder.childElementCount > 2) {
    holder.firstElementChild.remove();
  }
  holder.append(toast);
  setTimeout(() => toast.remove(), ShownMs);
}

const icons = { info: 'info-circle', good: 'circle-check', warn: 'alert-triangle', bad: 'circle-x' };

/** A standing notice with an optional button; `text` null takes it away. */
export function notice(id, text, action = null) {
  const holder = byId('notices');
  let box = byId(`notice-${id}`);
  if (!text) {
    box?.remove();
    show(holder, holder.childElementCount > 0);
    return;
  }
  if (!box) {
    box = el('div', { id: `notice-${id}`, class: 'live-notice', role: 'alert' }, icon('alert-triangle'), el('span', { class: 'live-notice-text' }));
    holder.append(box);
  }
  setText(box.querySelector('.live-notice-text'), text);
  const button = box.querySelector('button');
  if (action && !button) {
    box.append(el('button', { type: 'button', class: 'btn btn-sm btn-light', onclick: () => box.action() }, action.label));
  }
  if (action) {
    box.action = action.run;
    setText(box.querySelector('button'), action.label);
  } else {
    button?.remove();
  }
  show(holder, true);
}
