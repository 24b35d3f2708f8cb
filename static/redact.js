// Draws boxes on the pictures of pages. What counts are the numbers below each picture, which work without this script.
for (const page of document.querySelectorAll("[data-areas]")) {
  const list = document.getElementById(page.dataset.areas);
  const read = () => list.value.split("\n").map((line) => line.trim().split(/[ ,;]+/).map(Number)).filter((area) => area.length === 4 && !area.some(isNaN));
  const write = (areas) => { list.value = areas.map((area) => area.join(" ")).join("\n"); show(); };
  const put = (box, area) => ["left", "top", "width", "height"].forEach((side, at) => { box.style[side] = `${area[at]}%`; });
  const show = () => {
    page.querySelectorAll("button").forEach((box) => box.remove());
    read().forEach((area, at) => {
      const box = document.createElement("button");
      Object.assign(box, { type: "button", className: "redact-box", title: page.dataset.remove });
      box.setAttribute("aria-label", `${page.dataset.remove} ${at + 1}`);
      box.addEventListener("click", () => { write(read().filter((_, other) => other !== at)); (page.querySelector("button") ?? list).focus(); });
      put(box, area);
      page.append(box);
    });
  };
  const point = (event) => {
    const frame = page.getBoundingClientRect();
    return [(event.clientX - frame.left) / frame.width, (event.clientY - frame.top) / frame.height].map((part) => Math.min(100, Math.max(0, part * 100)));
  };
  const between = (a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.abs(a[0] - b[0]), Math.abs(a[1] - b[1])].map((number) => Number(number.toFixed(1)));
  const sketch = Object.assign(document.createElement("span"), { className: "redact-box redact-box--drawn", hidden: true });
  page.append(sketch);
  let corner = null;
  const draw = (event) => { put(sketch, between(corner, point(event))); sketch.hidden = false; };
  const end = (event) => {
    const area = between(corner, point(event));
    corner = null;
    sketch.hidden = true;
    if (area[2] > .4 && area[3] > .4) write([...read(), area]);
  };
  page.addEventListener("pointerdown", (event) => {
    if (event.target.closest("button") || event.button) return;
    if (event.pointerType === "touch") return;
    event.preventDefault();
    page.setPointerCapture(event.pointerId);
    corner = point(event);
  });
  page.addEventListener("pointermove", (event) => { if (corner && event.pointerType !== "touch") draw(event); });
  page.addEventListener("pointerup", (event) => { if (corner && event.pointerType !== "touch") end(event); });
  page.addEventListener("click", (event) => {
    if (event.pointerType !== "touch" || event.target.closest("button")) return;
    if (corner) end(event);
    else { corner = point(event); put(sketch, [corner[0] - 1, corner[1] - 1, 2, 2]); sketch.hidden = false; }
  });
  list.addEventListener("input", show);
  show();
}
