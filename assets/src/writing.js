// The quiet page: saves by itself and never loses a sentence.
//
// The contract with the server. POST data-autosave-url with the form's fields but its
// files, and csrf_token, counter, form_key and user_id:
//   200 {"counter": 4, "saved_at": "21:31"}            saved
//   409 {"error": "stale", "text": "…", "counter": 7}  saved elsewhere meanwhile; a paper of
//       questions gets "fields" beside it, {name: value or list}, of all that was saved
//   401 {"error": "login"}                             session or CSRF token ran out
//   403 {"error": "other_user"}                        user_id is not who is logged in
//   {"error": "…", "message": "…"}                     anything else, said as it is
// data-login-url: GET gives {"csrf_token", "user"}, with user null when nobody is logged
// in; POST of name and password gives the same, or {"message"}. The form itself goes by
// fetch too: a redirect means taken; HTML is the form again, kept as a draft or with errors.

import { Choices } from "./choices.js";
import { watchComposing } from "./composing.js";
import { countDown } from "./countdown.js";
import { clearFields, draftBody, readFields, sentFields, writeFields } from "./fields.js";
import { handIn, showErrors } from "./hand-in.js";
import { showLengths } from "./length-line.js";
import { LocalCopy, sweep } from "./local-copy.js";
import { LoginDialog } from "./login-dialog.js";
import { answer, identify, post, renewToken } from "./request.js";
import { SaveState } from "./save-state.js";

const PAUSE = 3000; // after the last keystroke
const LONGEST = 20000; // while somebody types without a pause
const LOCAL = 400;
const PATIENCE = 5000;
const RETRY = [5000, 10000, 20000, 40000, 60000];
const KEPT_ALIVE = 60000; // bytes that a browser sends for a page that is going

class Writing {
  constructor(form) {
    this.form = form;
    this.text = form.querySelector("[data-counted]");
    this.copy = new LocalCopy(form.dataset.user, form.dataset.key);
    this.state = new SaveState(form);
    this.problem = form.querySelector("[data-writing-problem]");
    this.choices = new Choices(this);
    const dialog = document.querySelector("[data-login-dialog]");
    this.login = new LoginDialog(dialog, form.dataset.loginUrl, (user) => this.loggedIn(user));
    this.composing = watchComposing(form, () => this.changed());
    this.failures = 0;
    this.waits = false; // for a choice between two texts, or for a log-in
    this.closed = false; // handed in, or the page of somebody else
    this.fields = readFields(form);
    this.confirmed = JSON.stringify(sentFields(form));
    this.listen();
    showLengths(form);
    this.choices.offerCopy();
    this.choices.showUnchosen();
    this.changed(); // somebody may have typed before this script came
    countDown(form);
  }

