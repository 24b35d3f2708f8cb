// Sends each chosen file by itself, with progress, pause, cancel and another try (tus protocol). Without this the form posts them all at once.
function sendFiles() {
  const form = document.getElementById("upload");
  if (!form || form.dataset.begun) return;
  form.dataset.begun = "yes";
  const inputs = [...form.querySelectorAll("input[type=file]")];
  const input = inputs[0];
  const queue = document.getElementById("queue");
  const drop = document.getElementById("drop");
  const total = form.querySelector(".evidence-total");
  const send = form.querySelector(".evidence-send .usa-button");
  const limit = Number(form.dataset.limit);
  const together = "together" in form.dataset; // all files go with one form at the end, instead of a form for each
  const atOnce = "atOnce" in form.dataset; // a file goes as soon as it is chosen, and what is asked about it comes after
  const said = (id, values = {}) =>
    Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), document.getElementById(`say-${id}`).content.textContent);
  let rows = [];
  let busy = false;

  const size = (bytes) => (bytes >= 1e6 ? `${(bytes / 1e6).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} MB` : `${Math.ceil(bytes / 1e3)} kB`);

  function add(file) {
    const element = document.getElementById("queue-row").content.firstElementChild.cloneNode(true);
    const part = (selector) => element.querySelector(selector);
    const row = { file, element, state: "waiting", sending: null, bar: part("progress"), words: part(".evidence-row__said"), act: (name) => part(`[data-act="${name}"]`) };
    part("bdi").textContent = file.name;
    part(".evidence-row__size").textContent = size(file.size);
    row.bar.setAttribute("aria-label", file.name);
    row.act("cancel").addEventListener("click", () => cancel(row));
    row.act("pause").addEventListener("click", () => pause(row));
    row.act("go-on").addEventListener("click", () => { mark(row, "waiting", said("waiting")); sendAll(); });
    row.act("again").addEventListener("click", () => { mark(row, "waiting", said("waiting")); sendAll(); });
    row.act("drop").addEventListener("click", () => { rows = rows.filter((other) => other !== row); element.remove(); (rows.length ? send : input).focus(); if (!busy && !together) finish(); });
    queue.append(element);
    rows.push(row);
    if (file.size > limit) refuse(row, said("large"));
    else mark(row, "waiting", said("waiting"));
  }

  // states: waiting, sending, paused, come (whole, waits for the form), kept, lost (may be tried again), refused (will not get better by trying)
  function mark(row, state, words) {
    row.state = state;
    row.element.dataset.state = state;
    if (words !== undefined) row.words.textContent = words;
    const under = { sending: ["pause", "cancel"], paused: ["go-on", "cancel"], lost: ["again", "drop"], waiting: ["drop"], refused: ["drop"], come: ["drop"], kept: [] }[state];
    for (const name of ["pause", "go-on", "cancel", "again", "drop"]) row.act(name).hidden = !under.includes(name);
    row.bar.hidden = !["sending", "paused"].includes(state);
  }

  // Looks as what the server says of a file that it did not take.
  function refuse(row, words) {
    const look = document.getElementById("refused").content.cloneNode(true);
    look.querySelector("span").textContent = words;
    mark(row, "refused");
    row.words.replaceChildren(look);
  }

  function fields(row) {
    const data = new FormData(form);
    data.delete("file");
    if (rows.length > 1) data.set("title", "");
    data.append("upload", row.sending.url.split("/").pop());
    data.append("upload_name", row.file.name);
    return data;
  }

  // The file goes in parts, each kept as it arrives: a cut line, a pause or a restart of the server costs one part at most, and the
  // same file chosen again goes on where it stopped. The form follows when the file has come whole.
  function sendOne(row) {
    return new Promise((done) => {
      row.leave = (state, words) => { mark(row, state, words); done(); };
      const progress = (sent, all) => {
        const percent = Math.floor((sent / all) * 100);
        row.bar.value = percent;
        if (row.state === "sending") row.words.textContent = percent < 100 ? said("sending", { percent }) : said("checking");
      };
      mark(row, "sending", said("sending", { percent: Math.floor(row.bar.value) }));
      row.sending ??= new tus.Upload(row.file, {
        endpoint: form.dataset.uploads,
        chunkSize: 2_000_000,
        retryDelays: [0, 1000, 3000, 5000, 10000, 20000, 30000],
        headers: { "HX-Request": "true" },
        metadata: { filename: row.file.name },
        removeFingerprintOnSuccess: true,
        onShouldRetry: (error) => { waiting(row); return navigator.onLine && !refused(error.originalResponse); },
        onProgress: progress,
        onError: (error) => stopped(row, error.originalResponse),
        onSuccess: () => (together ? row.leave("come", said("come")) : post(row)),
      });
      row.sending.findPreviousUploads().then((before) => {
        if (before.length && !row.sending.url) row.sending.resumeFromPreviousUpload(before[0]);
        row.sending.start();
      });
    });
  }

  const refused = (response) => response && response.getStatus() >= 400 && response.getStatus() < 500 && ![409, 423].includes(response.getStatus());

  // Before the next try: a file that was saved anew, moved or deleted since it was chosen cannot be read again, whatever the line does.
  function waiting(row) {
    if (row.state !== "sending") return;
    row.file.slice(0, 1).arrayBuffer().then(
      () => { if (row.state === "sending") row.words.textContent = said("trying"); },
      () => changed(row),
    );
  }

  function changed(row) {
    row.sending.abort();
    row.leave("refused");
    refuse(row, said("changed"));
  }

  // What the server said, if it was reached at all; else the line was cut, and the next try goes on from there.
  function stopped(row, response) {
    if (!response) return row.leave("lost", said("lost"));
    if (response.getStatus() === 422) {
      row.leave("refused");
      refuse(row, new DOMParser().parseFromString(response.getBody(), "text/html").body.textContent.trim());
    } else {
      row.leave("lost");
      row.words.innerHTML = response.getBody() || said("lost");
    }
  }

  function post(row) {
    row.words.textContent = said("checking");
    for (const name of ["pause", "cancel"]) row.act(name).hidden = true;
    fetch(form.action, { method: "POST", body: fields(row), headers: { "HX-Request": "true" } })
      .then(async (answer) => answered(row, answer.status, await answer.text()))
      .catch(() => mark(row, "lost", said("lost")))
      .finally(() => row.leave(row.state));
  }

  function pause(row) {
    row.sending.abort();
    row.leave("paused", said("paused"));
  }

  function cancel(row) {
    row.sending?.abort(true).catch(() => {});
    row.sending = null;
    row.bar.value = 0;
    row.leave("lost", said("cancelled"));
  }

  // 200: kept. 422: this file or form will not pass as it is. Anything else may pass later: signed out, storage away, overloaded.
  function answered(row, status, text) {
    mark(row, { 200: "kept", 422: "refused" }[status] ?? "lost");
    row.words.innerHTML = text;
    row.next = row.words.querySelector("[data-next]")?.dataset.next;
    if (row.state === "refused") row.act("again").hidden = false;
    if (status === 404) row.sending = null;
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
    if (together) return rows.every((row) => row.state === "come") ? sendForm() : tell(said("some-lost"));
    const kept = rows.filter((row) => row.state === "kept");
    if (kept.length && kept.length === rows.length) {
      location.assign((kept.find((row) => !row.next.includes("evidence-known")) ?? kept[0]).next);
    } else if (kept.length) {
      total.innerHTML = document.getElementById("say-some").innerHTML.replace("{count}", kept.length);
      total.hidden = false;
      total.focus();
      total.scrollIntoView({ block: "center" });
    }
  }

  function sendForm() {
    for (const row of rows) {
      const token = Object.assign(document.createElement("input"), { type: "hidden", name: "upload", value: row.sending.url.split("/").pop() });
      form.append(token);
    }
    form.submit();
  }

  function tell(words) {
    total.textContent = words;
    total.hidden = !words;
  }

  function take() {
    for (const chosen of inputs) { [...chosen.files].forEach(add); chosen.value = ""; }
    if (atOnce && rows.length) again();
  }
  const again = () => { rows.filter((row) => row.state === "lost").forEach((row) => mark(row, "waiting", said("waiting"))); sendAll(); };
  window.addEventListener("online", () => { if (rows.some((row) => row.state === "lost")) again(); });
  inputs.forEach((chosen) => chosen.addEventListener("change", take));
  take(); // what was chosen while this script was still on its way, or before the browser went back to this page
  form.addEventListener("submit", (event) => {
    if (together && !rows.length) return;
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
  const hint = drop.querySelector(".evidence-drop__hint");
  if (hint) hint.hidden = false;
}
sendFiles();
document.addEventListener("htmx:after:swap", sendFiles); // the form may come after the questions about the file before
