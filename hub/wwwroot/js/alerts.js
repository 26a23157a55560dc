// The alert desk without a mouse: J and K move, A takes an alert on, N and S go to the note and to silence. Also keeps the navigation's count.
const board = document.getElementById('board');

function typing(element) {
  return element.matches('input, textarea, select') || element.isContentEditable;
}

function move(step) {
  const links = [...document.querySelectorAll('.alert-open')].filter(link => link.checkVisibility());
  const now = links.indexOf(document.activeElement);
  links[now < 0 ? 0 : Math.min(Math.max(now + step, 0), links.length - 1)]?.focus();
}

const keys = {
  j: () => move(1),
  k: () => move(-1),
  a: () => (document.activeElement.closest('.alert-line') ?? (board ? null : document))?.querySelector('.acknowledge')?.requestSubmit(),
  n: () => document.getElementById('note')?.focus(),
  s: () => document.getElementById('reason')?.focus(),
};

document.addEventListener('keydown', event => {
  if (!event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target) && !document.querySelector('dialog[open]')) {
    const act = keys[event.key.toLowerCase()];
    if (act) {
      event.preventDefault();
      act();
    }
  }
});

board?.addEventListener('htmx:afterSwap', () => {
  const waiting = board.querySelector('[data-waiting]')?.dataset.waiting ?? '0';
  for (const count of document.querySelectorAll('.nav-count')) {
    count.textContent = waiting;
    count.hidden = waiting === '0';
  }
});
