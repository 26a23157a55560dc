// The classrooms' tiles: picture, who is there, who sees and hears, hands, floor, mute.
import { pascal } from './clock.js';
import { byId, el, icon, setIcon, setText, show } from './dom.js';
import { nameOf } from './events.js';
import { isOpen } from './frame.js';
import { t } from './text.js';

/** Receiving seats that raised a hand, first come first. */
export function handsOf(snapshot) {
  return snapshot.seats
    .filter(seat => seat.role === 'receiving' && seat.handRaisedAt)
    .sort((a, b) => Date.parse(a.handRaisedAt) - Date.parse(b.handRaisedAt))
    .map(seat => seat.seatId);
}

export class SeatTiles {
  #tiles = new Map();

  /** @param actions {grant(seatId), take(), mute(seatId)}; null: look only. */
  constructor(actions) {
    this.actions = actions;
    this.holder = byId('seats');
  }

  onSnapshot(snapshot) {
    const hands = handsOf(snapshot);
    const receiving = snapshot.seats.filter(seat => seat.role === 'receiving');
    for (const seat of receiving) {
      this.#tile(seat).show(seat, snapshot, hands.indexOf(seat.seatId) + 1);
    }
    this.#summary(receiving, snapshot.phase);
    this.holder.dataset.count = receiving.length;
  }

  onStream(seatId, stream) {
    this.#tiles.get(seatId)?.picture(stream);
  }

  #tile(seat) {
    let tile = this.#tiles.get(seat.seatId);
    if (!tile) {
      tile = new SeatTile(seat, this.actions);
      this.#tiles.set(seat.seatId, tile);
      this.holder.append(tile.element);
    }
    return tile;
  }

  // Before the lesson it counts who is there, during it who sees and hears.
  #summary(seats, phase) {
    const taught = phase === 'live' || phase === 'interrupted';
    const well = seats.filter(seat => seat.online && (!taught || (seat.sees && seat.hears))).length;
    const all = well === seats.length;
    const box = byId('seats-summary');
    show(box, ['planned', 'ready', 'live', 'interrupted'].includes(phase));
    setText(box, !taught ? t('Live.JoinedCount', well, seats.length) : all ? t('Live.AllWell', well) : t('Live.SomeWell', well, seats.length));
    box.classList.toggle('is-good', all);
  }
}

