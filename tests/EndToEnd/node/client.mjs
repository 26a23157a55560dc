// A second WebRTC client that this project did not write: libwebrtc through @roamhq/wrtc, VP8 and Opus.
//   node client.mjs publish|watch URL TOKEN SECONDS
// Prints one JSON line a second: { state, framesSent | framesReceived, width, height, soundPackets, soundPeak }, and "done" last.
import wrtc from '@roamhq/wrtc';

const [mode, url, token, seconds] = process.argv.slice(2);
const peer = new wrtc.RTCPeerConnection({ bundlePolicy: 'max-bundle' });
const counts = { state: 'new', framesSent: 0, framesReceived: 0, width: 0, height: 0, soundPackets: 0, soundPeak: 0 };
peer.onconnectionstatechange = () => { counts.state = peer.connectionState; };

const timers = [];
if (mode === 'publish') {
  const video = new wrtc.nonstandard.RTCVideoSource();
  const audio = new wrtc.nonstandard.RTCAudioSource();
  peer.addTransceiver(video.createTrack(), { direction: 'sendonly' });
  peer.addTransceiver(audio.createTrack(), { direction: 'sendonly' });
  const width = 320, height = 180, frame = new Uint8ClampedArray(width * height * 1.5);
  let n = 0, phase = 0;
  timers.push(setInterval(() => {
    frame.fill(128, width * height);
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) frame[y * width + x] = (x + y + n * 4) & 255;
    video.onFrame({ width, height, data: frame });
    counts.framesSent = ++n;
  }, 40));
  timers.push(setInterval(() => {
    const samples = new Int16Array(480);
    for (let i = 0; i < 480; i++) samples[i] = Math.round(9000 * Math.sin(phase += 2 * Math.PI * 440 / 48000));
    audio.onData({ samples, sampleRate: 48000, bitsPerSample: 16, channelCount: 1, numberOfFrames: 480 });
  }, 10));
} else {
  peer.addTransceiver('video', { direction: 'recvonly' });
  peer.addTransceiver('audio', { direction: 'recvonly' });
  peer.ontrack = ({ track }) => {
    if (track.kind === 'video') {
      new wrtc.nonstandard.RTCVideoSink(track).onframe = ({ frame }) => {
        counts.framesReceived++;
        counts.width = frame.width;
        counts.height = frame.height;
      };
    } else {
      new wrtc.nonstandard.RTCAudioSink(track).ondata = ({ samples }) => {
        for (const s of samples) counts.soundPeak = Math.max(counts.soundPeak, Math.abs(s));
      };
    }
  };
}

await peer.setLocalDescription(await peer.createOffer());
await new Promise((resolve) => {
  if (peer.iceGatheringState === 'complete') resolve();
  peer.onicegatheringstatechange = () => peer.iceGatheringState === 'complete' && resolve();
});
const response = await fetch(url, {
  method: 'POST',
  headers: { 'Content-Type': 'application/sdp', Authorization: `Bearer ${token}` },
  body: peer.localDescription.sdp,
});
if (response.status !== 201) {
  console.log(JSON.stringify({ state: 'refused', status: response.status, body: await response.text() }));
  process.exit(1);
}
await peer.setRemoteDescription({ type: 'answer', sdp: await response.text() });
timers.push(setInterval(async () => {
  for (const report of (await peer.getStats()).values()) {
    if (report.kind === 'audio' && report.type === (mode === 'publish' ? 'outbound-rtp' : 'inbound-rtp')) {
      counts.soundPackets = report.packetsSent ?? report.packetsReceived;
    }
  }
  console.log(JSON.stringify(counts));
}, 1000));
await new Promise((resolve) => setTimeout(resolve, Number(seconds) * 1000));
timers.forEach(clearInterval);
await fetch(new URL(response.headers.get('location'), url), { method: 'DELETE', headers: { Authorization: `Bearer ${token}` } });
console.log('done');
process.exit(0);
