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
      Object.assign(box, { type: "button", className: "redact-box", title: page.dataset.remove, ariaLabel: `${page.dataset.remove} ${at + 1}` });
      box.addEventListener("click", () => { write(read().filter((_, other) => other !== at)); (page.querySelector("button") ?? list).focus(); });
      put(box, area);
      page.append(box);
    });
  };
  const point = (event) => {
    const frame = page.getBoundingClientRect();
    return [(event.clientX - frame.left) / frame.width, (event.clientY - frame.top) / frame.height].map((part) => Math.min(1, Math.max(0, part)) * 100);
  };
  const between = ([a, b], [c, d]) => [Math.min(a, c), Math.min(b, d), Math.abs(a - c), Math.abs(b - d)].map((part) => Number(part.toFixed(1)));
  const sketch = document.createElement("span");
  sketch.className = "redact-box redact-box--drawn";
  sketch.hidden = true;
  page.append(sketch);
  let corner = null;
  const draw = (area) => { put(sketch, area); sketch.hidden = false; };
  const end = (event) => {
    const area = between(corner, point(event));
    corner = null;
    sketch.hidden = true;
    if (area[2] > .4 && area[3] > .4) write([...read(), area]);
  };
  const on = (kind, act, byTouch) => page.addEventListener(kind, (event) => {
    if (byTouch === (event.pointerType === "touch") && !event.target.closest("button")) act(event);
  });
  on("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    page.setPointerCapture(event.pointerId);
    corner = point(event);
  }, false);
  on("pointermove", (event) => { if (corner) draw(between(corner, point(event))); }, false);
  on("pointerup", (event) => { if (corner) end(event); }, false);
  on("click", (event) => {
    if (corner) return end(event);
    corner = point(event);
    draw([corner[0] - 1, corner[1] - 1, 2, 2]);
  }, true);
  list.addEventListener("input", show);
  show();
}