class SeatTile {
  constructor(seat, actions) {
    this.video = el('video', { autoplay: true, playsinline: true, 'aria-label': nameOf(seat) });
    this.empty = el('div', { class: 'seat-empty' }, icon('video-off'), el('span', {}, t('Live.NoPicture')));
    this.hand = el('span', { class: 'seat-hand', hidden: true }, icon('hand-stop'), el('span', {}));
    this.floor = el('span', { class: 'seat-floor', hidden: true }, icon('broadcast'), el('span', {}, t('Live.HasFloor')));
    this.zoom = el('button', { type: 'button', class: 'seat-zoom', hidden: true, 'aria-label': t('Live.EnlargeSeat', nameOf(seat)), onclick: () => this.#enlarge() }, icon('maximize'));
    this.signs = { online: sign(), sees: sign(), hears: sign(), muted: sign() };
    this.note = el('p', { class: 'seat-note' });
    this.element = el('li', { class: 'seat', 'data-seat': seat.seatId },
      el('div', { class: 'seat-picture' }, this.video, this.empty, this.hand, this.floor, this.zoom),
      el('div', { class: 'seat-body' },
        el('div', { class: 'seat-name' }, el('b', {}, seat.school), el('span', {}, seat.room)),
        el('div', { class: 'seat-signs' }, ...Object.values(this.signs).map(one => one.element)),
        this.note,
        actions ? this.#buttons(seat, actions) : null));
  }

  #buttons(seat, actions) {
    this.grant = el('button', { type: 'button', class: 'btn btn-sm seat-grant', onclick: () => (this.granted ? actions.take() : actions.grant(seat.seatId)) }, icon('microphone'), el('span', {}));
    this.mute = el('button', { type: 'button', class: 'btn btn-sm btn-ghost', onclick: () => actions.mute(seat.seatId) }, icon('microphone-off'), el('span', {}, t('Live.MuteRoom')));
    this.buttons = el('div', { class: 'seat-buttons' }, this.grant, this.mute);
    return this.buttons;
  }

  show(seat, snapshot, handOrder) {
    this.granted = snapshot.floorSeat === seat.seatId;
    this.element.classList.toggle('is-offline', !seat.online);
    this.element.classList.toggle('has-floor', this.granted);
    this.element.classList.toggle('has-hand', handOrder > 0);
    const on = isOpen(snapshot) || snapshot.phase === 'planned';
    show(this.signs.online.element.parentElement, on);
    show(this.buttons, on);
    this.signs.online.say(seat.online, 'Live.Online', 'Live.Offline', null, 'plug-connected', 'plug-connected-x');
    this.signs.sees.say(seat.online ? seat.sees : null, 'Live.Sees', 'Live.SeesNot', 'Live.SeesUnknown', 'eye', 'eye-off');
    this.signs.hears.say(seat.online ? seat.hears : null, 'Live.Hears', 'Live.HearsNot', 'Live.HearsUnknown', 'ear', 'ear-off');
    show(this.signs.sees.element, seat.online);
    show(this.signs.hears.element, seat.online);
    this.signs.muted.say(null, '', '', 'Live.RoomMuted', 'microphone-off', 'microphone-off');
    show(this.signs.muted.element, seat.muted);
    show(this.hand, handOrder > 0);
    setText(this.hand.lastElementChild, t('Live.HandRaised', handOrder));
    show(this.floor, this.granted);
    this.floor.classList.toggle('is-muted', seat.muted);
    setIcon(this.floor, seat.muted ? 'microphone-off' : 'broadcast');
    setText(this.floor.lastElementChild, t(seat.muted ? 'Live.HasFloorMuted' : 'Live.HasFloor'));
    this.#note(seat, snapshot.phase);
    if (this.grant) {
      setText(this.grant.lastElementChild, t(this.granted ? 'Live.Take' : 'Live.Grant'));
      setIcon(this.grant, this.granted ? 'arrow-left' : 'microphone');
      this.grant.classList.toggle('btn-primary', handOrder > 0 || this.granted);
      this.grant.disabled = !seat.online;
      this.mute.disabled = !seat.online || seat.muted;
    }
  }

  picture(stream) {
    show(this.empty, !stream);
    show(this.zoom, Boolean(stream));
    if (this.video.srcObject !== stream) {
      this.video.srcObject = stream;
    }
  }

  #note(seat, phase) {
    const before = phase === 'planned' || phase === 'ready';
    const reception = seat.reception;
    if (before && seat.readiness) {
      const bad = Object.entries(seat.readiness).filter(([, state]) => state === 'fault' || state === 'warning').map(([part]) => t(`Live.Check.${pascal(part)}`));
      setText(this.note, seat.readiness.cameraProblem === 'notH264' ? t('Live.Check.NotH264') : bad.length ? t('Live.Check.Bad', bad.join(t('Live.Comma'))) : t('Live.Check.Ok'));
      this.note.classList.toggle('is-bad', bad.length > 0);
    } else if (seat.online && reception && (phase === 'live' || phase === 'interrupted')) {
      setText(this.note, t('Live.Quality', Math.round(reception.framesPerSecond), reception.lossPercent.toFixed(1)));
      this.note.classList.toggle('is-bad', reception.lossPercent > 5 || reception.freezeMs > 1000);
    } else {
      setText(this.note, '');
    }
  }

  #enlarge() {
    this.video.requestFullscreen?.();
  }
}

// One plain icon with a word: yes, no, or not known.
function sign() {
  const glyph = icon('point');
  const word = el('span', {});
  const element = el('span', { class: 'sign' }, glyph, word);
  return {
    element,
    say(value, yes, no, unknown, yesIcon, noIcon) {
      element.className = `sign ${value === true ? 'is-yes' : value === false ? 'is-no' : 'is-unknown'}`;
      setText(word, t(value === true ? yes : value === false ? no : unknown ?? no));
      setIcon(element, value === false ? noIcon : yesIcon);
    },
  };
}
