// Chinese input methods: what stands in the field while a candidate is being chosen is
// not yet text, and the Enter that chooses it is not a command (WCAG technique SCR41).

/** Calls `settled` after every change that is text; returns a function: composing now? */
export function watchComposing(form, settled) {
  let composing = false;
  form.addEventListener("compositionstart", () => {
    composing = true;
  });
  form.addEventListener("compositionend", () => {
    composing = false;
    settled();
  });
  ["input", "change"].forEach((type) =>
    form.addEventListener(type, () => {
      if (!composing) settled();
    }),
  );
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.tagName === "INPUT" && isPicking(event)) {
      event.preventDefault();
    }
  });
  return () => composing;
}

/** Safari sends the Enter after compositionend, and marks it with key code 229. */
export function isPicking(event) {
  return event.isComposing || event.keyCode === 229;
}