  listen() {
    this.form.addEventListener("click", (event) => {
      this.pressed = event.target.closest("button, input[type=submit]");
    });
    this.form.addEventListener("submit", (event) => this.submit(event));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.leave();
    });
    window.addEventListener("pagehide", () => this.leave());
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) this.save();
    });
    window.addEventListener("online", () => this.save());
    window.addEventListener("beforeunload", (event) => {
      const unsafe = this.sending || (this.dirty() && this.state.state === "failed");
      if (this.closed || !unsafe) return;
      event.preventDefault();
      event.returnValue = "";
    });
  }

  get counter() {
    return this.form.elements.namedItem("counter");
  }

  dirty() {
    return JSON.stringify(this.fields) !== this.confirmed;
  }

  // ---- saving -------------------------------------------------------------------------

  changed() {
    if (this.closed) return;
    this.fields = readFields(this.form);
    showLengths(this.form);
    if (!this.dirty()) return;
    clearTimeout(this.localTimer);
    this.localTimer = setTimeout(() => this.keep(), LOCAL);
    this.since = this.since || Date.now();
    if (!["saving", "local", "failed", "login"].includes(this.state.state)) {
      this.state.show("unsaved");
    }
    this.plan(Math.max(0, Math.min(PAUSE, this.since + LONGEST - Date.now())));
  }

  plan(wait) {
    clearTimeout(this.timer);
    if (!this.waits) this.timer = setTimeout(() => this.save(), wait);
  }

  /** Keeps a copy on this device; false when there is something and it cannot be kept. */
  keep() {
    return !this.dirty() || this.copy.keep(this.fields);
  }

  leave() {
    if (this.closed) return;
    this.keep();
    this.save({ leaving: true });
  }

  async save({ leaving = false } = {}) {
    if (this.waits || this.closed || !this.dirty() || (this.saving && !leaving)) return;
    this.underWay = this.sendDraft(leaving);
    await this.underWay;
  }

  async sendDraft(leaving) {
    this.saving = true;
    this.since = 0;
    const { fields } = this;
    const frozen = JSON.stringify(fields);
    const keepalive = leaving && frozen.length * 3 < KEPT_ALIVE;
    if (!leaving) this.state.show("saving");
    try {
      const body = draftBody(this.form, fields);
      const response = await post(this.form.dataset.autosaveUrl, body, { keepalive });
      await this.answered(response, frozen);
    } catch (error) {
      this.notSaved();
    }
    this.saving = false;
    if (this.dirty() && this.state.state === "saving") this.plan(PAUSE);
  }

  async answered(response, frozen) {
    const told = await answer(response);
    if (response.ok && "counter" in told) this.confirm(told, frozen);
    else if (response.status === 401) await this.needLogin();
    else if (response.status === 409 && "text" in told) this.choices.conflict(told);
    else if (told.error === "other_user") this.someoneElse();
    else {
      if (told.message && response.status < 500) this.say(told.message);
      this.notSaved();
    }
  }

  confirm(told, frozen) {
    this.failures = 0;
    this.renewed = false;
    this.counter.value = told.counter;
    this.confirmed = frozen;
    this.savedAt = told.saved_at;
    if (this.closed) return;
    if (this.dirty()) {
      this.keep();
      return;
    }
    clearTimeout(this.localTimer);
    this.copy.forget();
    this.say("");
    this.state.show("saved", this.savedAt);
  }

  notSaved() {
    this.showSafety();
    this.plan(RETRY[Math.min(this.failures, RETRY.length - 1)]);
    this.failures += 1;
  }

  showSafety() {
    if (!this.dirty() && this.savedAt) this.state.show("saved", this.savedAt);
    else this.state.show(this.keep() ? "local" : "failed");
  }

  // ---- logging in ---------------------------------------------------------------------

  /** A token can run out alone: true when a new one was enough, else the dialog opens. */
  async needLogin() {
    const kept = this.keep();
    if (!this.renewed) {
      this.renewed = true;
      const fresh = await identify(this.form.dataset.loginUrl);
      if (fresh.csrf_token) renewToken(fresh.csrf_token);
      if (fresh.user) return this.loggedIn(fresh.user);
    }
    this.waits = true;
    this.state.show(kept ? "login" : "failed");
    this.login.open();
    return false;
  }

  loggedIn(user) {
    if (user && String(user) !== this.form.dataset.user) {
      this.someoneElse();
      return false;
    }
    this.waits = false;
    this.say("");
    this.state.show(this.dirty() ? "unsaved" : "saved", this.savedAt);
    this.plan(0);
    return true;
  }

  /** The draft is another person's: nobody else sees it. The copy on the device stays theirs. */
  someoneElse() {
    this.keep();
    this.closed = true;
    clearTimeout(this.timer);
    clearTimeout(this.localTimer);
    clearFields(this.form);
    this.choices.clear();
    showLengths(this.form);
    this.state.clear();
    this.say(this.form.dataset.wordOther);
  }

  // ---- handing in ---------------------------------------------------------------------

  say(words) {
    this.problem.hidden = !words;
    this.problem.querySelector("p").textContent = words;
    if (words) this.problem.scrollIntoView({ block: "nearest" });
  }

  async submit(event) {
    event.preventDefault();
    if (this.composing() || this.sending || this.closed) return;
    if (this.waits) {
      if (!this.choices.askAgain()) this.login.open();
      return;
    }
    const button = event.submitter || this.pressed || null;
    this.sending = true;
    clearTimeout(this.timer);
    this.keep();
    if (button) button.setAttribute("aria-busy", "true");
    this.state.say(this.form.dataset.wordSending);
    await this.settled();
    if (this.waits) this.choices.askAgain();
    else await this.send(button);
    if (button) button.removeAttribute("aria-busy");
    this.sending = false;
  }

  /** A draft under way brings the counter that the work must carry; it is not waited for long. */
  settled() {
    const patience = new Promise((done) => setTimeout(done, PATIENCE));
    return Promise.race([this.underWay, patience]);
  }

  async send(button) {
    try {
      const outcome = await handIn(this.form, button);
      if (outcome.kind === "login" && (await this.needLogin())) {
        this.handled(await handIn(this.form, button), button);
      } else this.handled(outcome, button);
    } catch (error) {
      this.handled({ kind: "problem", word: "wordOffline" }, button);
    }
  }

  handled(outcome, button) {
    if (outcome.kind === "taken") {
      this.closed = true;
      this.copy.forgetAll();
      window.location.assign(outcome.url);
    } else if (outcome.kind === "kept") {
      this.closed = true;
      window.location.assign(window.location.href);
    } else if (outcome.kind === "login") {
      if (!this.closed) this.say(this.form.dataset.wordLogin);
    } else if (outcome.kind === "stale") this.choices.compare(outcome.told);
    else if (outcome.kind === "other") this.someoneElse();
    else if (outcome.kind === "problem") {
      this.showSafety();
      this.say(outcome.words || this.form.dataset[outcome.word]);
    } else if (showErrors(this.form, outcome.page)) {
      this.say("");
      this.showSafety();
      this.plan(0);
    } else this.sendPlainly(button);
  }

  /** The answer is a page we do not know: the browser shall show it. Same form_key. */
  sendPlainly(button) {
    this.closed = true;
    if (button && button.name) {
      const pressed = document.createElement("input");
      Object.assign(pressed, { type: "hidden", name: button.name, value: button.value });
      this.form.append(pressed);
    }
    this.form.submit();
  }
}

sweep();
document.querySelectorAll("form[data-writing]").forEach((form) => new Writing(form));
