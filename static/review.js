// The reviewer's panel: one key to go on or to choose a verdict, and openings for the reason. It can be switched off
// on the page, since single keys get in the way of people who speak to their computer (WCAG 2.1.4).
(() => {
  const OFF = "cityready-keys-off";
  const on = document.querySelector("[data-keys-on]");
  const reason = document.getElementById("reason");
  const opening = document.getElementById("opening");

  on.checked = localStorage.getItem(OFF) === null;
  on.addEventListener("change", () => (on.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")));

  if (opening) opening.disabled = true;
  for (const button of document.querySelectorAll("[data-opening]")) {
    button.addEventListener("click", () => {
      if (!reason.value.includes(button.dataset.opening)) reason.value = button.dataset.opening + reason.value;
      reason.focus();
    });
  }

  const steps = { j: "next", ArrowRight: "next", k: "previous", ArrowLeft: "previous" };
  const types = (element) => element.closest("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])");

  document.addEventListener("keydown", (event) => {
    if (!on.checked || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || types(event.target)) return;
    if (event.key.startsWith("Arrow") && event.target.closest("input")) return;
    const step = document.querySelector(`[data-step="${steps[event.key]}"]`);
    const verdict = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    const button = document.querySelector(`[data-press="${CSS.escape(event.key)}"]`);
    if (step) step.click();
    if (button && !event.repeat) button.click();
    if (verdict) {
      event.preventDefault();
      verdict.checked = true;
      verdict.focus();
    }
  });
})();
