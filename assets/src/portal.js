// What every page gains from scripts. All of it works without.

import { showCodes } from "./code-screen.js";
import { isPicking } from "./composing.js";
import { keepHeartbeats } from "./heartbeat.js";
import { keepCells } from "./kept-cells.js";
import { post, token } from "./request.js";

const RECEIPT = 5000;
const REFRESH = 2000;

/** Takes the reader to the summary of what is wrong. */
function focusErrors() {
  const place = document.querySelector("[data-focus]");
  if (place) place.focus();
}

/** The menu of a phone closes with Escape and with a tap elsewhere. */
function closeMenus() {
  document.querySelectorAll("details[data-menu]").forEach((menu) => {
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
    document.addEventListener("click", (event) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
}

/** Light or dark: kept in a cookie, so that the server draws the next page in it. */
function switchScheme() {
  const button = document.querySelector("[data-scheme-switch]");
  if (!button) return;
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const current = () => root.dataset.scheme || (dark.matches ? "dark" : "light");
  const label = () => {
    const other = current() === "dark" ? "Light" : "Dark";
    button.querySelector("span").textContent = button.dataset[`word${other}`];
  };
  button.addEventListener("click", () => {
    root.dataset.scheme = current() === "dark" ? "light" : "dark";
    const secure = window.location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `scheme=${root.dataset.scheme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
    label();
  });
  label();
  button.hidden = false;
}

/** Copies a text; where the browser refuses, selects it for the person. */
function copyTexts() {
  document.querySelectorAll("[data-copy]").forEach((button) => {
    const source = document.getElementById(button.dataset.copy);
    const status = button.parentElement.querySelector("[data-copy-status]");
    button.hidden = false;
    button.addEventListener("click", async () => {
      source.focus();
      source.select();
      try {
        if (navigator.clipboard) await navigator.clipboard.writeText(source.value);
        else document.execCommand("copy");
        status.textContent = button.dataset.copied;
      } catch (error) {
        status.textContent = "";
      }
    });
  });
}

/** Asks before changes are left behind. */
function confirmLeaving() {
  document.querySelectorAll("form[data-confirm-leave]").forEach((form) => {
    let changed = false;
    form.addEventListener("input", () => {
      changed = true;
    });
    form.addEventListener("submit", () => {
      changed = false;
    });
    window.addEventListener("beforeunload", (event) => {
      if (!changed) return;
      event.preventDefault();
      event.returnValue = "";
    });
  });
}

/** Grids lose nothing that was typed. */
function keepGrids() {
  document.querySelectorAll("form[data-keep-cells]").forEach((form) => {
    keepCells(form, document.body.dataset.user);
  });
}

/** One press is one submission. The writing form looks after itself. */
function sendOnce() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });
}

/** The Enter that picks a candidate of an input method submits nothing. */
function respectComposing() {
  document.addEventListener("keydown", (event) => {
    const single = event.target.tagName === "INPUT";
    if (event.key === "Enter" && single && isPicking(event)) event.preventDefault();
  });
}

/** Tells the server that something was read: after five seconds in view, once. */
function giveReceipts() {
  document.querySelectorAll("[data-receipt-url]").forEach((read) => {
    let timer = 0;
    const send = () => {
      observer.disconnect();
      const body = new FormData();
      body.append("csrf_token", token());
      post(read.dataset.receiptUrl, body).catch(() => {});
    };
    const observer = new IntersectionObserver(([entry]) => {
      clearTimeout(timer);
      if (entry.isIntersecting && document.visibilityState === "visible") {
        timer = setTimeout(send, RECEIPT);
      }
    });
    observer.observe(read);
  });
}

/** Follows a long action: replaces the part by the same part of the page it names. */
function refreshParts() {
  const part = document.querySelector("[data-refresh-url]");
  if (!part) return;
  setTimeout(async () => {
    try {
      const response = await fetch(part.dataset.refreshUrl, { credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = page.querySelector("[data-refresh-url]");
      if (response.ok && fresh) part.replaceWith(document.importNode(fresh, true));
      else if (response.ok) window.location.assign(response.url);
    } catch (error) {
      // offline: the link on the page still works
    }
    refreshParts();
  }, REFRESH);
}

/** Paper shows what is folded away. */
function unfoldForPrint() {
  window.addEventListener("beforeprint", () => {
    document.querySelectorAll("main details:not([open])").forEach((folded) => {
      folded.open = true;
      folded.dataset.unfolded = "";
    });
  });
  window.addEventListener("afterprint", () => {
    document.querySelectorAll("details[data-unfolded]").forEach((folded) => {
      folded.open = false;
      delete folded.dataset.unfolded;
    });
  });
}

focusErrors();
closeMenus();
switchScheme();
copyTexts();
confirmLeaving();
keepGrids();
sendOnce();
respectComposing();
giveReceipts();
refreshParts();
unfoldForPrint();
showCodes();
keepHeartbeats();
