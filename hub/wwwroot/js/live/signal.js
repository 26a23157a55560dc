// The SignalR link of one lesson: joins, rejoins for ever while the page is open, sends commands, raises events.
import { pause, pauseMs } from './retry.js';

/**
 * Events: `joined` ({joined, again}), `snapshot` (LessonSnapshot), `chat` (ChatLine),
 * `link` ('connecting' | 'connected' | 'down'), `refused` (code; joining makes no sense any more, 'signedOut' when the sign-in has ended).
 */
export class LessonLink extends EventTarget {
  constructor(path, lessonId) {
    super();
    this.lessonId = lessonId;
    this.snapshot = null;
    this.state = 'connecting';
    this.joinedOnce = false;
    this.joined = null;
    this.hub = new signalR.HubConnectionBuilder()
      .withUrl(path)
      .withAutomaticReconnect({ nextRetryDelayInMilliseconds: () => pauseMs() })
      .withServerTimeout(12000) // the hub pings every 5 s
      .withKeepAliveInterval(4000)
      .configureLogging(signalR.LogLevel.None)
      .build();
    this.hub.on('LessonChanged', snapshot => this.#take(snapshot));
    this.hub.on('ChatPosted', line => this.#raise('chat', line));
    this.hub.onreconnecting(() => this.#setState('down'));
    this.hub.onreconnected(() => this.#join());
    this.hub.onclose(() => this.#open());
  }

  start() {
    return this.#open();
  }

  /** True while commands reach the hub. */
  get up() {
    return this.state === 'connected';
  }

  /** True while the lesson's room is open: the hub has let go of every media connection otherwise. */
  get open() {
    return ['ready', 'live', 'interrupted'].includes(this.snapshot?.phase);
  }

  /** Sends a command; resolves to null when done, else to the refusal's code ('offline' when the hub is away). */
  async command(name, ...values) {
    return (await this.#ask(name, ...values)).refusal ?? null;
  }

  /** A fresh ticket for one connection, or the refusal's code. */
  async ticket(streamId, direction) {
    const reply = await this.#ask('Ticket', streamId, direction);
    return reply.refusal ? { refusal: reply.refusal } : { ticket: reply.value };
  }

  // A hub that does not know this connection in the lesson any more is joined again, once, before it is asked again.
  async #ask(name, ...values) {
    try {
      const reply = (await this.hub.invoke(name, this.lessonId, ...values)) ?? {};
      if (reply.refusal !== 'unknownLesson' || !this.joinedOnce) {
        return reply;
      }
      this.joining ??= this.#join().finally(() => (this.joining = null));
      await this.joining;
      return (await this.hub.invoke(name, this.lessonId, ...values)) ?? {};
    } catch {
      return { refusal: 'offline' };
    }
  }

  async #open() {
    for (;;) {
      this.#setState(this.joinedOnce ? 'down' : 'connecting');
      try {
        await this.hub.start();
        await this.#join();
        return;
      } catch (error) {
        if (error?.statusCode === 401 || /\b401\b/.test(error?.message ?? '')) {
          this.#raise('refused', 'signedOut');
          return;
        }
        await pause(pauseMs());
      }
    }
  }

  async #join() {
    while (this.hub.state === signalR.HubConnectionState.Connected) {
      try {
        const reply = await this.hub.invoke('Join', this.lessonId);
        if (reply.refusal) {
          this.#raise('refused', reply.refusal);
          if (reply.refusal === 'notAllowed' || reply.refusal === 'unknownLesson') {
            return;
          }
        } else {
          const again = this.joinedOnce;
          this.joinedOnce = true;
          this.joined = reply.value;
          this.snapshot = null; // the hub may have restarted: its word on joining counts, whatever its version
          this.#setState('connected');
          this.#raise('joined', { joined: reply.value, again });
          this.#take(reply.value.snapshot);
          return;
        }
      } catch {
        // fall through: the connection broke or the hub is still starting
      }
      await pause(pauseMs());
    }
  }

  #take(snapshot) {
    if (this.snapshot && snapshot.version < this.snapshot.version) {
      return;
    }
    this.snapshot = snapshot;
    this.#raise('snapshot', snapshot);
  }

  #setState(state) {
    if (this.state !== state) {
      this.state = state;
      this.#raise('link', state);
    }
  }

  #raise(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
