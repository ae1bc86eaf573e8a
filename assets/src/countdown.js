// How long is left, where the server gives a limit: [data-countdown] holds the seconds as
// the page was made. At the end it presses [data-countdown-press]. It only shows and
// presses: what is in time, the server's clock decides.

const SPOKEN = [300, 60];

export function countDown(form) {
  const line = form.querySelector("[data-countdown]");
  const button = form.querySelector("[data-countdown-press]");
  if (!line) return;
  const end = Date.now() + Number(line.dataset.countdown) * 1000;
  const spoken = form.querySelector("[data-save-spoken]");
  const timer = setInterval(tick, 1000);

  function tick() {
    const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    line.textContent = left ? said(left) : line.dataset.wordOver;
    if (spoken && SPOKEN.includes(left)) spoken.textContent = line.textContent;
    if (left) return;
    clearInterval(timer);
    if (button) button.click();
  }

  function said(left) {
    const minutes = Math.floor(left / 60);
    return line.dataset.wordLeft.replace("{time}", `${minutes}:${String(left % 60).padStart(2, "0")}`);
  }

  tick();
}
