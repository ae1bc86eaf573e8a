// Logging in without leaving the page, while something is being written.

import { answer, identify, post, renewToken } from "./request.js";

export class LoginDialog {
  /** `done(user)` is called with the id of whoever logged in. */
  constructor(element, url, done) {
    this.element = element;
    this.url = url;
    this.done = done;
    this.form = element.querySelector("form");
    this.problem = element.querySelector("[data-login-problem]");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    element.querySelector("[data-login-later]").addEventListener("click", () => this.close());
  }

  open() {
    if (this.element.open) return;
    this.problem.hidden = true;
    if (this.element.showModal) this.element.showModal();
    else this.element.setAttribute("open", "");
    this.form.elements.namedItem("name").focus();
  }

  close() {
    if (this.element.close) this.element.close();
    else this.element.removeAttribute("open");
  }

  async submit() {
    const button = this.form.querySelector("button[type=submit]");
    button.disabled = true;
    try {
      const fresh = await identify(this.url);
      if (fresh.csrf_token) renewToken(fresh.csrf_token);
      const response = await post(this.url, new FormData(this.form));
      const told = await answer(response);
      if (response.ok && told.csrf_token) {
        renewToken(told.csrf_token);
        this.form.reset();
        this.close();
        this.done(told.user);
      } else {
        this.say(told.message || this.problem.dataset.wordWrong);
      }
    } catch (error) {
      this.say(this.problem.dataset.wordOffline);
    } finally {
      button.disabled = false;
    }
  }

  say(words) {
    this.problem.textContent = words;
    this.problem.hidden = false;
    this.form.elements.namedItem("password").focus();
  }
}
