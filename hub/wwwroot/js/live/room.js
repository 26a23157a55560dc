// The lecturer's live room: brings the parts together. Every part acts on snapshots; the hub's word is the state.
import { announce, notice } from './announce.js';
import { OwnCamera } from './camera.js';
import { Chat } from './chat.js';
import { LessonClock } from './clock.js';
import { byId, show } from './dom.js';
import { changes, hostStream } from './events.js';
import { followLink, isOpen, isTeaching, sayRefusal, showFrame } from './frame.js';
import { LevelMeter } from './meter.js';
import { Rehearsal } from './rehearse.js';
import { OwnScreen } from './screen.js';
import { SeatTiles } from './seats.js';
import { LessonLink } from './signal.js';
import { Stage, play } from './stage.js';
import { NetworkSign, describe, expose, peers } from './stats.js';
import { Teaching } from './teaching.js';
import { config, t } from './text.js';
import { Watching } from './whep.js';

const query = new URLSearchParams(location.search);
const settings = {
  wanted: query.get('codec')?.toLowerCase() === 'h264' ? 'h264' : 'vp8',
  strict: query.has('codec'),
  simulcast: query.get('simulcast') === '1',
};

const link = new LessonLink(config.hubPath, config.lessonId);
const clock = new LessonClock();
const stage = new Stage();
const camera = new OwnCamera(link, new LevelMeter(byId('meter')), settings);
const screen = new OwnScreen(link, settings);
const watching = new Watching(link, onStream);
const chat = new Chat(text => link.command('Say', text), sayRefusal);
const seats = new SeatTiles({
  grant: seatId => command('GrantFloor', seatId),
  take: () => command('TakeFloor'),
  mute: seatId => command('Mute', seatId, true),
});
const teaching = new Teaching(link, clock, { afterStart: () => (hostStream(last, 'camera') ? null : camera.goOnAir()) }); // the room's own camera stays
const rehearsal = new Rehearsal(camera, () => {
  onAir(last, last);
  showStage();
});
let last = null; // the snapshot before the present one
let yielded = false; // another device took over from this computer and nobody has asked for it back

followLink(link);
link.addEventListener('joined', event => onJoined(event.detail));
link.addEventListener('snapshot', event => onSnapshot(event.detail));
link.addEventListener('chat', event => chat.add(event.detail));
camera.addEventListener('changed', showStage);
screen.addEventListener('changed', showStage);
byId('mic').addEventListener('click', onMic);
byId('cam').addEventListener('click', () => camera.setCamera(!camera.cameraOn));
byId('share').addEventListener('click', () => screen.toggle());
byId('take-over').addEventListener('click', takeOver);
byId('give-back').addEventListener('click', giveBack);
byId('sound').addEventListener('click', enableSound);
addEventListener('pagehide', () => [camera.loop, screen.loop, ...watching.loops].forEach(loop => loop?.stop()));
new NetworkSign(link, () => camera.loop);

function onJoined({ joined, again }) {
  chat.fill(joined.chat);
  if (!again && !camera.micOn && !hostSeat(joined.snapshot).muted) {
    camera.tellMute(); // a reload never opens a microphone that was closed
  }
  if (again) {
    // After a hub restart none of our streams are there: connect at once instead of waiting for the old ones to time out.
    restartUnless(camera.loop, hostStream(joined.snapshot, 'camera'));
    restartUnless(screen.loop, hostStream(joined.snapshot, 'screen'));
  } else if (!hostStream(joined.snapshot, 'camera') && isOpenOrPlanned(joined.snapshot)) {
    camera.open();
  }
}

function onSnapshot(snapshot) {
  const before = last;
  last = snapshot;
  clock.onSnapshot(snapshot);
  showFrame(snapshot);
  seats.onSnapshot(snapshot);
  teaching.onSnapshot(snapshot);
  if (before) {
    changes(before, snapshot).filter(change => change.kind !== 'screen').forEach(change => announce(change.text, change.tone));
  }
  camera.follow(hostSeat(snapshot));
  camera.pause(Boolean(snapshot.takeBackUntil));
  onAir(before, snapshot);
  watching.keep(isOpen(snapshot) ? wantedStreams(snapshot) : []);
  showStage();
}

