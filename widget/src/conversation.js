// One conversation with the server: what was said goes out in order, once, whatever the network
// does. Knows nothing of elements; tells `view` what happened:
//   greeting(message), history(greeting, messages), reply(message, item), renewed(),
//   refused(text, item), waiting(isWaiting), troubled(message), recovered()
import { ApiError } from "./api.js";

const WAITS_S = [1, 2, 4, 8, 16, 30];
const MAX_TRIES = 12;
// The same again would be refused again.
const FINAL = [400, 403, 404, 405, 413, 415, 422];

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Conversation {
  constructor(api, memory, view) {
    Object.assign(this, { api, memory, view });
    // Sessions are counted: a button's token is worth nothing in the next one.
    this.session = 1;
    this.queue = memory.state.queue;
    this.unread = this.queue.length;
    this.control = new AbortController();
    this.wake = () => {};
    this.online = () => this.retry();
    addEventListener("online", this.online);
  }

  /** What the patient typed or pressed; a button without payload means its title. */
  say(text, { payload = "", session = 0, judges = false } = {}) {
    const item = { id: newId(), text, judges, at: new Date().toISOString() };
    if (session === this.session) item.payload = payload;
    this.remember([...this.queue, item]);
    this.run();
    return item;
  }

  /** Tries at once instead of after the pause. */
  retry() {
    this.tries = 0;
    this.wake();
    this.run();
  }

  /** Ends it here; what is under way is told to nobody. */
  stop() {
    this.stopped = true;
    removeEventListener("online", this.online);
    this.control.abort();
    this.wake();
  }

  /** Connects if that is due, and sends what waits. One at a time, however often it is called. */
  async run() {
    if (this.running || this.stopped) return;
    this.running = true;
    this.tries = 0;
    try {
      while (!this.stopped && !(this.connected && !this.queue.length)) await this.attempt();
    } finally {
      this.running = false;
    }
  }

  async attempt() {
    try {
      await this.step();
    } catch (error) {
      if (!this.stopped) await this.handle(error);
      return;
    }
    if (this.trouble && !this.stopped) this.view.recovered();
    this.trouble = false;
    this.tries = 0;
  }

  async step() {
    if (!this.connected) return this.connect();
    this.view.waiting(true);
    const item = this.queue[0];
    try {
      const { reply } = await this.post(item);
      if (this.stopped) return;
      this.proven = true;
      this.remember(this.queue.slice(1));
      this.view.reply(reply, item);
    } finally {
      if (!this.stopped) this.view.waiting(false);
    }
  }

  post({ id, text, payload }) {
    const message = payload ? { id, payload } : { id, text };
    return this.api.send(this.memory.state.token, message, this.control.signal);
  }

  async connect() {
    const { token, greeting } = this.memory.state;
    if (!token) return this.begin();
    // What was under way at the reload goes first, so that the history holds it.
    for (; this.unread; this.unread -= 1) {
      await this.post(this.queue[0]);
      if (this.stopped) return;
      this.remember(this.queue.slice(1));
    }
    const { messages } = await this.api.history(token, this.control.signal);
    if (this.stopped) return;
    this.connected = this.proven = true;
    this.view.history(greeting, messages);
  }

  async begin() {
    const { token, greeting } = await this.api.session(this.control.signal);
    if (this.stopped) return;
    this.memory.keep({ token, greeting });
    this.connected = true;
    this.view.greeting(greeting);
  }

  async handle(error) {
    if (!(error instanceof ApiError)) throw error;
    const { token } = this.memory.state;
    if (error.status === 401 && token && (this.proven || !this.connected)) return this.renew();
    if (FINAL.includes(error.status) && (this.connected || this.unread)) return this.drop(error);
    this.tries += 1;
    this.trouble = true;
    this.view.troubled(error.message);
    return this.pause(error.wait || WAITS_S[Math.min(this.tries, WAITS_S.length) - 1]);
  }

  drop(error) {
    const [item, ...rest] = this.queue;
    this.unread = Math.max(0, this.unread - 1);
    this.remember(rest);
    this.view.refused(error.message, item);
  }

  /** The session is over: a new one, to which what waits is sent in words. */
  renew() {
    this.session += 1;
    this.connected = this.proven = false;
    this.unread = 0;
    const kept = this.queue.filter((item) => !item.judges);
    this.remember(kept.map(({ payload, ...item }) => item));
    this.memory.keep({ token: "" });
    this.view.renewed();
  }

  remember(queue) {
    this.queue = queue;
    this.memory.keep({ queue });
  }

  pause(seconds) {
    return new Promise((resolve) => {
      this.wake = resolve;
      // After many tries only the patient, or the network's return, starts another.
      if (this.tries < MAX_TRIES) setTimeout(resolve, seconds * 1000);
    });
  }
}
