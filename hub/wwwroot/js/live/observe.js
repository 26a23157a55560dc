// The observer's view: sees and hears everything, says nothing. Being here is logged by the hub.
import { announce } from './announce.js';
import { Chat } from './chat.js';
import { LessonClock, wallTime } from './clock.js';
import { byId, el, icon, show } from './dom.js';
import { changes, hostStream } from './events.js';
import { followLink, isOpen, isTeaching, showFrame } from './frame.js';
import { SeatTiles } from './seats.js';
import { LessonLink } from './signal.js';
import { Stage, play } from './stage.js';
import { NetworkSign, expose, peers } from './stats.js';
import { config, t } from './text.js';
import { Watching } from './whep.js';

const link = new LessonLink(config.hubPath, config.lessonId);
const clock = new LessonClock();
const stage = new Stage();
const watching = new Watching(link, onStream);
const chat = new Chat(null, () => {});
const seats = new SeatTiles(null);
let last = null;

followLink(link);
link.addEventListener('joined', event => chat.fill(event.detail.joined.chat));
link.addEventListener('snapshot', event => onSnapshot(event.detail));
link.addEventListener('chat', event => chat.add(event.detail));
byId('sound').addEventListener('click', enableSound);
addEventListener('pagehide', () => watching.loops.forEach(loop => loop.stop()));
new NetworkSign(link, () => watching.loops.find(loop => loop.streamId === 'host-camera') ?? null);

function onSnapshot(snapshot) {
  const before = last;
  last = snapshot;
  clock.onSnapshot(snapshot);
  showFrame(snapshot);
  seats.onSnapshot(snapshot);
  if (before) {
    changes(before, snapshot).forEach(change => {
      announce(change.text, change.tone);
      log(change, snapshot.now);
    });
  }
  watching.keep(isOpen(snapshot) ? snapshot.seats.flatMap(seat => seat.streams) : []);
  label(snapshot);
}

function label(snapshot) {
  const there = hostStream(snapshot, 'camera');
  stage.label(there ? t('Live.Host') : '', there ? 'on-air' : '');
  stage.empty(there ? t('Live.StageConnecting') : t(isTeaching(snapshot) ? 'Live.HostAway' : 'Live.NotStarted'));
}

async function onStream(streamId, stream) {
  if (streamId === 'host-screen') {
    stage.setScreen(stream, true);
  } else if (streamId === 'host-camera') {
    stage.setCamera(stream, false);
    await listen(stage.camera, stream);
  } else {
    const [seatId] = streamId.split('-');
    seats.onStream(seatId, stream);
    await listen(document.querySelector(`[data-seat="${CSS.escape(seatId)}"] video`), stream);
  }
}

async function listen(video, stream) {
  if (stream && (await play(video))) {
    show(byId('sound'), true);
  }
}

function enableSound() {
  document.querySelectorAll('video[data-held]').forEach(video => {
    delete video.dataset.held;
    video.muted = false;
    video.play().catch(() => {});
  });
  show(byId('sound'), false);
}

const icons = { phase: 'bell', online: 'plug-connected', hand: 'hand-stop', floor: 'microphone', screen: 'screen-share' };

function log(change, at) {
  show(byId('events-empty'), false);
  byId('events').prepend(el('li', { class: `event is-${change.tone}` }, icon(icons[change.kind]), el('span', {}, change.text), el('time', { datetime: at }, wallTime(at))));
}

expose({
  link: () => link.state,
  phase: () => last?.phase ?? null,
  version: () => last?.version ?? 0,
  peers: () => peers(watching.loops),
});

link.start();
