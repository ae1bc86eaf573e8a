// Handing in without ever losing the page: the form goes by fetch, and the page is left
// only after the server has taken the work. A second try carries the same `form_key`, so
// the server knows it for the same one.

import { answer, post } from "./request.js";

/** Sends the form; resolves to {kind, …}: taken, login, stale, refused, problem, other. */
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
  if (response.status === 409 && "text" in told) return { kind: "stale", told };
  if (told.error === "other_user") return { kind: "other" };
  if (response.status === 413) return { kind: "problem", word: "wordLarge" };
  if (told.message) return { kind: "problem", words: told.message };
  if (response.status >= 500) return { kind: "problem", word: "wordServer" };
  return { kind: "refused", page: await response.text() };
}

/** Shows the errors of a refused form in the form that is open; false where none are found. */
export function showErrors(form, page) {
  const answered = new DOMParser().parseFromString(page, "text/html");
  const summary = answered.querySelector(".form-errors");
  if (!summary) return false;
  clearErrors(form);
  form.before(document.importNode(summary, true));
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
  form.previousElementSibling.focus();
  return true;
}

function describe(control, id) {
  const ids = (control.getAttribute("aria-describedby") || "").split(" ").filter(Boolean);
  if (!ids.includes(id)) ids.push(id);
  control.setAttribute("aria-describedby", ids.join(" "));
}

function clearErrors(form) {
  document.querySelectorAll(".form-errors").forEach((old) => old.remove());
  form.querySelectorAll(".field-error[id]").forEach((old) => old.remove());
  form.querySelectorAll(".field-wrong").forEach((field) => field.classList.remove("field-wrong"));
  form.querySelectorAll("[aria-invalid]").forEach((control) => control.removeAttribute("aria-invalid"));
}
