// Passkeys: a form with data-passkey asks that address what to sign, has the browser sign it, and is sent with the answer. Whatever the
// server refuses is said by the server: the form is sent without an answer then. Where the browser has no passkeys, the page says so itself.
(() => {
  const forms = document.querySelectorAll("form[data-passkey]");
  if (!window.PublicKeyCredential || !window.isSecureContext) return;

  const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const toText = (bytes) =>
    btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");

  const read = (options) => {
    options.challenge = toBytes(options.challenge);
    if (options.user) options.user.id = toBytes(options.user.id);
    for (const key of [...(options.excludeCredentials ?? []), ...(options.allowCredentials ?? [])]) key.id = toBytes(key.id);
    return { publicKey: options };
  };
  const write = ({ id, rawId, type, response }) => {
    const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
    const said = parts.filter((part) => response[part]).map((part) => [part, toText(response[part])]);
    return JSON.stringify({ id, rawId: toText(rawId), type, response: Object.fromEntries(said) });
  };

  const ask = async (form) => {
    const reply = await fetch(form.dataset.passkey, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    if (!reply.ok || reply.redirected) return "";
    const options = read(await reply.json());
    return write(await (options.publicKey.rp ? navigator.credentials.create(options) : navigator.credentials.get(options)));
  };

  for (const form of forms) {
    form.hidden = false;
    for (const other of document.querySelectorAll("[data-no-passkey]")) other.hidden = true;
    const said = form.querySelector("[data-said]");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      said.textContent = form.dataset.busy;
      try {
        form.elements.credential.value = await ask(form);
        form.submit();
      } catch (problem) {
        said.textContent = problem.name === "InvalidStateError" ? form.dataset.known : form.dataset.ended;
      }
    });
  }
})();
