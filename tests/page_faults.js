// For tests/page_faults.py: sentences on what a person would find broken or confusing on the page as it is now.
() => {
  const faults = new Set();
  const tell = (element) => `${element.tagName.toLowerCase()}.${element.className?.baseVal ?? element.className}`;
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const rectsOf = (node, start, end) => {
    const range = document.createRange();
    range.setStart(node, start);
    range.setEnd(node, end);
    return [...range.getClientRects()].filter((rect) => rect.width > 0.5);
  };

  const underlined = (link) => isShown(link) && getComputedStyle(link).textDecorationLine.includes("underline");
  for (const link of document.querySelectorAll("a[href], .usa-button--unstyled")) {
    if (!underlined(link)) continue;
    const walker = document.createTreeWalker(link, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) if (walker.currentNode.parentElement.closest(".usa-sr-only") === null) texts.push(walker.currentNode);
    const said = texts.filter((text) => text.data.trim());
    if (!said.length) continue;
    const [first, last] = [said[0], said[said.length - 1]];
    const lead = first.data.length - first.data.trimStart().length, tail = last.data.trimEnd().length;
    const before = texts.slice(0, texts.indexOf(first)).some((text) => rectsOf(text, 0, text.length).length);
    const after = texts.slice(texts.indexOf(last) + 1).some((text) => rectsOf(text, 0, text.length).length);
    if (before || (lead && rectsOf(first, 0, lead).length) || after || (tail < last.length && rectsOf(last, tail, last.length).length))
      faults.add(`underlines a blank in the link "${link.textContent.trim().replace(/\s+/g, " ")}"`);
  }

  const nameOf = (element) => {
    const given = element.getAttribute("aria-label");
    if (given) return given;
    const by = element.getAttribute("aria-labelledby");
    if (by) return by.split(" ").map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
    return [...element.childNodes].map((node) =>
      node.nodeType === Node.TEXT_NODE ? node.data
      : node.nodeType !== Node.ELEMENT_NODE || node.getAttribute("aria-hidden") === "true" ? ""
      : node.tagName === "IMG" ? node.alt : nameOf(node)).join("");
  };
  const leads = (element) => {
    if (element.href) return element.href.replace(/#.*/, "") + (element.getAttribute("href").startsWith("#") ? element.hash : "");
    if (element.tagName === "SUMMARY") return `fold ${[...document.querySelectorAll("summary")].indexOf(element)}`;
    if (!element.form) return "";
    const values = [...new FormData(element.form)].filter(([, value]) => typeof value === "string");
    const hidden = [...element.form.querySelectorAll("input[type=hidden]")].map((field) => `${field.name}=${field.value}`);
    return `${element.formAction} ${element.name}=${element.value} ${hidden.join("&")}`;
  };
  const places = new Map(); // what a menu lies over is out of reach, and has no names meanwhile
  for (const element of document.querySelectorAll("main:not([inert]) :is(a[href], button, summary)")) {
    if (!isShown(element)) continue;
    const name = nameOf(element).trim().replace(/\s+/g, " ");
    const key = `${element.tagName === "A" ? "link" : element.tagName.toLowerCase()} "${name}"`;
    places.set(key, (places.get(key) ?? new Set()).add(leads(element)));
  }
  for (const [name, targets] of places) if (targets.size > 1) faults.add(`has ${targets.size} of the ${name}, each for something else`);

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement;
    if (!parent || !node.data.trim() || !isShown(parent) || parent.closest("thead")?.getBoundingClientRect().height < 3 || parent.closest(".hash, code, pre, .usa-sr-only, svg, textarea, option, script, style, template, .recovery-codes")) continue;
    for (const word of node.data.matchAll(/[\p{L}\p{N}]{2,22}(?![\p{L}\p{N}@._/-])/gu)) {
      if (word.index && /[\p{L}\p{N}@._/-]/u.test(node.data[word.index - 1])) continue;
      const rects = rectsOf(node, word.index, word.index + word[0].length);
      if (rects.length > 1 && Math.abs(rects[0].top - rects[rects.length - 1].top) > 4) faults.add(`breaks "${word[0]}" in ${tell(parent)}`);
    }
    const box = parent.getBoundingClientRect(), looks = getComputedStyle(parent);
    if (looks.overflowX === "hidden" && parent.scrollWidth > parent.clientWidth + 1 && box.width > 8) faults.add(`cuts "${node.data.trim().slice(0, 40)}" in ${tell(parent)}`);
    if (parent.matches("a, button, .usa-button") && looks.display !== "inline") {
      const lines = rectsOf(node, 0, node.length);
      const tops = new Set(lines.map((line) => Math.round(line.top)));
      if (tops.size > 1 && parseFloat(looks.lineHeight) < parseFloat(looks.fontSize) * 1.1) faults.add(`has lines too close in ${tell(parent)}`);
    }
  }
  for (const select of document.querySelectorAll("main :is(select, input:not([type=hidden], [type=radio], [type=checkbox])) + button")) {
    const field = select.previousElementSibling;
    if (!isShown(select) || !isShown(field)) continue;
    const one = field.getBoundingClientRect(), two = select.getBoundingClientRect();
    if (two.left >= one.right - 1 && Math.abs((one.top + one.bottom) / 2 - (two.top + two.bottom) / 2) > 3)
      faults.add(`has the button "${select.textContent.trim()}" ${Math.round((two.top + two.bottom - one.top - one.bottom) / 2)} px off its field`);
  }
  const boxes = "main :is(.panel, .usa-button:not(.usa-button--unstyled), .usa-alert, .estimate, .fold, details, form, p, ul, .row)";
  const hasEdge = (element) => element.matches(".panel, .usa-button, .usa-alert, .estimate");
  for (const element of document.querySelectorAll(boxes)) {
    const next = element.nextElementSibling;
    if (!next?.matches(boxes) || !isShown(element) || !isShown(next)) continue;
    const last = (e) => (hasEdge(e) || !e.lastElementChild ? e : last(e.lastElementChild));
    const first = (e) => (hasEdge(e) || !e.firstElementChild ? e : first(e.firstElementChild));
    const [above, below] = [last(element), first(next)];
    if (!hasEdge(above) && !hasEdge(below) || !isShown(above) || !isShown(below)) continue;
    const one = above.getBoundingClientRect(), two = below.getBoundingClientRect();
    const gap = two.top - one.bottom;
    if (one.height && two.height && gap > -6 && gap < 4 && one.left < two.right && two.left < one.right)
      faults.add(`has ${tell(above)} "${above.textContent.trim().slice(0, 25)}" touch ${tell(below)} "${below.textContent.trim().slice(0, 25)}"`);
  }
  return [...faults].map((fault) => fault.replace(/\s+/g, " "));
}
