// Publishing a camera or a screen (WHIP). The same tracks go on across reconnections, so a muted microphone stays muted.
import { MediaLoop } from './media.js';

const Rates = { camera: 2_000_000, screen: 2_500_000 };

/** False when this browser can encode neither VP8 nor H.264. */
export function canEncode() {
  return codecs('vp8').some(codec => /video\/(vp8|h264)/i.test(codec.mimeType));
}

/** @param wanted 'vp8' or 'h264': the first choice; the other one stays as a fallback unless `strict`. */
export function publish({ link, streamId, kind, stream, wanted, strict, simulcast, onState }) {
  return new MediaLoop({ link, streamId, direction: 'publish', onState, build: () => build(stream(), { kind, wanted, strict, simulcast }) });
}

/** Sends other tracks on the same connection, for a change of camera or microphone. */
export async function replaceTracks(loop, stream) {
  for (const sender of loop.peer?.getSenders() ?? []) {
    const track = stream.getTracks().find(candidate => candidate.kind === sender.kindWanted);
    await sender.replaceTrack(track ?? null);
  }
}

function build(stream, { kind, wanted, strict, simulcast }) {
  const peer = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  const audio = stream.getAudioTracks()[0];
  const video = stream.getVideoTracks()[0];
  if (audio || kind === 'camera') {
    const sender = peer.addTransceiver(audio ?? 'audio', { direction: 'sendonly', streams: [stream] }).sender;
    sender.kindWanted = 'audio';
  }
  if (video || kind === 'camera') {
    const layered = simulcast && wanted === 'vp8' && kind === 'camera';
    const transceiver = peer.addTransceiver(video ?? 'video', {
      direction: 'sendonly',
      streams: [stream],
      sendEncodings: layered
        ? [
            { rid: 'q', scaleResolutionDownBy: 4, maxBitrate: 200_000 },
            { rid: 'h', scaleResolutionDownBy: 2, maxBitrate: 700_000 },
            { rid: 'f', maxBitrate: Rates.camera },
          ]
        : [{ maxBitrate: Rates[kind] }],
    });
    transceiver.sender.kindWanted = 'video';
    transceiver.setCodecPreferences(codecs(wanted, strict));
  }
  return peer;
}

// The wanted codec first, then the other, then what goes with them (retransmission).
function codecs(wanted, strict = false) {
  const all = RTCRtpSender.getCapabilities('video')?.codecs ?? [];
  const named = name => all.filter(codec => codec.mimeType.toLowerCase() === `video/${name}`);
  const h264 = named('h264')
    .filter(codec => /packetization-mode=1/.test(codec.sdpFmtpLine ?? ''))
    .sort((a, b) => baseline(b) - baseline(a));
  const order = wanted === 'h264' ? [h264, named('vp8')] : [named('vp8'), h264];
  return [...(strict ? order[0] : order.flat()), ...named('rtx')];
}

const baseline = codec => (/profile-level-id=42e0/i.test(codec.sdpFmtpLine ?? '') ? 1 : 0);
