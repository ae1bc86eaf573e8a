// Half-written reviews, kept on the device until they are saved. `data-key` on the form
// says what it is about; a form with [data-kept] says in words that something came back.

import { readFields, writeFields } from "./fields.js";
import { LocalCopy } from "./local-copy.js";

export function keepFields(form, user) {
  const copy = new LocalCopy(user, form.dataset.key);
  const untouched = JSON.stringify(readFields(form));
  offer(form, copy, untouched);
  const keep = () => {
    const fields = readFields(form);
    if (JSON.stringify(fields) === untouched) copy.forget();
    else copy.keep(fields, { untouched });
  };
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
}

/** Restores what was half written; if the form changed since, only shows it. */
function offer(form, copy, untouched) {
  const kept = copy.read();
  if (!kept) return;
  if (JSON.stringify(kept.fields) === untouched) {
    copy.forget(); // it was saved
    return;
  }
  const same = kept.untouched === untouched;
  if (same) writeFields(form, kept.fields);
  const note = form.querySelector(same ? "[data-kept]" : "[data-kept-other]");
  if (!note) return;
  note.hidden = false;
  const place = note.querySelector("[data-kept-text]");
  if (place) place.textContent = longest(kept.fields);
}

function longest(fields) {
  const texts = Object.values(fields).map(String);
  return texts.reduce((one, other) => (other.length > one.length ? other : one), "");
}
