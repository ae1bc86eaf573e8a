// Time at a page, told to the server by heartbeats: [data-heartbeat] holds the address.
// While somebody is there — the page in view, a video in it playing or, where there is
// none, touched within a while — a small request goes out every half minute. What it is
// worth the server's clock decides; nothing is counted or made up here. The protocol
// stands in docs/reference/templates.md.

import { answer, post, token } from "./request.js";

const TOUCHES = ["scroll", "pointerdown", "pointermove", "keydown", "touchstart"];
const TICK = 1000;

class Heartbeat {
  constructor(root) {
    this.root = root;
    this.url = root.dataset.heartbeat;
    this.every = Number(root.dataset.heartbeatEvery || 30) * 1000;
    this.idle = Number(root.dataset.heartbeatIdle || 300) * 1000;
    this.status = root.querySelector("[data-heartbeat-status]");
    this.again = root.querySelector("[data-heartbeat-again]");
    this.video = root.querySelector("video");
    this.touched = Date.now();
    const without = root.querySelector("[data-heartbeat-without]");
    if (without) without.hidden = true;
    this.listen();
    this.open();
  }

  listen() {
    TOUCHES.forEach((name) => {
      window.addEventListener(name, () => this.touch(), { passive: true, capture: true });
    });
    if (this.video) {
      ["play", "playing", "pause", "ended"].forEach((name) => {
        this.video.addEventListener(name, () => this.look());
      });
      this.video.addEventListener("error", () => {
        this.look();
        if (!this.over) this.say(this.why());
      });
    }
    document.addEventListener("visibilitychange", () => this.look());
    window.addEventListener("online", () => {
      this.retryAt = 0;
      this.look();
    });
    window.addEventListener("pagehide", () => this.leave());
    window.addEventListener("pageshow", (event) => event.persisted && this.open());
    const button = this.again && this.again.querySelector("button");
    if (button) button.addEventListener("click", () => this.open());
    setInterval(() => this.look(), TICK);
  }

  touch() {
    this.touched = Date.now();
    if (!this.on) this.look();
  }

  /** Begins anew, which takes the place from wherever it was. */
  open() {
    this.touched = Date.now();
    this.retryAt = 0;
    this.opening = "";
    this.number = 0;
    this.over = false;
    this.on = false;
    if (this.again) this.again.hidden = true;
    this.look();
  }

  /** Whether somebody is at it, as far as a page can know. */
  isThere() {
    if (document.visibilityState !== "visible") return false;
    if (this.video) return !this.video.paused && !this.video.ended && !this.video.error;
    return Date.now() - this.touched < this.idle;
  }

  look() {
    if (this.over || this.busy) return;
    if (this.retryAt && Date.now() < this.retryAt) return;
    const there = this.isThere();
    if (!this.opening) this.begin(there);
    else if (there !== this.on) this.send(there ? "on" : "pause");
    else if (there && Date.now() - this.sentAt >= this.every) this.send("on");
  }

  /** A page that was opened behind another takes nobody's place until it is looked at. */
  begin(there) {
    if (document.visibilityState === "visible") this.send(there ? "on" : "pause");
  }

  body(state) {
    const body = new FormData();
    body.append("csrf_token", token());
    body.append("opening", this.opening);
    body.append("number", String(this.number + 1));
    body.append("state", state);
    return body;
  }

  async send(state) {
    this.busy = true;
    this.sentAt = Date.now();
    try {
      this.heard(await post(this.url, this.body(state)), state);
    } catch (error) {
      this.silence(); // offline: the same number again, later; the time between is lost
    }
    this.busy = false;
  }

  async heard(response, state) {
    if (response.status >= 500 || response.status === 429) return this.silence();
    if (response.status === 401) return this.stop(this.root.dataset.wordLogin);
    const told = await answer(response);
    if (!response.ok || told.say === undefined) return this.stop(this.root.dataset.wordStopped);
    this.retryAt = 0;
    this.on = state === "on";
    if (told.opening) this.opening = told.opening;
    if (told.number !== undefined) this.number = told.number;
    this.show(told.values || {});
    if (told.over) return this.stop(told.say, told.again);
    this.say(this.on ? told.say : this.why());
    return undefined;
  }

  /** Why nothing is counted though the page is in view. */
  why() {
    const words = this.root.dataset;
    if (!this.video) return words.wordIdle;
    return this.video.error ? words.wordBroken : words.wordStill;
  }

  silence() {
    this.retryAt = Date.now() + this.every;
    this.say(this.root.dataset.wordOffline);
  }

  stop(words, again = false) {
    this.over = true;
    this.say(words);
    if (this.again) this.again.hidden = !again;
  }

  /** Says it once: a reader of the screen is not told twice a minute. */
  say(words) {
    if (this.status && words && this.status.textContent !== words) this.status.textContent = words;
  }

  show(values) {
    Object.entries(values).forEach(([name, value]) => {
      this.root.querySelectorAll(`[data-heartbeat-value="${name}"]`).forEach((place) => {
        place.textContent = value;
      });
    });
  }

  /** The last word of a page that goes; if it is lost, the server sees the silence. */
  leave() {
    if (this.over || !this.opening || !navigator.sendBeacon) return;
    this.over = true;
    navigator.sendBeacon(this.url, this.body("leave"));
  }
}

export function keepHeartbeats() {
  document.querySelectorAll("[data-heartbeat]").forEach((root) => new Heartbeat(root));
}
