// Waiting between attempts. The jitter keeps a county's browsers from knocking all at once after a hub restart.

/** Milliseconds until the next attempt: 0.5 to 2 s. */
export const pauseMs = () => 500 + Math.random() * 1500;

/** Resolves after the time or, at once, when the signal aborts. */
export function pause(ms, signal) {
  return new Promise(resolve => {
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
    function done() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
  });
}
