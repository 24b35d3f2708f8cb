// What pages gain when JavaScript is there; each works without.
document.documentElement.classList.add("js");

// Without a line its worker shows what was typed. Where a browser has none, or not for this address, all stays as it is.
navigator.serviceWorker?.register(`/service-worker.js?${document.documentElement.lang}`).catch(() => {});
// Files stay behind there; the texts of a form with files come to it from here.
addEventListener("submit", ({ target, submitter }) => {
  if (target.enctype !== "multipart/form-data") return;
  const fields = [...new FormData(target, submitter)];
  const texts = fields.filter(([, value]) => typeof value === "string");
  const address = new URL(target.getAttribute("action"), location.href).href.split("#")[0];
  navigator.serviceWorker?.controller?.postMessage({ address, texts, hasFiles: fields.some(([, value]) => value.size) });
});

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    const copied = document.getElementById(button.dataset.copy);
    if (!navigator.clipboard) { copied.select?.(); return document.execCommand("copy"); }
    await navigator.clipboard.writeText(copied.value ?? copied.textContent);
    button.parentElement.querySelector("[data-copied]").hidden = false;
  });
}
// Single keys, which can be switched off in the list of them, since they get in the way of people who speak to their computer (WCAG 2.1.4).
const KEYS_OFF = "cityready-keys-off";
const keys = document.getElementById("keys");
const keysOn = document.querySelector("[data-keys-on]");
if (keysOn) {
  keysOn.checked = localStorage.getItem(KEYS_OFF) === null;
  keysOn.addEventListener("change", () => (keysOn.checked ? localStorage.removeItem(KEYS_OFF) : localStorage.setItem(KEYS_OFF, "1")));
}
document.querySelector("[data-show-keys]")?.addEventListener("click", () => keys.showModal());
const isKey = (event) => keysOn?.checked && !keys.open && !(event.ctrlKey || event.metaKey || event.altKey || event.isComposing)
  && !event.target.closest?.("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])");
// The slash goes to the search box, and the question mark shows the keys.
addEventListener("keydown", (event) => {
  const box = document.getElementById("site-search");
  if (!isKey(event) || !["/", "?"].includes(event.key)) return;
  event.preventDefault();
  if (event.key === "?") return keys.showModal();
  (box.offsetParent ? box : document.getElementById("search-again") ?? box).focus();
  box.select();
});
// A list that was narrowed while typing is in the address too, for coming back to it.
document.addEventListener("htmx:after:swap", () => {
  const list = document.querySelector("form[data-list]");
  if (list) history.replaceState(null, "", `?${new URLSearchParams(new FormData(list))}`);
});
// What was done is spoken: a screen reader does not speak what stands on the page already when it opens.
const told = document.querySelector("[data-done]");
if (told) setTimeout(() => { document.getElementById("said").textContent = told.textContent; }, 200);
// The keyboard goes on from what a form acted on, or from what the form still needs; a browser does neither where the address tells a place.
addEventListener("load", () => {
  const place = document.getElementById("problems") ?? (told && document.getElementById(location.hash.slice(1)));
  if (!place) return;
  if (!place.matches("a, button, input, select, textarea, summary")) place.tabIndex = -1;
  place.focus({ preventScroll: location.hash !== "" });
  if (place.id === "problems" && location.hash) document.querySelector("main .usa-error-message")?.scrollIntoView({ block: "center" });
});
// What was done lies over the page until a person goes on.
for (const moves of ["wheel", "touchmove"]) {
  addEventListener(moves, () => document.getElementById("main").classList.add("is-moved"), { once: true, passive: true });
}

// A link to something in a closed fold opens it. Newer browsers do that by themselves.
const unfold = () => {
  const target = document.getElementById(location.hash.slice(1));
  const fold = target?.closest("details");
  if (!fold || fold.open) return;
  fold.open = true;
  target.scrollIntoView();
};
addEventListener("hashchange", unfold);
unfold();

// While the menu is open on a phone nothing behind it can be reached.
const menu = document.querySelector(".usa-nav");
if (menu) new MutationObserver(() => {
  for (const part of document.querySelectorAll("body > :not(.usa-header)")) part.inert = menu.classList.contains("is-visible");
}).observe(menu, { attributeFilter: ["class"] });

// The language is switched with everything typed, and at the same place of the page; secrets and files stay behind.
const SWITCHED = "cityready-switched";
const pageOf = (address) => {
  const { pathname, searchParams } = new URL(address, location.href);
  ["done", "undo", "ticked"].forEach((name) => searchParams.delete(name));
  return `${pathname}?${searchParams}`;
};
const typedFields = () => {
  const seen = {};
  return [...document.querySelectorAll("main :is(input, textarea, select)[name]")]
    .filter((field) => !["hidden", "password", "file"].includes(field.type))
    .map((field) => [`${field.name} ${seen[field.name] = (seen[field.name] ?? 0) + 1}`, field]);
};
const isTicked = (field) => field.type === "checkbox" || field.type === "radio";
const languages = document.getElementById("languages");
languages?.addEventListener("submit", () => {
  const values = typedFields().map(([name, field]) => [name, isTicked(field) ? field.checked : field.value]);
  const folds = [...document.querySelectorAll("main details")].map((fold) => fold.open);
  const kept = { page: pageOf(new URL(languages.action).searchParams.get("page")), values, folds, top: scrollY, hash: location.hash };
  sessionStorage.setItem(SWITCHED, JSON.stringify(kept));
});
addEventListener("load", () => {
  const kept = JSON.parse(sessionStorage.getItem(SWITCHED) ?? "null");
  sessionStorage.removeItem(SWITCHED);
  if (kept?.page !== pageOf(location.href)) return;
  const values = new Map(kept.values);
  document.querySelectorAll("main details").forEach((fold, place) => { fold.open = kept.folds[place] ?? fold.open; });
  for (const [name, field] of typedFields()) {
    const value = values.get(name);
    if (isTicked(field)) field.checked = value ?? field.checked;
    else if (value !== undefined && field.value !== value) {
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
  if (kept.hash) history.replaceState(null, "", kept.hash);
  scrollTo(0, kept.top);
});
