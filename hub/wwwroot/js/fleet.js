// The board is exchanged as a whole: what was opened or closed by hand, and where the keyboard was, stays so.
const board = document.getElementById('board');
const chosen = new Map();
let focused = null;

board.addEventListener('toggle', event => {
  if (event.target.id) {
    chosen.set(event.target.id, event.target.open);
  }
}, true);

function addressOf(element) {
  const link = element.closest('a[href]');
  const details = element.closest('details');
  return element.matches('summary') && details ? `#${details.id} > summary` : link ? `a[href="${CSS.escape(link.getAttribute('href'))}"]` : null;
}

board.addEventListener('htmx:beforeSwap', event => {
  if (event.detail.xhr.status >= 300) {
    event.detail.shouldSwap = false;
  }
  focused = board.contains(document.activeElement) ? addressOf(document.activeElement) : null;
});

board.addEventListener('htmx:afterSwap', () => {
  for (const [id, open] of chosen) {
    const details = document.getElementById(id);
    if (details) {
      details.open = open;
    }
  }
  if (focused) {
    board.querySelector(focused)?.focus({ preventScroll: true });
  }
});
