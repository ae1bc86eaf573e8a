// "512 characters, 88 to go" under each counted text area.

import { countCharacters } from "./characters.js";

export function showLengths(form) {
  form.querySelectorAll("[data-counted]").forEach((area) => {
    const line = document.querySelector(`#${CSS.escape(area.id)}-count [data-count]`);
    if (!line) return;
    const count = countCharacters(area.value);
    const missing = Number(line.dataset.minimum) - count;
    const words = missing > 0 ? line.dataset.wordShort : line.dataset.wordEnough;
    line.textContent = words.replace("{count}", count).replace("{missing}", missing);
  });
}
