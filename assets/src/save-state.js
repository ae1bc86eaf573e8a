// The line that says whether everything is safe. What stands on the page changes at
// once; what is spoken aloud changes at most once a minute, but for bad news.

const MINUTE = 60000;
const QUIET = ["saving", "unsaved"];
const BAD = ["local", "failed", "login"];

export class SaveState {
  constructor(form) {
    this.words = form.dataset;
    this.lines = form.querySelectorAll("[data-save-state]");
    this.spoken = form.querySelector("[data-save-spoken]");
    this.state = "";
    this.spokenAt = 0;
  }

  /** state: saved, saving, unsaved, local, failed, login. */
  show(state, time = "") {
    const name = `word${state[0].toUpperCase()}${state.slice(1)}`;
    const words = (this.words[name] || "").replace("{time}", time || "").trim();
    this.say(words, state);
    this.speak(state, words);
    this.state = state;
  }

  say(words, state = "") {
    this.lines.forEach((line) => {
      line.textContent = words;
      line.dataset.state = state;
    });
  }

  clear() {
    this.say("");
    if (this.spoken) this.spoken.textContent = "";
  }

  speak(state, words) {
    if (!this.spoken || QUIET.includes(state)) return;
    const news = BAD.includes(state) && state !== this.state;
    if (!news && Date.now() - this.spokenAt < MINUTE) return;
    this.spoken.textContent = words;
    this.spokenAt = Date.now();
  }
}
