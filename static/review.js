// The reviewer's panel: one key to go on, to choose a verdict, or to see another piece or page, and openings for the reason.
const reason = document.getElementById("reason");
const opening = document.getElementById("opening");
if (opening) opening.disabled = true;
for (const button of document.querySelectorAll("[data-opening]")) {
  button.addEventListener("click", () => {
    if (!reason.value.includes(button.dataset.opening)) reason.value = button.dataset.opening + reason.value;
    reason.focus();
  });
}

const steps = {
  j: "next", ArrowRight: "next", k: "previous", ArrowLeft: "previous", e: "piece-on", w: "piece-back", d: "page-on", u: "page-back",
};
addEventListener("keydown", (event) => {
  if (!isKey(event) || (event.key.startsWith("Arrow") && event.target.closest("input"))) return;
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
// The address follows what is open, so that a page that is loaded again shows it again.
addEventListener("htmx:after:swap", () => {
  const here = document.getElementById("look")?.dataset.here;
  if (here) history.replaceState(null, "", here);
});
