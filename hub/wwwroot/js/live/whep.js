// Watching one stream (WHEP).
import { MediaLoop } from './media.js';

/** @param onStream hears the MediaStream of every new connection. */
export function watch({ link, streamId, onStream, onState }) {
  return new MediaLoop({
    link,
    streamId,
    direction: 'watch',
    onState,
    build() {
      const peer = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
      const stream = new MediaStream();
      peer.addTransceiver('audio', { direction: 'recvonly' });
      peer.addTransceiver('video', { direction: 'recvonly' });
      peer.addEventListener('track', event => {
        stream.addTrack(event.track);
        onStream(stream);
      });
      return peer;
    },
  });
}

/** The set of streams being watched, kept equal to what the lesson offers. */
export class Watching {
  #loops = new Map();

  constructor(link, onStream, onState = () => {}) {
    Object.assign(this, { link, onStream, onState });
  }

  /** @param wanted stream states to watch; a stream that changed its codec or its source is connected anew. */
  keep(wanted) {
    const byId = new Map(wanted.map(stream => [stream.streamId, stream]));
    for (const [id, entry] of this.#loops) {
      const stream = byId.get(id);
      if (!stream || fingerprint(stream) !== entry.fingerprint) {
        this.#loops.delete(id);
        entry.loop.stop();
        if (!stream) {
          this.onStream(id, null);
        }
      }
    }
    for (const [id, stream] of byId) {
      if (!this.#loops.has(id)) {
        const loop = watch({
          link: this.link,
          streamId: id,
          onStream: media => this.onStream(id, media),
          onState: (state, refusal) => this.onState(id, state, refusal),
        });
        this.#loops.set(id, { loop, fingerprint: fingerprint(stream) });
      }
    }
  }

  get loops() {
    return [...this.#loops.values()].map(entry => entry.loop);
  }
}

const fingerprint = stream => `${stream.source}/${stream.videoCodec}/${stream.hasAudio}`;
