// The code of the moment on a big screen: [data-code-url] answers it as JSON {code,
// picture, milliseconds, came, held}, or {over} when there is none any more. Asked every
// few seconds and when a code ends; the server's clock says which code it is. Without
// scripts the browser loads the page anew.

const ASK = 4000;
const RETRY = 3000;
const DRAW = 250;

class CodeScreen {
  constructor(root) {
    this.root = root;
    this.url = root.dataset.codeUrl;
    this.ends = performance.now() + Number(root.dataset.codeMilliseconds);
    this.bar = this.part("left");
    setInterval(() => this.draw(), DRAW);
    this.askSoon();
    this.stayAwake();
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.stayAwake();
    });
  }

  part(name) {
    return this.root.querySelector(`[data-code-${name}]`);
  }

  draw() {
    this.bar.value = Math.max(0, this.ends - performance.now());
  }

  askSoon() {
    const left = Math.max(0, this.ends - performance.now());
    setTimeout(() => this.ask(), Math.min(ASK, left + 50));
  }

  async ask() {
    try {
      const response = await fetch(this.url, {
        credentials: "same-origin",
        headers: { "X-Requested-With": "fetch", Accept: "application/json" },
      });
      if (!response.ok) throw new Error(String(response.status));
      this.show(await response.json());
    } catch (error) {
      this.part("trouble").hidden = false;
      setTimeout(() => this.ask(), RETRY);
    }
  }

  show(told) {
    if (told.over) {
      window.location.reload();
      return;
    }
    this.ends = performance.now() + told.milliseconds;
    this.part("trouble").hidden = true;
    this.part("digits").textContent = told.code;
    if (this.part("picture").src !== told.picture) this.part("picture").src = told.picture;
    this.part("came").textContent = told.came;
    this.part("held").textContent = told.held;
    this.askSoon();
  }

  async stayAwake() {
    try {
      if (navigator.wakeLock) await navigator.wakeLock.request("screen");
    } catch (error) {
      // the browser may say no; then the screen's own settings hold
    }
  }
}

/** Keeps the code on the page fresh for as long as it stands there. */
export function showCodes() {
  document.querySelectorAll("[data-code-url]").forEach((root) => new CodeScreen(root));
}
