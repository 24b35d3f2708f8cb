// Only where the line is cut: a page that says so, with what was typed into a form that could not be sent. No page of a city is kept here.
const PAGE = "/offline", KEPT = "cityready-offline", SECRET = /^(pass_phrase|again|current|one_time_code|secret)$/;
const safe = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt()};`);

addEventListener("install", (event) => event.waitUntil((async () => {
  const [page, cache] = [await fetch(PAGE + location.search), await caches.open(KEPT)];
  const styles = (await page.clone().text()).matchAll(/href="(\/static\/[^"]+\.css)"/g);
  await Promise.all([cache.put(PAGE, page), cache.addAll([...styles].map(([, address]) => address))]);
  await skipWaiting();
})()));

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate") event.respondWith(open(request));
  else if (request.destination === "style") event.respondWith(fetch(request).catch(() => caches.match(request)));
});

let beside = {}; // the texts of the last form with files, which its page tells before the form is sent
addEventListener("message", ({ data }) => { beside = data; });

async function open(request) {
  const isForm = request.headers.get("content-type")?.startsWith("application/x-www-form-urlencoded"); // files are large, and stay where they are
  const sent = isForm ? request.clone() : null;
  try {
    return await fetch(request);
  } catch (problem) {
    const page = await caches.match(PAGE);
    if (!page) throw problem;
    const isBeside = !sent && request.method === "POST" && beside.address === request.url.split("#")[0];
    const fields = sent ? [...new URLSearchParams(await sent.text())] : isBeside ? beside.texts : [];
    const html = await page.text();
    return new Response(fields.some(([name]) => SECRET.test(name)) ? html : withTyped(isBeside && beside.hasFiles ? html.replace("data-files hidden", "data-files") : html, request.url, fields), { status: 503, headers: page.headers });
  }
}

function withTyped(html, address, fields) {
  if (!fields.length) return html;
  const hidden = fields.map(([name, value]) => `<textarea name="${safe(name)}" hidden>\n${safe(value)}</textarea>`).join("");
  const shown = fields.filter(([, value]) => /\s/.test(value.trim()) || value.length > 20).map(([, value]) => `<p class="kept-text">${safe(value)}</p>`).join("");
  return html.replace("data-typed hidden", "").replace('action="/offline"', () => `action="${safe(address)}"`).replace("<!--fields-->", () => hidden + shown);
}
