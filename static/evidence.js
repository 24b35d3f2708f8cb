// Sends each chosen file in a request of its own, with progress, cancel and another try. Without this the form posts them all at once.
const form = document.getElementById("upload");
if (form) {
  const input = form.elements.file;
  const queue = document.getElementById("queue");
  const drop = document.getElementById("drop");
  const total = form.querySelector(".evidence-total");
  const send = form.querySelector(".evidence-send .usa-button");
  const limit = Number(form.dataset.limit);
  const said = (id, values = {}) =>
    Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), document.getElementById(`say-${id}`).content.textContent);
  let rows = [];
  let busy = false;

  const size = (bytes) => (bytes >= 1e6 ? `${(bytes / 1e6).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} MB` : `${Math.ceil(bytes / 1e3)} kB`);

  function add(file) {
    const element = document.getElementById("queue-row").content.firstElementChild.cloneNode(true);
    const part = (selector) => element.querySelector(selector);
    const row = { file, element, state: "waiting", request: null, bar: part("progress"), words: part(".evidence-row__said"), act: (name) => part(`[data-act="${name}"]`) };
    part("bdi").textContent = file.name;
    part(".evidence-row__size").textContent = size(file.size);
    row.bar.setAttribute("aria-label", file.name);
    row.act("cancel").addEventListener("click", () => row.request?.abort());
    row.act("again").addEventListener("click", () => { mark(row, "waiting", said("waiting")); sendAll(); });
    row.act("drop").addEventListener("click", () => { rows = rows.filter((other) => other !== row); element.remove(); (rows.length ? send : input).focus(); if (!busy) finish(); });
    queue.append(element);
    rows.push(row);
    if (file.size > limit) mark(row, "refused", said("large"));
    else mark(row, "waiting", said("waiting"));
  }

  // states: waiting, sending, kept, lost (may be tried again), refused (will not get better by trying)
  function mark(row, state, words) {
    row.state = state;
    row.element.dataset.state = state;
    if (words !== undefined) row.words.textContent = words;
    row.bar.hidden = state !== "sending";
    row.act("cancel").hidden = state !== "sending";
    row.act("again").hidden = state !== "lost";
    row.act("drop").hidden = state === "sending" || state === "kept";
  }

  function fields(row) {
    const data = new FormData(form);
    data.delete("file");
    if (rows.length > 1) data.set("title", "");
    data.append("file", row.file, row.file.name);
    return data;
  }

  function sendOne(row) {
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      row.request = request;
      row.bar.value = 0;
      mark(row, "sending", said("sending", { percent: 0 }));
      request.upload.addEventListener("progress", (event) => {
        const percent = event.lengthComputable ? Math.floor((event.loaded / event.total) * 100) : 0;
        row.bar.value = percent;
        row.words.textContent = percent < 100 ? said("sending", { percent }) : said("checking");
      });
      request.addEventListener("load", () => answered(row, request));
      request.addEventListener("error", () => mark(row, "lost", said("lost")));
      request.addEventListener("timeout", () => mark(row, "lost", said("lost")));
      request.addEventListener("abort", () => mark(row, "lost", said("cancelled")));
      request.addEventListener("loadend", done);
      request.open("POST", form.action);
      request.setRequestHeader("HX-Request", "true");
      request.timeout = 15 * 60 * 1000;
      request.send(fields(row));
    });
  }

  // 200: kept. 422: this file or form will not pass as it is. Anything else may pass later: signed out, storage away, overloaded.
  function answered(row, request) {
    mark(row, { 200: "kept", 422: "refused" }[request.status] ?? "lost");
    row.words.innerHTML = request.responseText;
    row.done = row.words.querySelector("[data-done]")?.dataset.done;
    if (row.state === "refused") row.act("again").hidden = false;
  }

  async function sendAll() {
    if (busy) return;
    busy = true;
    send.disabled = true;
    rows.find((row) => row.state === "waiting")?.element.scrollIntoView({ block: "center" });
    for (let row; (row = rows.find((one) => one.state === "waiting")); ) await sendOne(row);
    busy = false;
    send.disabled = false;
    finish();
  }

  function finish() {
    const kept = rows.filter((row) => row.state === "kept");
    if (kept.length && kept.length === rows.length) {
      location.assign(`${form.dataset.back}?done=${kept.every((row) => row.done === "evidence-known") ? "evidence-known" : "evidence-added"}`);
    } else if (kept.length) {
      tell(said("some"));
      rows.find((row) => row.state !== "kept").element.scrollIntoView({ block: "center" });
    }
  }

  function tell(words) {
    total.textContent = words;
    total.hidden = !words;
  }

  input.addEventListener("change", () => {
    [...input.files].forEach(add);
    input.value = "";
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    tell("");
    rows.filter((row) => row.state === "lost" || (row.state === "refused" && row.file.size <= limit)).forEach((row) => mark(row, "waiting", said("waiting")));
    if (rows.length) sendAll();
    else tell(said("none"));
  });
  for (const name of ["dragenter", "dragover"]) drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("evidence-drop--over"); });
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("evidence-drop--over"));
  drop.addEventListener("drop", (event) => { event.preventDefault(); [...event.dataTransfer.files].forEach(add); });
  window.addEventListener("beforeunload", (event) => { if (busy) event.preventDefault(); });
  drop.querySelector(".evidence-drop__hint").hidden = false;
}
