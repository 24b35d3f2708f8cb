// The table of assignments by keyboard: Enter goes to the same column of the next row, Shift+Enter back, Ctrl+Enter saves.
const form = document.querySelector("[data-rows]");
form?.addEventListener("keydown", (event) => {
  const column = event.target.dataset.column;
  const saves = event.ctrlKey || event.metaKey;
  if (event.key !== "Enter" || !(column || saves)) return;
  event.preventDefault();
  if (saves) return form.requestSubmit();
  const cells = [...form.querySelectorAll(`[data-column="${column}"]`)].filter((cell) => cell.checkVisibility());
  cells[cells.indexOf(event.target) + (event.shiftKey ? -1 : 1)]?.focus();
});
