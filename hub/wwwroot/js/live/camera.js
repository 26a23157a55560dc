// The lecturer's camera and microphone: preview before the bell, on air during the lesson, yielding to another device.
import { announce, notice } from './announce.js';
import { close, listDevices, openDevices } from './devices.js';
import { byId, el, setIcon, setText, show } from './dom.js';
import { mediaProblem, sayRefusal } from './frame.js';
import { t } from './text.js';
import { canEncode, publish, replaceTracks } from './whip.js';

/** Events: `changed` whenever stream, mute or publishing changed. */
export class OwnCamera extends EventTarget {
  #memory;
  stream = null;
  loop = null;
  starting = false; // on the way to be on air
  testing = false; // somebody looks at the preview in the devices' dialog
  paused = false; // the lesson was stopped and may still be taken up again
  mutedAtDevice = false; // at the room's own device; taken back there
  telling = false; // the hub is being told of a mute
  micOn = true;
  cameraOn = true;

  constructor(link, meter, settings) {
    super();
    Object.assign(this, { link, meter, settings });
    this.#memory = `live-mic-${link.lessonId}`;
    this.micOn = sessionStorage.getItem(this.#memory) !== 'off'; // a reload never opens a microphone that was closed
    this.choice = { camera: localStorage.getItem('live-camera') ?? undefined, microphone: localStorage.getItem('live-microphone') ?? undefined };
    navigator.mediaDevices?.addEventListener?.('devicechange', () => this.#list());
  }

  get publishing() {
    return this.loop !== null;
  }

  /** Opens camera and microphone for the preview. Resolves to whether there is anything to send. */
  async open() {
    if (!canEncode()) {
      notice('devices', t('Live.Err.Codec'));
      return false;
    }
    let opened = await openDevices(this.choice.camera, this.choice.microphone);
    if (!opened.stream && (this.choice.camera || this.choice.microphone)) {
      this.choice = {}; // the remembered device may be unplugged
      opened = await openDevices();
    }
    const key = opened.error ?? opened.warning;
    notice('devices', key ? t(key) : null, { label: t('Live.Retry'), run: () => this.open() });
    if (!opened.stream) {
      return false;
    }
    const before = this.stream;
    this.stream = opened.stream;
    this.#applySwitches();
    if (this.loop) {
      await replaceTracks(this.loop, this.stream);
    }
    close(before);
    this.meter.attach(this.stream);
    await this.#list();
    this.#changed();
    return true;
  }

  /** Goes on air. Asks for the devices first if need be. */
  async goOnAir() {
    this.starting = true;
    const ready = this.loop || this.stream || (await this.open());
    this.starting = false;
    if (this.loop || !ready) {
      return;
    }
    this.loop = publish({
      link: this.link,
      streamId: 'host-camera',
      kind: 'camera',
      stream: () => this.stream,
      ...this.settings,
      onState: (state, refusal) => {
        const key = state === 'waiting' && refusal ? mediaProblem(refusal) : null;
        notice('camera', key ? t(key) : null);
        this.#changed();
      },
    });
    this.#changed();
  }

  /** Stops sending; the preview stays unless `release`. */
  async goOffAir(release = false) {
    const loop = this.loop;
    this.loop = null;
    notice('camera', null);
    await loop?.stop();
    if (release) {
      close(this.stream);
      this.stream = null;
      this.meter.attach(null);
    }
    this.#changed();
  }

  /** @param tell false when the hub already knows. */
  async setMic(on, tell = true) {
    this.micOn = on;
    sessionStorage.setItem(this.#memory, on ? 'on' : 'off');
    this.#applySwitches();
    this.#changed();
    if (tell) {
      announce(t(on ? 'Live.MicOn' : 'Live.MicOff'));
      await this.tellMute();
    }
  }

  /** Tells the hub what this page's switch says. A refusal is said; the next snapshots show what is heard. */
  async tellMute() {
    this.telling = true;
    const refusal = await this.link.command('Mute', 'host', !this.micOn);
    this.telling = false;
    if (refusal) {
      sayRefusal(refusal);
    }
  }

  /**
   * The hub's word on the host's microphone. While this page sends the sound its own switch counts and the hub is told; else the page
   * shows what the classrooms hear, which the room's own device sends.
   */
  follow(host) {
    if (this.mutedAtDevice !== Boolean(host.mutedAtDevice)) {
      this.mutedAtDevice = Boolean(host.mutedAtDevice);
      this.#changed();
    }
    if (this.telling || this.mutedAtDevice || host.muted === !this.micOn) {
      return;
    }
    if (this.publishing && !host.muted) {
      this.tellMute();
    } else {
      this.setMic(!host.muted, false);
    }
  }

  /** Nothing of this computer is sent while a stopped lesson may still be taken up again. */
  pause(on) {
    if (this.paused !== on) {
      this.paused = on;
      this.#applySwitches();
    }
  }

  setCamera(on) {
    this.cameraOn = on;
    this.#applySwitches();
    announce(t(on ? 'Live.CameraOn' : 'Live.CameraOff'));
    this.#changed();
  }

  showButtons() {
    const heard = this.micOn && !this.mutedAtDevice;
    toggle(byId('mic'), heard, 'microphone', 'microphone-off', heard ? 'Live.Mute' : this.micOn ? 'Live.MutedAtDevice' : 'Live.Unmute');
    toggle(byId('cam'), this.cameraOn, 'video', 'video-off', this.cameraOn ? 'Live.TurnCameraOff' : 'Live.TurnCameraOn');
    byId('cam').disabled = !this.stream?.getVideoTracks().length;
    show(byId('meter'), this.micOn && Boolean(this.stream?.getAudioTracks().length));
  }

  #applySwitches() {
    this.stream?.getAudioTracks().forEach(track => (track.enabled = this.micOn && !this.paused));
    this.stream?.getVideoTracks().forEach(track => (track.enabled = this.cameraOn && !this.paused));
  }

  async #list() {
    const { cameras, microphones } = await listDevices();
    this.#fill('camera', cameras, this.stream?.getVideoTracks()[0]);
    this.#fill('microphone', microphones, this.stream?.getAudioTracks()[0]);
  }

  #fill(name, devices, track) {
    const select = byId(`choose-${name}`);
    const used = track?.getSettings().deviceId ?? '';
    select.replaceChildren(
      ...devices.map((device, index) => el('option', { value: device.deviceId, selected: device.deviceId === used }, device.label || t('Live.NoDeviceName', index + 1))),
      el('option', { value: '', selected: !used }, t('Live.None')));
    select.onchange = () => {
      this.choice[name] = select.value;
      localStorage.setItem(`live-${name}`, select.value);
      this.open();
    };
  }

  #changed() {
    this.showButtons();
    this.dispatchEvent(new Event('changed'));
  }
}

function toggle(button, on, yes, no, key) {
  setIcon(button, on ? yes : no);
  setText(button.querySelector('.control-word'), t(key));
  button.classList.toggle('is-off', !on);
  button.setAttribute('aria-pressed', String(!on));
}
