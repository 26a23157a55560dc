// The log of commands is exchanged as a whole: what was opened stays open, the keyboard stays where it was, and what is new is said to those who listen.
const said = document.getElementById('command-said');
let open = false;
let focused = null;
let last = null;

function newest() {
  const row = document.querySelector('#command-log .command-row');
  return row ? `${row.querySelector('b').textContent}: ${row.querySelector('[data-say]').textContent}` : '';
}

document.addEventListener('toggle', event => {
  if (event.target.id === 'command-earlier') {
    open = event.target.open;
  }
}, true);

document.addEventListener('click', event => {
  if (event.target.closest('[data-clear-answer]')) {
    event.preventDefault();
    document.getElementById('command-answer').replaceChildren();
  }
});

document.body.addEventListener('htmx:beforeSwap', event => {
  const { target, xhr } = event.detail;
  if (target.closest('#commands') && xhr.status >= 300) {
    event.detail.shouldSwap = false;
  }
  const active = document.activeElement;
  focused = active?.closest('#command-log') ? (active.matches('summary') ? 'summary' : 'button') : null;
});

// A question stands in front of the page, a refusal where it is seen: neither waits below the fold.
function bringForward() {
  const question = document.querySelector('#command-answer dialog');
  if (question && !question.matches(':modal')) {
    question.close();
    question.showModal();
  }
  document.querySelector('#command-answer .note')?.scrollIntoView({ block: 'center' });
}

document.body.addEventListener('htmx:afterSettle', event => {
  if (event.target.id === 'command-answer') {
    bringForward();
  }
  const earlier = document.getElementById('command-earlier');
  if (earlier) {
    earlier.open = open;
  }
  if (focused && !document.activeElement?.closest('#commands')) {
    document.querySelector(`#command-log ${focused}`)?.focus({ preventScroll: true });
  }
  const now = newest();
  if (last !== null && now !== last) {
    said.textContent = now;
  }
  last = now;
});
last = newest();
bringForward();
