// Handing in without ever losing the page: the form goes by fetch, and the page is left
// only after the server has taken the work. A second try carries the same `form_key`, so
// the server knows it for the same one.

import { answer, post } from "./request.js";

/** Sends the form; resolves to {kind, …}: taken, kept, login, stale, refused, problem, other. */
export async function handIn(form, submitter) {
  const body = new FormData(form);
  if (submitter && submitter.name) body.append(submitter.name, submitter.value);
  const url = (submitter && submitter.getAttribute("formaction")) || form.getAttribute("action");
  let response;
  try {
    response = await post(url, body);
  } catch (error) {
    return { kind: "problem", word: "wordOffline" };
  }
  if (response.ok && response.redirected) return { kind: "taken", url: response.url };
  const told = await answer(response.clone());
  if (response.ok && told.url) return { kind: "taken", url: told.url };
  if (response.status === 401) return { kind: "login" };
  if (response.status === 409 && !told.message) return { kind: "stale", told };
  if (told.error === "other_user") return { kind: "other" };
  if (response.status === 413) return { kind: "problem", word: "wordLarge" };
  if (told.message) return { kind: "problem", words: told.message };
  if (response.status >= 500) return { kind: "problem", word: "wordServer" };
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const again = page.querySelector("form[data-writing]");
  return { kind: response.ok && again && !wrongs(page).length ? "kept" : "refused", page };
}

/** Shows in the open form what an answer found wrong with it; false where that is nothing. */
export function showErrors(form, answered) {
  const found = wrongs(answered);
  if (!found.length) return false;
  clearErrors(form);
  found.forEach((one) => form.before(mark(document.importNode(one, true))));
  takeOverFiles(form, answered);
  answered.querySelectorAll(".field-error[id$='-error']").forEach((error) => {
    const control = document.getElementById(error.id.replace(/-error$/, ""));
    const first = control || document.getElementById(error.id.replace(/-error$/, "-0"));
    const field = first && first.closest(".field");
    if (!field) return;
    field.classList.add("field-wrong");
    const place = control ? control : field.querySelector(".choices");
    place.before(document.importNode(error, true));
    if (!control) return;
    control.setAttribute("aria-invalid", "true");
    describe(control, error.id);
  });
  const first = document.querySelector("[data-answered]");
  first.tabIndex = -1;
  first.focus();
  return true;
}

/** The summary of a refused form, and notices of what went wrong besides. */
function wrongs(page) {
  const notices = Array.from(page.querySelectorAll("main .notice-danger"));
  return notices.concat(Array.from(page.querySelectorAll(".form-errors"))).filter(
    (one) => !one.hidden && !one.closest(".flashes"),
  );
}

function mark(element) {
  element.dataset.answered = "";
  return element;
}

/** Files that the server has taken already are listed, and not sent again. */
function takeOverFiles(form, answered) {
  const list = answered.querySelector("form[data-writing] .files");
  if (!list) return;
  const group = (place) => place.closest("fieldset") || place;
  const here = form.querySelector(".files");
  const fresh = document.importNode(group(list), true);
  form.querySelectorAll("input[type=file]").forEach((input) => {
    const names = Array.from(input.files).map((file) => file.name);
    if (!here) input.closest(".field").before(fresh);
    if (names.every((name) => list.textContent.includes(name))) input.value = "";
  });
  if (here) group(here).replaceWith(fresh);
}

function describe(control, id) {
  const ids = (control.getAttribute("aria-describedby") || "").split(" ").filter(Boolean);
  if (!ids.includes(id)) ids.push(id);
  control.setAttribute("aria-describedby", ids.join(" "));
}

function clearErrors(form) {
  document.querySelectorAll("main .form-errors, [data-answered]").forEach((old) => old.remove());
  form.querySelectorAll(".field-error[id]").forEach((old) => old.remove());
  form.querySelectorAll(".field-wrong").forEach((field) => field.classList.remove("field-wrong"));
  form.querySelectorAll("[aria-invalid]").forEach((control) => control.removeAttribute("aria-invalid"));
}
