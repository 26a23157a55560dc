// One WHIP or WHEP connection (RFC 9725) that keeps itself alive: ticket, offer, answer, watch, again.
import { pause, pauseMs } from './retry.js';

const DisconnectedGraceMs = 2500;
const StalledMs = 4000;
const FirstBytesMs = 6000;

export class MediaRefused extends Error {
  constructor(status, code) {
    super(code ?? `http ${status}`);
    this.status = status;
    this.code = code;
  }
}

/**
 * States: 'connecting', 'connected', 'waiting' (between attempts), 'stopped'.
 * `build()` returns a new RTCPeerConnection with its transceivers; `onState(state, refusal)` hears of changes.
 */
export class MediaLoop {
  #stop = new AbortController();
  #again = null;

  constructor({ link, streamId, direction, build, onState = () => {} }) {
    Object.assign(this, { link, streamId, direction, build, onState });
    this.state = 'connecting';
    this.peer = null;
    this.figures = { bytes: 0, frames: 0, packets: 0 };
    this.attempts = 0;
    this.done = this.#run();
  }

  /** Gives up the present connection and makes a new one at once. */
  restart() {
    this.#again?.abort();
  }

  async stop() {
    this.#stop.abort();
    this.#again?.abort();
    await this.done;
  }

  async #run() {
    while (!this.#stop.signal.aborted) {
      this.#again = new AbortController();
      const location = { url: null, token: null };
      try {
        this.#say('connecting');
        await this.#open(location, this.#again.signal);
        await this.#untilLost(this.#again.signal);
      } catch (error) {
        this.#say('waiting', error instanceof MediaRefused ? error.code : null);
        this.#drop(location);
        await pause(pauseMs(), this.#stop.signal);
        continue;
      }
      this.#drop(location);
    }
    this.#say('stopped');
  }

  async #open(location, signal) {
    this.attempts += 1;
    if (!this.link.up) {
      throw new MediaRefused(0, 'offline');
    }
    const { ticket, refusal } = await this.link.ticket(this.streamId, this.direction);
    if (!ticket) {
      throw new MediaRefused(0, refusal);
    }
    signal.throwIfAborted();
    const peer = this.peer = await this.build();
    await peer.setLocalDescription();
    const response = await fetch(ticket.url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/sdp', Authorization: `Bearer ${ticket.token}` },
      body: peer.localDescription.sdp,
      credentials: 'omit',
      signal: AbortSignal.any([signal, AbortSignal.timeout(8000)]),
    });
    if (!response.ok) {
      throw new MediaRefused(response.status, await codeOf(response));
    }
    location.url = new URL(response.headers.get('Location') ?? '', response.url).href;
    location.token = ticket.token;
    await peer.setRemoteDescription({ type: 'answer', sdp: await response.text() });
  }

  // Resolves when the connection is to be replaced: lost, stalled, restarted or stopped.
  async #untilLost(signal) {
    const peer = this.peer;
    const opened = performance.now();
    let received = 0;
    let moved = opened;
    let broken = 0;
    while (!signal.aborted) {
      await pause(500, signal);
      const now = performance.now();
      const bytes = await this.#measure(peer);
      if (bytes > received) {
        received = bytes;
        moved = now;
      }
      const state = peer.connectionState;
      broken = state === 'disconnected' ? broken || now : 0;
      if (state === 'connected' && received > 0) {
        this.#say('connected');
      }
      const stalled = received > 0 ? now - moved > StalledMs : now - opened > FirstBytesMs;
      if (state === 'failed' || state === 'closed' || stalled || (broken && now - broken > DisconnectedGraceMs)) {
        return;
      }
    }
  }

  // Bytes that came from the hub: media when watching, RTCP and consent answers when publishing.
  async #measure(peer) {
    let arrived = 0;
    const figures = { bytes: 0, frames: 0, packets: 0, lost: 0, roundTripMs: null, codec: null };
    let report;
    try {
      report = await peer.getStats();
    } catch {
      return 0;
    }
    for (const item of report.values()) {
      if (item.type === 'transport') {
        arrived += item.bytesReceived ?? 0;
      } else if (item.type === 'candidate-pair' && item.nominated) {
        arrived += item.responsesReceived ?? 0;
        figures.roundTripMs = item.currentRoundTripTime === undefined ? figures.roundTripMs : Math.round(item.currentRoundTripTime * 1000);
      } else if (item.type === 'outbound-rtp') {
        figures.bytes += item.bytesSent ?? 0;
        figures.frames += item.kind === 'video' ? item.framesSent ?? 0 : 0;
        figures.codec ??= item.kind === 'video' ? codecName(report, item.codecId) : null;
      } else if (item.type === 'inbound-rtp') {
        figures.bytes += item.bytesReceived ?? 0;
        figures.packets += item.packetsReceived ?? 0;
        figures.lost += item.packetsLost ?? 0;
        figures.frames += item.kind === 'video' ? item.framesDecoded ?? 0 : 0;
        figures.codec ??= item.kind === 'video' ? codecName(report, item.codecId) : null;
      } else if (item.type === 'remote-inbound-rtp' && item.kind === 'video') {
        figures.lossPercent = Math.round((item.fractionLost ?? 0) * 100);
      }
    }
    this.figures = figures;
    return arrived;
  }

  #say(state, refusal = null) {
    if (this.state !== state || refusal) {
      this.state = state;
      this.onState(state, refusal);
    }
  }

  #drop(location) {
    this.peer?.close();
    this.peer = null;
    if (location.url && this.link.open) {
      fetch(location.url, { method: 'DELETE', headers: { Authorization: `Bearer ${location.token}` }, credentials: 'omit', keepalive: true })
        .catch(() => {}); // the hub forgets a silent connection by itself
    }
  }
}

async function codeOf(response) {
  try {
    return (await response.json()).code ?? null;
  } catch {
    return null;
  }
}

function codecName(report, id) {
  return report.get(id)?.mimeType?.replace('video/', '') ?? null;
}
