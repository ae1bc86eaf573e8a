// The grading desk without the mouse: J and K go to the next and the previous work, 1–9
// choose a level, Ctrl+Enter accepts and goes on, R returns. What is half written stays
// on this device until it is saved. Everything works without this file.

import { isPicking } from "./composing.js";
import { keepFields } from "./kept-fields.js";

const WRITING = "input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]";

class Desk {
  constructor(desk) {
    this.desk = desk;
    this.form = desk.querySelector("form[data-desk-form]");
    if (this.form && this.form.dataset.key) keepFields(this.form, user());
    document.addEventListener("keydown", (event) => this.key(event));
    this.showPlace();
  }

  key(event) {
    if (isPicking(event) || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      this.press("accept", event);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.target.closest(WRITING)) return;
    const name = event.key.toLowerCase();
    if (name === "j") this.go("next", event);
    else if (name === "k") this.go("prev", event);
    else if (name === "r") this.giveBack(event);
    else if (/^[1-9]$/.test(name)) this.choose(Number(name), event);
  }

  go(direction, event) {
    const link = this.desk.querySelector(`[data-desk-${direction}]`);
    if (!link) return;
    event.preventDefault();
    link.click();
  }

  button(decision) {
    return this.form && this.form.querySelector(`button[name="decision"][value="${decision}"]`);
  }

  press(decision, event) {
    const button = this.button(decision);
    if (!button) return;
    event.preventDefault();
    button.click();
  }

  /** A return needs its reason: R goes to the remark first, then presses the button. */
  giveBack(event) {
    const button = this.button("return");
    if (!button) return;
    event.preventDefault();
    const remark = this.form.querySelector("textarea");
    if (remark && !remark.value.trim()) remark.focus();
    else button.click();
  }

  /** The level of the criterion that has the focus, else of the first one without a level. */
  choose(number, event) {
    if (!this.form) return;
    const criteria = Array.from(this.form.querySelectorAll("[data-criterion]"));
    const here = document.activeElement.closest("[data-criterion]");
    const open = criteria.find((one) => !one.querySelector("input:checked"));
    const criterion = here || open;
    const level = criterion && criterion.querySelectorAll("input[type=radio]")[number - 1];
    if (!level) return;
    event.preventDefault();
    level.checked = true;
    level.dispatchEvent(new Event("change", { bubbles: true }));
    const next = criteria[criteria.indexOf(criterion) + 1];
    const following = next && (next.querySelector("input:checked") || next.querySelector("input"));
    (following || level).focus();
  }

  /** The work that is open, in view in a long list. */
  showPlace() {
    const here = this.desk.querySelector(".desk-list [aria-current]");
    if (here) here.scrollIntoView({ block: "nearest" });
  }
}

/** Whose remarks they are: the person's of this page. */
function user() {
  return document.body.dataset.user;
}

document.querySelectorAll("[data-desk]").forEach((desk) => new Desk(desk));
