// Two texts that both may be right: shown side by side, the person chooses. The one that
// is not chosen stays on the page and on the device until the work is handed in.

export class TwoTexts {
  /** `chosen(which)` gets "mine", "theirs" or "both". */
  constructor(panel, chosen) {
    this.panel = panel;
    panel.addEventListener("click", (event) => {
      const button = event.target.closest("[data-choose]");
      if (!button) return;
      panel.hidden = true;
      chosen(button.dataset.choose);
    });
  }

  show(mine, theirs) {
    this.panel.querySelector("[data-mine]").textContent = mine;
    this.panel.querySelector("[data-theirs]").textContent = theirs;
    this.panel.hidden = false;
    this.panel.focus();
  }

  get open() {
    return !this.panel.hidden;
  }

  clear() {
    this.show("", "");
    this.panel.hidden = true;
  }
}
