// The header and footer parts that lecturer and observer share: phase, recording, link state, end card, refusals.
import { announce, notice } from './announce.js';
import { pascal } from './clock.js';
import { byId, setText, show } from './dom.js';
import { config, t } from './text.js';

export const isOpen = snapshot => ['ready', 'live', 'interrupted'].includes(snapshot.phase);
export const isTeaching = snapshot => ['live', 'interrupted'].includes(snapshot.phase) && !snapshot.takeBackUntil;
const isOver = snapshot => ['ended', 'judged', 'cancelled', 'missed'].includes(snapshot.phase);

export function showFrame(snapshot) {
  const badge = byId('phase');
  setText(badge.querySelector('.phase-word'), t(`Phase.${pascal(snapshot.phase)}`));
  badge.dataset.phase = snapshot.phase;
  show(byId('recording'), snapshot.recording);
  const over = isOver(snapshot);
  show(byId('over'), over);
  show(document.querySelector('.controls'), !over);
  show(byId('chat-form'), !over);
  if (over) {
    setText(byId('over-help'), t({ cancelled: 'Live.CancelledHelp', missed: 'Live.MissedHelp' }[snapshot.phase] ?? 'Live.EndedHelp'));
    setText(byId('over-title'), snapshot.phase === 'ended' || snapshot.phase === 'judged' ? t('Live.Ended') : t(`Phase.${pascal(snapshot.phase)}`));
  }
}

/** Says how the link to the hub stands; a lost link is a standing notice, not a passing one. */
export function followLink(link) {
  link.addEventListener('link', event => {
    byId('net').dataset.link = event.detail;
    notice('link', event.detail === 'down' ? t('Live.Reconnecting') : null);
    if (event.detail !== 'connected') {
      setText(byId('net-word'), t(event.detail === 'down' ? 'Live.NetDown' : 'Live.Connecting'));
    }
  });
  link.addEventListener('joined', event => {
    notice('join', null);
    setText(byId('net-word'), t('Live.Connected'));
    if (event.detail.again) {
      announce(t('Live.Reconnected'), 'good');
    }
  });
  link.addEventListener('refused', event => {
    const code = event.detail;
    const final = ['notAllowed', 'unknownLesson', 'signedOut'].includes(code);
    notice('join', final ? t(`Live.${pascal(code)}`) : t('Live.CouldNotJoin'), code === 'signedOut' ? { label: t('Live.SignIn'), run: () => location.reload() } : null);
  });
}

/** The sentence for a refused command. */
export function sayRefusal(code) {
  announce(code === 'offline' ? t('Live.Reconnecting') : t(`Live.Refusal.${pascal(code)}`), 'warn');
}

/** The string key for a media refusal, null when it will pass by itself silently. */
export function mediaProblem(code) {
  switch (code) {
    case 'badTicket':
    case 'ticketForOther':
      return 'Live.Err.Ticket';
    case 'codecMismatch':
    case 'badOffer':
      return 'Live.Err.Codec';
    case 'hubFull':
      return 'Live.Err.Full';
    case 'offline':
    case 'lessonClosed':
    case 'streamNotLive':
    case 'notNow':
      return null;
    default:
      return 'Live.Err.Media';
  }
}

export const lessonId = config.lessonId;
