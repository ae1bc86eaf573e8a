// The fields of a form as a draft: no files, and nothing of the machinery.

const MACHINERY = ["csrf_token", "form_key", "counter", "user_id"];

/** {name: value}, with a list where a name has several values. */
export function readFields(form) {
  const fields = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== "string" || MACHINERY.includes(name)) continue;
    fields[name] = name in fields ? [].concat(fields[name], value) : value;
  }
  return fields;
}

/** The fields as the server sent them, whatever was typed before this script ran. */
export function sentFields(form) {
  const sent = form.cloneNode(true);
  sent.reset();
  return readFields(sent);
}

/** Puts a draft back into the form. */
export function writeFields(form, fields) {
  for (const control of draftControls(form)) {
    const wanted = fields[control.name];
    if (isTick(control)) {
      control.checked = wanted !== undefined && [].concat(wanted).includes(control.value);
    } else if (wanted !== undefined) {
      control.value = Array.isArray(wanted) ? wanted[0] : wanted;
    }
  }
}

/** Empties the form and closes it. */
export function clearFields(form) {
  for (const control of Array.from(form.elements)) {
    if (control.type === "hidden") continue;
    if (isTick(control)) control.checked = false;
    else if (control.tagName !== "BUTTON") control.value = "";
    control.disabled = true;
  }
}

/** What is sent to keep a draft. */
export function draftBody(form, fields) {
  const body = new FormData();
  for (const name of MACHINERY) {
    const input = form.elements.namedItem(name);
    if (input) body.append(name, input.value);
  }
  for (const [name, value] of Object.entries(fields)) {
    [].concat(value).forEach((one) => body.append(name, one));
  }
  return body;
}

function draftControls(form) {
  return Array.from(form.elements).filter(
    (control) =>
      control.name &&
      !["file", "submit", "button", "fieldset"].includes(control.type) &&
      !MACHINERY.includes(control.name),
  );
}

export function isTick(control) {
  return control.type === "checkbox" || control.type === "radio";
}
