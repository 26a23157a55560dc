// What changed between two snapshots, as words: for the live region, and for the observer's timeline.
import { pascal, wallTime } from './clock.js';
import { t } from './text.js';

/** Changes from one snapshot to the next: [{text, tone, kind}]. */
export function changes(before, after) {
  const found = [];
  const tell = (kind, text, tone = 'info') => found.push({ kind, text, tone });
  if (before.phase !== after.phase) {
    tell('phase', t('Live.PhaseIs', t(`Phase.${pascal(after.phase)}`)), after.phase === 'interrupted' ? 'bad' : 'good');
  }
  if (before.endsAt !== after.endsAt) {
    tell('phase', t('Live.Extended', wallTime(after.endsAt)), 'good');
  }
  const old = new Map(before.seats.map(seat => [seat.seatId, seat]));
  const rooms = new Map(after.seats.map(seat => [seat.seatId, nameOf(seat)]));
  for (const seat of after.seats.filter(one => one.role === 'receiving')) {
    const was = old.get(seat.seatId) ?? {};
    if (Boolean(was.online) !== seat.online) {
      tell('online', t(seat.online ? 'Live.RoomJoined' : 'Live.RoomLeft', nameOf(seat)), seat.online ? 'good' : 'warn');
    }
    if (!was.handRaisedAt !== !seat.handRaisedAt) {
      tell('hand', t(seat.handRaisedAt ? 'Live.HandUp' : 'Live.HandDown', nameOf(seat)));
    }
  }
  if (before.floorSeat !== after.floorSeat) {
    const speaker = after.seats.find(seat => seat.seatId === after.floorSeat);
    tell('floor', after.floorSeat ? t(speaker?.muted ? 'Live.FloorGivenMuted' : 'Live.FloorGiven', rooms.get(after.floorSeat) ?? after.floorSeat) : t('Live.FloorTaken'), speaker?.muted ? 'info' : 'good');
  }
  const shared = snapshot => hostStream(snapshot, 'screen') !== undefined;
  if (shared(before) !== shared(after)) {
    tell('screen', t(shared(after) ? 'Live.ScreenShared' : 'Live.ShareStopped'));
  }
  const seen = new Map(before.seats.flatMap(seat => seat.streams).map(stream => [stream.streamId, stream]));
  for (const seat of after.seats) {
    for (const stream of seat.streams.filter(one => (one.trouble ?? null) !== (seen.get(one.streamId)?.trouble ?? null))) {
      tell('trouble', stream.trouble ? t(`Live.Trouble.${stream.trouble}`, nameOf(seat)) : t('Live.Trouble.over', nameOf(seat)), stream.trouble ? 'bad' : 'good');
    }
  }
  return found;
}

/** A room as people tell it from others: many schools have one of the same name. */
export const nameOf = seat => `${seat.school} ${seat.room}`;

/** The host's stream of a kind, undefined when nobody publishes it. */
export function hostStream(snapshot, kind) {
  return snapshot.seats.find(seat => seat.role === 'host')?.streams.find(stream => stream.kind === kind);
}
