// This computer's camera and microphone: asked for, chosen, changed; every failure becomes a key of the page's strings.

const Video = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 25, max: 30 } };
const Audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

/**
 * Opens what there is. Resolves to {stream, warning} or {error}: `warning` and `error` are string keys.
 * A chosen device id of '' means: do without.
 */
export async function openDevices(camera, microphone) {
  if (!navigator.mediaDevices?.getUserMedia) {
    return { error: 'Live.Err.Insecure' };
  }
  const video = camera === '' ? false : { ...Video, ...exact(camera) };
  const audio = microphone === '' ? false : { ...Audio, ...exact(microphone) };
  const whole = await ask({ video, audio });
  if (whole.stream || whole.error !== 'NotFoundError' || !video || !audio) {
    return whole.stream ? whole : { error: keyOf(whole.error, video, audio) };
  }
  const sound = await ask({ audio });
  if (sound.stream) {
    return { stream: sound.stream, warning: 'Live.Err.NoCamera' };
  }
  const picture = await ask({ video });
  return picture.stream ? { stream: picture.stream, warning: 'Live.Err.NoMicrophone' } : { error: 'Live.Err.NoDevices' };
}

/** The devices to choose from; names are empty until the user has allowed one. */
export async function listDevices() {
  const all = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
  return {
    cameras: all.filter(device => device.kind === 'videoinput' && device.deviceId),
    microphones: all.filter(device => device.kind === 'audioinput' && device.deviceId),
  };
}

/** Resolves to a screen's stream, or to null when the user chose none. */
export async function openScreen() {
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { ideal: 15, max: 30 } }, audio: false });
    stream.getVideoTracks()[0].contentHint = 'detail';
    return stream;
  } catch {
    return null;
  }
}

export function close(stream) {
  stream?.getTracks().forEach(track => track.stop());
}

async function ask(constraints) {
  try {
    return { stream: await navigator.mediaDevices.getUserMedia(constraints) };
  } catch (error) {
    return { error: error.name };
  }
}

const exact = id => (id ? { deviceId: { exact: id } } : {});

function keyOf(name, video, audio) {
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'Live.Err.Denied';
    case 'NotReadableError':
    case 'AbortError':
      return 'Live.Err.Busy';
    default:
      return video && audio ? 'Live.Err.NoDevices' : video ? 'Live.Err.NoCamera' : 'Live.Err.NoMicrophone';
  }
}
