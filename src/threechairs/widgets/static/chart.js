// One chart for all cards that need one: points and lines on two axes, drawn by hand as SVG. The picture has a sentence
// as its text alternative, a legend whose entries differ by shape, and all its numbers below 'The same as a table'.

const CHART = { width: 600, height: 430, left: 46, right: 18, top: 34, bottom: 50 };
const TICK_STEPS = [1, 2, 5, 10];

/** An SVG element. */
function s(tag, props, ...children) {
  const made = document.createElementNS(SVG_NS, tag);
  for (const [name, value] of Object.entries(props ?? {})) made.setAttribute(name, String(value));
  made.append(...children.flat(Infinity).filter(Boolean));
  return made;
}

/** Round numbers from `min` to `max`, about `wanted` of them. */
function ticks(min, max, wanted = 6) {
  const rough = (max - min || 1) / wanted;
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = (TICK_STEPS.find((one) => one * size >= rough) ?? 10) * size;
  const count = Math.floor((max - min) / step + 1e-9);
  return Array.from({ length: count + 1 }, (_, at) => Number((Math.ceil(min / step) * step + at * step).toPrecision(12)));
}

/** How a layer's points look. Each has a shape of its own, so that no colour has to be told apart. */
function shapeAt(shape, x, y) {
  if (shape === "dot") return s("circle", { cx: x, cy: y, r: 3.4 });
  if (shape === "ring") return s("circle", { cx: x, cy: y, r: 8, class: "tc-hollow" });
  if (shape === "cross") return s("path", { d: `M${x - 3.5} ${y - 3.5}l7 7m0-7l-7 7`, class: "tc-hollow" });
  if (shape === "square") return s("rect", { x: x - 4.5, y: y - 4.5, width: 9, height: 9 });
  return s("path", { d: `M${x} ${y - 8.5}l8.5 8.5-8.5 8.5-8.5-8.5z` }); // diamond
}

/** A text that can be read on top of points and lines; it stays inside the picture. */
function chartLabel(text, x, y, props) {
  return s("text", { x, y, class: "tc-on-top", ...props }, document.createTextNode(text));
}

function axes({ x, y }, atX, atY) {
  const { width, height, left, right, top, bottom } = CHART;
  const floor = height - bottom;
  const marks = [
    ...ticks(x.min, x.max).map((value) => [
      s("path", { d: `M${atX(value)} ${top}V${floor}`, class: "tc-grid" }),
      s("text", { x: atX(value), y: floor + 18, "text-anchor": "middle" }, document.createTextNode(String(value))),
    ]),
    ...ticks(y.min, y.max).map((value) => [
      s("path", { d: `M${left} ${atY(value)}H${width - right}`, class: "tc-grid" }),
      s("text", { x: left - 8, y: atY(value) + 5, "text-anchor": "end" }, document.createTextNode(String(value))),
    ]),
  ];
  const names = [
    s("text", { x: width - right, y: height - 8, "text-anchor": "end", class: "tc-axis" }, document.createTextNode(`${x.label} →`)),
    s("text", { x: 4, y: 16, class: "tc-axis" }, document.createTextNode(`↑ ${y.label}`)),
  ];
  return [marks, s("path", { d: `M${left} ${top}V${floor}H${width - right}`, class: "tc-axes" }), names];
}

/** A line across the picture at one value of one axis. */
function guideLine({ axis, at }, atX, atY) {
  const { width, height, left, right, top, bottom } = CHART;
  const d = axis === "x" ? `M${atX(at)} ${top}V${height - bottom}` : `M${left} ${atY(at)}H${width - right}`;
  return s("path", { d, class: "tc-guide" });
}

function guideName({ axis, at, label }, atX, atY) {
  const { left, top } = CHART;
  return axis === "x" ? chartLabel(label, atX(at) + 5, top + 12, {}) : chartLabel(label, left + 6, atY(at) - 6, {});
}

function layerMarks({ shape, points, className, label }, atX, atY) {
  const props = { class: `tc-layer ${className ?? ""}` };
  const places = points.map(([x, y]) => [atX(x), atY(y)]);
  if (shape === "line") return s("g", props, s("path", { d: `M${places.map((place) => place.join(" ")).join("L")}`, class: "tc-hollow" }));
  const marks = places.map(([x, y]) => shapeAt(shape, x, y));
  const [x, y] = places[0] ?? [];
  const isRight = x > CHART.width * 0.6;
  const isHigh = y < CHART.top + 20; // above it stands the name of the axis
  const name = label && places.length
    ? chartLabel(label, isRight ? x - 13 : x + 13, isHigh ? y + 18 : y - 9, { "text-anchor": isRight ? "end" : "start", "font-weight": 650 })
    : null;
  return s("g", props, marks, name);
}

function legend(layers) {
  const rows = layers.filter((layer) => layer.name).map(({ shape, className, name }) => {
    const mark = shape === "line" ? s("path", { d: "M1 11H21", class: "tc-hollow" }) : shapeAt(shape, 11, 11);
    const picture = s("svg", { viewBox: "0 0 22 22", "aria-hidden": "true", focusable: "false" }, s("g", { class: `tc-layer ${className ?? ""}` }, mark));
    return h("li", {}, picture, h("span", {}, name));
  });
  return h("ul", { class: "tc-legend-list", "aria-label": "Signs in the chart" }, rows);
}

function numbersTable({ head, rows }, name, key) {
  const cell = (value) => h("td", { class: typeof value === "number" ? "tc-number" : "" }, String(value));
  const table = h("table", {},
    h("thead", {}, h("tr", {}, head.map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", {}, rows.map((row) => h("tr", {}, row.map(cell)))));
  return h("div", { class: "tc-scroll", tabindex: "0", role: "group", "aria-label": `${name}, as a table`, key: `${key}:table` }, table);
}

/** Draw a chart.
    `x`, `y`: { label, min, max }. `layers`, from back to front: { name, shape, points: [[x, y]], className, label }, where
    shape is dot, ring, cross, square, diamond or line and `label` stands beside the first point. `guides`: { axis, at,
    label }. `table`: { head, rows }. `memory` keeps, from one drawing to the next, whether the table is open. */
function drawChart({ key, title, sentence, x, y, layers, guides = [], table, memory = {} }) {
  const { width, height, left, right, top, bottom } = CHART;
  const atX = (value) => left + ((value - x.min) / (x.max - x.min || 1)) * (width - left - right);
  const atY = (value) => height - bottom - ((value - y.min) / (y.max - y.min || 1)) * (height - top - bottom);
  const picture = s("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `${title}. ${sentence}` },
    axes({ x, y }, atX, atY),
    guides.map((guide) => guideLine(guide, atX, atY)),
    layers.map((layer) => layerMarks(layer, atX, atY)),
    guides.map((guide) => guideName(guide, atX, atY)));
  const details = h("details", { open: memory.open, ontoggle: (event) => { memory.open = event.target.open; } },
    h("summary", { key: `${key}:summary` }, "The same as a table"), numbersTable(table, title, key));
  return h("figure", { class: "tc-chart" },
    h("figcaption", {}, title), picture, legend(layers), h("p", { class: "tc-chart-words" }, sentence), details);
}