// Who sends the lecturer's picture: this computer, the room's recording device, or nobody yet.
function onAir(before, snapshot) {
  if (!snapshot) {
    return;
  }
  const stream = hostStream(snapshot, 'camera');
  const wasOurs = before && hostStream(before, 'camera')?.source === 'browser';
  if (!isOpen(snapshot)) {
    if (camera.publishing || screen.stream) {
      camera.goOffAir(true);
      screen.stop();
    } else if (camera.stream && !isOpenOrPlanned(snapshot)) {
      camera.goOffAir(true);
    }
  } else if (camera.publishing && stream?.source === 'device' && wasOurs) {
    yielded = true;
    notice('replaced', t('Live.Replaced'), { label: t('Live.UseThisCamera'), run: takeOver });
    camera.goOffAir(true);
  } else if (stream && !camera.publishing && !camera.starting && !camera.testing && camera.stream) {
    camera.goOffAir(true); // somebody else sends the picture: nobody looks at this computer's camera any more
  } else if (isTeaching(snapshot) && !stream && !camera.publishing && !yielded && !deviceSeen) {
    camera.goOnAir();
  }
  const gone = isTeaching(snapshot) && !stream && !camera.publishing && deviceSeen;
  notice('device-gone', gone ? t('Live.DeviceGone') : null, { label: t('Live.UseThisCamera'), run: takeOver });
}

function onMic() {
  if (camera.mutedAtDevice && camera.micOn) {
    announce(t('Live.UnmuteAtDevice'), 'warn');
  } else {
    camera.setMic(!camera.micOn);
  }
}

function wantedStreams(snapshot) {
  const classrooms = snapshot.seats.filter(seat => seat.role === 'receiving').flatMap(seat => seat.streams);
  const camera1 = hostStream(snapshot, 'camera');
  const screen1 = hostStream(snapshot, 'screen');
  return [
    ...classrooms.filter(stream => stream.kind === 'camera'),
    ...(camera1 && !camera.publishing ? [camera1] : []),
    ...(screen1 && !screen.stream ? [screen1] : []),
  ];
}

const remote = {};

async function onStream(streamId, stream) {
  remote[streamId] = stream;
  const [seatId] = streamId.split('-');
  if (seatId !== 'host') {
    seats.onStream(seatId, stream);
    await listen(document.querySelector(`[data-seat="${CSS.escape(seatId)}"] video`), stream);
  }
  showStage();
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

function showStage() {
  const snapshot = last;
  if (!snapshot) {
    return;
  }
  const stream = hostStream(snapshot, 'camera');
  const theirs = Boolean(stream) && !camera.publishing;
  stage.setCamera(theirs ? remote['host-camera'] ?? null : camera.stream, true);
  stage.setScreen(screen.stream ?? remote['host-screen'] ?? null, true);
  show(byId('take-over'), theirs && isOpen(snapshot));
  show(byId('give-back'), camera.publishing && camera.loop.state === 'connected' && hostSeat(snapshot).online && deviceSeen);
  deviceSeen ||= stream?.source === 'device';
  if (camera.publishing) {
    stage.label(camera.loop.state === 'connected' ? t('Live.OnAir') : t('Live.StageConnecting'), camera.loop.state === 'connected' ? 'on-air' : '');
  } else if (theirs) {
    stage.label(t(stream.source === 'device' ? 'Live.OnAirDevice' : 'Live.OnAirElsewhere'), 'on-air');
  } else {
    stage.label(camera.stream && isOpenOrPlanned(snapshot) ? t('Live.Preview') : '');
  }
  stage.empty(theirs ? t('Live.StageConnecting') : t('Live.StageEmpty'));
}

let deviceSeen = false; // the room has a recording device that could take the picture over again

async function takeOver() {
  yielded = false;
  notice('replaced', null);
  await camera.goOnAir();
}

async function giveBack() {
  yielded = true;
  await camera.goOffAir(true);
}

async function command(name, ...values) {
  const refusal = await link.command(name, ...values);
  if (refusal) {
    sayRefusal(refusal);
  }
}

function restartUnless(loop, stream) {
  if (loop && !stream) {
    loop.restart();
  }
}

const hostSeat = snapshot => snapshot.seats.find(seat => seat.role === 'host');
const isOpenOrPlanned = snapshot => isOpen(snapshot) || snapshot.phase === 'planned';

expose({
  link: () => link.state,
  phase: () => last?.phase ?? null,
  version: () => last?.version ?? 0,
  state: () => camera.loop?.state ?? (camera.stream ? 'preview' : 'off'),
  codec: () => camera.loop?.figures.codec ?? null,
  framesSent: () => camera.loop?.figures.frames ?? 0,
  camera: () => (camera.loop ? describe(camera.loop) : null),
  screen: () => (screen.loop ? describe(screen.loop) : null),
  micOn: () => camera.micOn,
  peers: () => peers(watching.loops),
});

link.start();
