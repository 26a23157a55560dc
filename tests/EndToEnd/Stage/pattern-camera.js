// Stands in for the camera and the microphone: the test picture with its clock (see TestPattern) and a tone each second, drawn live,
// so that what a classroom decodes can be read. What follows is the browser's own: encoder, pacer, transport.
(() => {
  const Cells = 32;
  const BeepMs = 100;
  let audio;

  function draw(canvas, g) {
    const now = Date.now();
    const { width: w, height: h } = canvas;
    const t = now / 1000;
    g.fillStyle = `hsl(${(t * 20) % 360} 40% 35%)`;
    g.fillRect(0, 0, w, h);
    for (let i = 0; i < 12; i++) {
      g.fillStyle = `hsl(${i * 30} 70% 55%)`;
      g.fillRect(w * (0.5 + 0.4 * Math.sin(t * 0.7 + i)), h * (0.6 + 0.3 * Math.cos(t * 0.9 + i * 2)), w / 14, h / 10);
    }
    g.fillStyle = '#000';
    g.fillRect(0, 0, w, h / 8);
    g.fillStyle = '#fff';
    const stamp = now % 2 ** 32;
    for (let bit = 0; bit < Cells; bit++) {
      const set = Math.floor(stamp / 2 ** bit) % 2;
      g.fillRect((w * bit) / Cells, set ? 0 : h / 16, w / Cells, h / 16);
    }
    g.fillStyle = now % 1000 < BeepMs ? '#fff' : '#000';
    g.fillRect(0, h / 8, w / 8, h / 8);
  }

  function camera() {
    const canvas = Object.assign(document.createElement('canvas'), { width: 1280, height: 720 });
    const g = canvas.getContext('2d');
    const stream = canvas.captureStream(0);
    const [track] = stream.getVideoTracks();
    const begun = performance.now();
    let frames = 0;
    (function next() {
      draw(canvas, g);
      track.requestFrame();
      frames = Math.max(frames + 1, Math.floor((performance.now() - begun) / 40));
      setTimeout(next, Math.max(0, begun + frames * 40 - performance.now()));
    })();
    return track;
  }

  function microphone() {
    audio ??= new AudioContext({ sampleRate: 48000, latencyHint: 'interactive' });
    audio.resume();
    const out = audio.createMediaStreamDestination();
    const gain = audio.createGain();
    const tone = audio.createOscillator();
    gain.gain.value = 0;
    tone.frequency.value = 1000;
    tone.connect(gain).connect(out);
    tone.start();
    let planned = 0;
    setInterval(() => {
      const second = Math.floor(Date.now() / 1000) + 1;
      if (second > planned) {
        planned = second;
        const at = audio.currentTime + (second * 1000 - Date.now()) / 1000;
        gain.gain.setValueAtTime(0.5, at);
        gain.gain.setValueAtTime(0, at + BeepMs / 1000);
      }
    }, 100);
    return out.stream.getAudioTracks()[0];
  }

  navigator.mediaDevices.getUserMedia = async (wanted) =>
    new MediaStream([...(wanted.video ? [camera()] : []), ...(wanted.audio ? [microphone()] : [])]);
})();
