// The assistant's page: exchanges the ticket behind the # for a session, then asks the room's device through the hub, and shows what it answers.

const room = document.querySelector('[data-room]');
const words = room.dataset;
const part = name => room.querySelector(`[data-${name}]`);
const every = 2000;
let session = sessionStorage.getItem('room');
let state = null;
let busy = false;

async function post(path, body) {
  const headers = { 'Content-Type': 'application/json' };
  if (session) {
    headers.Authorization = `Bearer ${session}`;
  }
  return fetch(path, { method: 'POST', headers, body: JSON.stringify(body), credentials: 'omit' });
}

async function open() {
  const ticket = location.hash.slice(1);
  if (ticket) {
    const answer = await post('/api/room/open', { ticket });
    if (answer.ok) {
      session = (await answer.json()).session;
      sessionStorage.setItem('room', session);
      history.replaceState(null, '', location.pathname); // neither the history nor a screenshot keeps the ticket
    }
  }
}

async function ask(action, value) {
  if (busy) {
    return;
  }
  busy = true;
  try {
    const answer = await post('/api/room/ask', { action, value });
    if (answer.status === 401) {
      sessionStorage.removeItem('room');
      session = null;
      state = null;
      show(words.wordScan);
    } else if (answer.ok) {
      state = await answer.json();
      show(state.done ? '' : words.wordRefused);
    } else {
      state = null;
      show(words.wordAway);
    }
  } catch {
    state = null;
    show(words.wordAway);
  } finally {
    busy = false;
  }
}

function show(notice) {
  part('notice').textContent = notice;
  part('body').hidden = state === null;
  if (state === null) {
    return;
  }
  part('name').textContent = `${state.school} · ${state.classroom}`;
  const at = state.startsAt ? new Date(state.startsAt).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }) : '';
  part('lesson').textContent = state.lesson
    ? `${state.lesson} · ${state.live ? words.wordLive : state.joined ? words.wordReady : words.wordJoining}`
    : at ? `${words.wordNext} ${at}` : words.wordNone;
  const sign = part('sign');
  sign.textContent = state.heard ? words.wordHeard : state.microphoneOpen ? words.wordOpen : state.floor ? words.wordFloor : words.wordClosed;
  sign.classList.toggle('is-good', state.heard);
  sign.classList.toggle('is-warn', !state.heard && state.floor);
  press(part('hand'), state.handRaised, words.wordHandUp, words.wordHandDown);
  part('hand').disabled = !state.joined;
  press(part('mic'), state.microphoneOpen, words.wordMicOpen, words.wordMicClose);
  press(part('report'), state.faultReported, words.wordReport, words.wordReported);
  part('volume-row').hidden = !state.hasVolume;
  part('camera').textContent = state.cameraOpen ? words.wordCamera : words.wordCameraClosed;
}

function press(button, pressed, off, on) {
  button.textContent = pressed ? on : off;
  button.setAttribute('aria-pressed', String(pressed));
}

part('hand').addEventListener('click', () => ask(state.handRaised ? 'lowerHand' : 'raiseHand'));
part('mic').addEventListener('click', () => ask(state.microphoneOpen ? 'closeMicrophone' : 'openMicrophone'));
part('report').addEventListener('click', () => ask(state.faultReported ? 'faultGone' : 'reportFault'));
part('volume').addEventListener('change', event => ask('setVolume', Number(event.target.value)));

await open();
if (session) {
  await ask('look');
  setInterval(() => {
    if (session && !document.hidden) {
      ask('look');
    }
  }, every);
} else {
  show(words.wordScan);
}
