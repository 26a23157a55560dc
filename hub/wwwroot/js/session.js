// An open page outlives its session: somebody signs out in another tab, or the time is over. Nothing that was typed may be lost by that: before a form
// goes to the hub its session is looked at, and the notice stands over the whole page, never inside a part of it.
const notice = document.getElementById('session');
const account = document.body.dataset.account;
const tabs = 'BroadcastChannel' in window ? new BroadcastChannel('three-classrooms-session') : null;
const checked = new WeakSet();

/** 'same', 'gone', 'other' or 'away'. */
async function ask() {
  try {
    const answer = await fetch(notice.dataset.session, { cache: 'no-store', signal: AbortSignal.timeout(8000) });
    return answer.status === 401 ? 'gone' : !answer.ok ? 'away' : (await answer.text()) === account ? 'same' : 'other';
  } catch {
    return 'away';
  }
}

function say(state) {
  for (const words of notice.querySelectorAll('[data-say]')) {
    words.hidden = words.dataset.say !== state;
  }
  notice.querySelector('a').hidden = state === 'away';
  if (!notice.open) {
    notice.showModal();
  }
}

async function look() {
  const state = await ask();
  if (state === 'same') {
    notice.close();
  } else if (state !== 'away') {
    say(state);
  }
}

// Tabs of this browser tell each other that somebody came or went; each looks for itself.
tabs?.postMessage('look');

if (notice) {
  tabs?.addEventListener('message', look);
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && look());

  document.addEventListener('submit', async event => {
    const form = event.target;
    const leaves = form.method === 'post' && !form.hasAttribute('hx-post') && new URL(form.action).pathname !== '/sign-out';
    if (event.defaultPrevented || !leaves || checked.delete(form)) {
      return;
    }
    event.preventDefault();
    const { submitter } = event;
    const state = await ask();
    if (state === 'same') {
      checked.add(form);
      form.requestSubmit(submitter);
    } else {
      say(state);
    }
  });

  document.body.addEventListener('htmx:beforeSwap', event => {
    if (event.detail.xhr.status === 401) {
      event.detail.shouldSwap = false;
      say('gone');
    }
  });
}
