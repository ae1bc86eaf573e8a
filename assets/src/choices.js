// Where two texts stand against each other: this page and another device, or this page
// and what the device kept. Nothing is overwritten and nothing goes on until the person
// has chosen; the other text stays on the page and on the device until the hand-in.

import { readFields, writeFields } from "./fields.js";
import { inWords, isPaper } from "./paper.js";
import { TwoTexts } from "./two-texts.js";

export class Choices {
  constructor(writing) {
    const part = (name) => writing.form.querySelector(`[data-writing-${name}]`);
    this.writing = writing;
    this.unchosen = part("unchosen");
    this.stale = new TwoTexts(part("stale"), (which) => this.chose(which));
    this.restore = new TwoTexts(part("restore"), (which) => this.restored(which));
    this.paper = isPaper(writing.form);
    if (this.paper) part("stale").querySelector('[data-choose="both"]').hidden = true;
  }

  /** What these fields say in words: the one text, or the answers by number. */
  words(fields) {
    const { form, text } = this.writing;
    return this.paper ? inWords(form, fields) : fields[text.name] || "";
  }

  mine() {
    return this.words(readFields(this.writing.form));
  }

  /** Another device saved since: {text, counter} is what it saved. */
  conflict(told) {
    const { writing } = this;
    writing.waits = true;
    writing.keep();
    this.theirs = told;
    this.stale.show(this.mine(), this.paper ? this.words(told.fields) : told.text);
    writing.state.show("local");
  }

  /** A hand-in was too old: where its answer lacks the other text, a save brings it. */
  compare(told) {
    if ("text" in told) {
      this.conflict(told);
      return;
    }
    this.writing.confirmed = "";
    this.writing.save();
  }

  chose(which) {
    const { writing, theirs } = this;
    const mine = this.mine();
    const other = this.paper ? this.words(theirs.fields) : theirs.text;
    writing.waits = false;
    writing.counter.value = theirs.counter;
    if (which === "both") writing.text.value = `${mine}\n\n${other}`;
    if (which === "theirs") this.take(theirs);
    if (which !== "both") writing.copy.keepUnchosen(which === "mine" ? other : mine);
    writing.confirmed = ""; // what is chosen now counts, with the counter of the other
    this.goOn();
  }

  take(theirs) {
    if (this.paper) writeFields(this.writing.form, theirs.fields);
    else this.writing.text.value = theirs.text;
  }

  /** What the device kept because the server never confirmed it. */
  offerCopy() {
    const { writing } = this;
    const kept = writing.copy.read();
    if (!kept) return;
    if (JSON.stringify(kept.fields) === writing.confirmed) {
      writing.copy.forget();
      return;
    }
    const text = this.words(kept.fields);
    writing.waits = true;
    this.kept = kept.fields;
    writing.copy.keepUnchosen(text);
    this.restore.show(text, this.mine());
  }

  restored(which) {
    const { writing } = this;
    writing.waits = false;
    if (which === "mine") {
      writing.copy.keepUnchosen(this.mine());
      writeFields(writing.form, this.kept);
    } else writing.copy.forget();
    this.goOn();
  }

  goOn() {
    this.writing.changed();
    this.writing.plan(0);
    this.showUnchosen();
    const first = this.writing.text || this.writing.form.querySelector("[data-question] input");
    first.focus();
  }

  showUnchosen() {
    const text = this.writing.copy.unchosen();
    if (!text || this.restore.open) return;
    this.unchosen.querySelector("[data-unchosen-text]").textContent = text;
    this.unchosen.hidden = false;
  }

  /** True when a choice is open: the person is taken to it. */
  askAgain() {
    const open = [this.restore, this.stale].find((panel) => panel.open);
    if (open) open.panel.focus();
    return Boolean(open);
  }

  clear() {
    this.stale.clear();
    this.restore.clear();
    this.unchosen.remove();
  }
}
