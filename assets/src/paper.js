// A form of questions: what it says in words, so that two versions of it can be set
// beside each other. A question stands in [data-question].

import { isTick } from "./fields.js";

export function isPaper(form) {
  return form.querySelector("[data-question]") !== null;
}

/** The answers by number, one a line. */
export function inWords(form, fields) {
  return Array.from(form.querySelectorAll("[data-question]"))
    .map((question, place) => `${place + 1}. ${answer(question, fields)}`)
    .join("\n");
}

function answer(question, fields) {
  const controls = Array.from(question.querySelectorAll("input, textarea"));
  const given = [].concat(fields[controls[0].name] || []);
  if (!isTick(controls[0])) return given.join("");
  return controls
    .filter((control) => given.includes(control.value))
    .map((control) => control.closest("label").textContent.trim())
    .join("  ");
}
