// Compares a file with the hash of a report, here in the browser: nothing of the file leaves it. Without Web Crypto, which browsers give
// to https pages only, the field stays hidden and the page's own words say how to compare by hand.
(() => {
  const box = document.querySelector("[data-sha256]");
  if (!box || !window.crypto?.subtle) return;
  const field = box.querySelector("input[type=file]");
  const answer = box.querySelector("[data-answer]");
  box.hidden = false;

  const hexOf = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const tell = (word, hash = "") => {
    const kind = { same: "success", other: "error", unread: "warning", busy: "info" }[word];
    answer.className = `usa-alert usa-alert--slim usa-alert--${kind}`;
    answer.querySelector("[data-said]").textContent = box.dataset[word];
    answer.querySelector("[data-hash]").textContent = hash;
    answer.hidden = false;
  };

  field.addEventListener("change", async () => {
    const file = field.files[0];
    answer.hidden = true;
    if (!file) return;
    tell("busy");
    try {
      const hash = hexOf(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
      if (file === field.files[0]) tell(hash === box.dataset.sha256 ? "same" : "other", hash);
    } catch {
      tell("unread");
    }
  });
})();
