// A grid of cells, such as marks: what was typed and not saved stays on this device, and
// is put back when the page comes again. On the form: data-keep-cells names the grid. On
// a cell: data-cell names it whatever place it has, data-stands is what the server has,
// data-seen the name of the field that says which revision was seen. That goes back with
// its cell, so that the server can tell what somebody else changed in between.

import { LocalCopy } from "./local-copy.js";

export function keepCells(form, user) {
  const copy = new LocalCopy(user, form.dataset.keepCells);
  const cells = Array.from(form.querySelectorAll("[data-stands]"));
  const put = restore(cells, copy.read());
  const keep = () => {
    const typed = cells.filter((cell) => !same(cell.value, cell.dataset.stands));
    const fields = typed.map((cell) => [cell.dataset.cell, told(cell)]);
    if (fields.length) copy.keep(Object.fromEntries(fields));
    else copy.forget();
  };
  form.addEventListener("input", keep);
  if (put.length) offer(form, put, keep);
  keep();
}

/** Puts back what is neither saved nor on the page again; the cells with what they had. */
function restore(cells, kept) {
  const put = [];
  cells.forEach((cell) => {
    const typed = kept && kept.fields[cell.dataset.cell];
    const untouched = same(cell.value, cell.dataset.stands);
    if (!typed || !untouched || same(typed.text, cell.dataset.stands)) return;
    const before = told(cell);
    tell(cell, typed);
    put.push(() => tell(cell, before));
  });
  return put;
}

/** Says that cells were put back, and takes them away again for whoever wants that. */
function offer(form, put, keep) {
  const note = form.querySelector("[data-kept-cells]");
  const words = note.querySelector("[data-kept-count]");
  words.textContent = words.dataset.word.replace("{count}", put.length);
  note.hidden = false;
  note.querySelector("[data-kept-drop]").addEventListener("click", () => {
    put.forEach((back) => back());
    note.hidden = true;
    keep();
  });
  form.dispatchEvent(new Event("input"));
}

const seen = (cell) => cell.form.elements.namedItem(cell.dataset.seen);

function told(cell) {
  return { text: cell.value, seen: seen(cell).value };
}

function tell(cell, { text, seen: revision }) {
  cell.value = text;
  seen(cell).value = revision;
}

/** Whether both say the same: 7.50 is 7.5, and full-width digits are digits. */
function same(one, other) {
  const [first, second] = [one, other].map((text) => text.normalize("NFKC").trim());
  if (first === second) return true;
  return first !== "" && second !== "" && Number(first) === Number(second);
}
