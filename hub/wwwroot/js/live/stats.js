// Figures of the running page: the network sign in the header, and window.__live for tests and support.
import { byId, setText } from './dom.js';
import { t } from './text.js';

/** @param view functions that read the page's state now; see room.js. */
export function expose(view) {
  const live = {};
  for (const [name, read] of Object.entries(view)) {
    Object.defineProperty(live, name, { get: read, enumerable: true });
  }
  Object.defineProperty(window, '__live', { value: Object.freeze(live) });
}

/** What one connection does, for window.__live. */
export const describe = loop => ({
  state: loop.state,
  attempts: loop.attempts,
  bytes: loop.figures.bytes,
  frames: loop.figures.frames,
  codec: loop.figures.codec ?? null,
});

/** Streams by id: {state, framesDecoded, bytes, codec, attempts}. */
export function peers(loops) {
  return Object.fromEntries(loops.map(loop => [loop.streamId, { ...describe(loop), framesDecoded: loop.figures.frames }]));
}

export class NetworkSign {
  #bytes = 0;
  #at = performance.now();

  /** @param find the connection to judge by; null when nothing is sent. */
  constructor(link, find) {
    setInterval(() => this.#show(link, find()), 2000);
  }

  #show(link, loop) {
    const box = byId('net');
    if (!link.up) {
      box.dataset.level = 'down';
      return;
    }
    const figures = loop?.figures;
    const now = performance.now();
    const kbit = figures ? Math.max(0, Math.round(((figures.bytes - this.#bytes) * 8) / (now - this.#at))) : 0;
    this.#bytes = figures?.bytes ?? 0;
    this.#at = now;
    const level = !loop ? 'idle' : loop.state !== 'connected' ? 'poor' : grade(figures);
    box.dataset.level = level;
    setText(byId('net-word'), t({ idle: 'Live.Connected', good: 'Live.NetGood', fair: 'Live.NetFair', poor: 'Live.NetPoor' }[level]));
    box.title = loop ? t('Live.NetDetail', kbit, figures.roundTripMs ?? '–', figures.lossPercent ?? 0) : '';
  }
}

function grade({ roundTripMs, lossPercent }) {
  if ((lossPercent ?? 0) > 8 || (roundTripMs ?? 0) > 500) {
    return 'poor';
  }
  return (lossPercent ?? 0) > 2 || (roundTripMs ?? 0) > 200 ? 'fair' : 'good';
}
