// Saves the narrative as it is typed: one request at a time, always with the version that the last answer brought, so that a quick
// typist never collides with himself. When the line is down, the text stays and is sent again.
const form = document.querySelector("[data-autosave]");
if (form) {
  const text = form.querySelector("textarea");
  const status = document.querySelector("#narrative-status");
  const words = (id) => document.querySelector(id).content.textContent;
  let unsaved = text.value !== text.defaultValue, busy = false, timer = 0; // typed before this script came

  const later = (milliseconds) => { clearTimeout(timer); timer = setTimeout(save, milliseconds); };
  const save = () => {
    if (!unsaved || busy) return;
    unsaved = false;
    htmx.trigger(form, "save");
  };

  text.addEventListener("input", () => { unsaved = true; later(1000); });
  text.addEventListener("blur", save);
  form.addEventListener("htmx:before:request", () => { busy = true; status.textContent = words("#words-saving"); });
  form.addEventListener("htmx:finally:request", () => { busy = false; if (unsaved) later(500); });
  form.addEventListener("htmx:error", () => { unsaved = true; status.textContent = words("#words-offline"); later(5000); });
  form.addEventListener("submit", () => { unsaved = busy = false; clearTimeout(timer); });
  window.addEventListener("online", save);
  if (unsaved) later(1000);
  window.addEventListener("beforeunload", (event) => { if (unsaved || busy) event.preventDefault(); });
}
