// Slack's own charts as SVG: lines, bars and areas over categories, and pies. Series differ in colour, dash and mark, so
// that no meaning hangs on colour alone; whoever hears the page gets the numbers.
import { el } from "./dom.js";

const WIDTH = 560, HEIGHT = 244, LEFT = 52, RIGHT = 12, TOP = 10, BOTTOM = 46;
const DASHES = ["", "6 3", "2 3", "8 3 2 3", "1 2", "10 4"];
const MARKS = [circle, square, diamond, triangle];

export function chart(block) {
  const { type } = block.chart;
  const drawing = type === "pie" ? pie(block.chart.segments) : overCategories(block.chart);
  drawing.setAttribute("role", "img");
  drawing.setAttribute("aria-label", `${block.title}. ${inWords(block.chart)}`);
  const names = type === "pie" ? block.chart.segments.map((each) => each.label) : block.chart.series.map((each) => each.name);
  const legend = el("ul", { class: "legend", "aria-hidden": "true" }, names.map((name, n) => el("li", {}, key(n, type), name)));
  return el("figure", { class: "chart" }, el("figcaption", {}, block.title), drawing, legend);
}

function inWords({ type, series, segments }) {
  if (type === "pie") return segments.map(({ label, value }) => `${label} ${value}`).join(", ");
  return series
    .map(({ name, data }) => `${name}: ${data[0].value} at ${data[0].label}, ${data.at(-1).value} at ${data.at(-1).label}`)
    .join("; ");
}

function overCategories({ type, series, axis_config: { categories, x_label, y_label } }) {
  const drawing = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}` });
  const values = series.flatMap((each) => each.data.map((point) => point.value));
  const scale = scaleFor(Math.min(...values, ...(type === "line" ? [] : [0])), Math.max(...values));
  const x = (n) => LEFT + ((n + 0.5) * (WIDTH - LEFT - RIGHT)) / categories.length;
  const y = (value) => HEIGHT - BOTTOM - ((value - scale.low) / (scale.high - scale.low)) * (HEIGHT - TOP - BOTTOM);
  drawing.append(...grid(scale, y), ...ticks(categories, x), ...axisNames(x_label, y_label));
  series.forEach((each, n) => {
    const byLabel = new Map(each.data.map((point) => [point.label, point.value]));
    const points = categories.map((label, place) => [x(place), y(byLabel.get(label))]);
    drawing.append(...(type === "bar" ? bars(points, n, series.length, y(scale.low)) : lines(points, n, type, y(scale.low))));
  });
  return drawing;
}

// Round numbers at or beyond both ends.
function scaleFor(least, most) {
  const span = most - least || Math.abs(most) || 1;
  const rough = span / 4, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough);
  const low = Math.floor(least / step) * step, high = Math.ceil(most / step) * step;
  return { low, high: high === low ? low + step : high, step };
}

function grid({ low, high, step }, y) {
  const count = Math.round((high - low) / step), digits = Math.max(0, -Math.floor(Math.log10(step)));
  return Array.from({ length: count + 1 }, (_, n) => low + n * step).flatMap((value) => [
    svg("line", { class: "grid", x1: LEFT, x2: WIDTH - RIGHT, y1: y(value), y2: y(value) }),
    label(value.toFixed(digits), LEFT - 6, y(value) + 4, "end"),
  ]);
}

// As many labels as have room; where the chart stands in a narrow place, every second of many goes.
function ticks(categories, x) {
  const every = Math.ceil(categories.length / 6), areMany = categories.length > 3;
  return categories.flatMap((name, n) => {
    if (n % every) return [];
    const tick = label(name, x(n), HEIGHT - BOTTOM + 20, "middle");
    if (areMany && (n / every) % 2) tick.setAttribute("class", "spare");
    return [tick];
  });
}

function axisNames(xName, yName) {
  const found = [];
  if (xName) found.push(label(xName, (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, "middle"));
  if (yName) {
    const name = label(yName, 0, 0, "middle");
    name.setAttribute("transform", `translate(12 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)`);
    found.push(name);
  }
  return found;
}

function lines(points, n, type, floor) {
  const path = points.map(([x, y], place) => `${place ? "L" : "M"}${x} ${y}`).join("");
  const found = [svg("path", { class: `line series-${n % 8}`, d: path, "stroke-dasharray": DASHES[n % DASHES.length] })];
  if (type === "area") {
    const area = `${path}L${points.at(-1)[0]} ${floor}L${points[0][0]} ${floor}Z`;
    found.unshift(svg("path", { class: `area series-${n % 8}`, d: area }));
  }
  return [...found, ...points.map(([x, y]) => mark(n, x, y))];
}

function bars(points, n, count, floor) {
  const room = ((WIDTH - LEFT - RIGHT) / points.length) * 0.8, width = room / count;
  return points.map(([x, y]) =>
    svg("rect", { class: `bar series-${n % 8}`, x: x - room / 2 + n * width, y, width, height: Math.max(0, floor - y) }),
  );
}

function pie(segments) {
  const drawing = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}` });
  const all = segments.reduce((sum, each) => sum + each.value, 0), radius = HEIGHT / 2 - 10;
  let turned = 0;
  segments.forEach(({ value }, n) => {
    const share = value / all;
    if (share === 1) drawing.append(svg("circle", { class: `bar series-${n % 8}`, cx: WIDTH / 2, cy: HEIGHT / 2, r: radius }));
    const [from, to] = [turned, (turned += share)].map((part) => place(part, radius));
    const path = `M${WIDTH / 2} ${HEIGHT / 2}L${from}A${radius} ${radius} 0 ${share > 0.5 ? 1 : 0} 1 ${to}Z`;
    drawing.append(svg("path", { class: `bar series-${n % 8}`, d: path }));
  });
  return drawing;
}

function place(part, radius) {
  const angle = 2 * Math.PI * part - Math.PI / 2;
  return `${WIDTH / 2 + radius * Math.cos(angle)} ${HEIGHT / 2 + radius * Math.sin(angle)}`;
}

function key(n, type) {
  const drawing = svg("svg", { viewBox: "0 0 28 12", class: "key" });
  if (type === "line" || type === "area") {
    drawing.append(svg("path", { class: `line series-${n % 8}`, d: "M0 6H28", "stroke-dasharray": DASHES[n % DASHES.length] }), mark(n, 14, 6));
  } else {
    drawing.append(svg("rect", { class: `bar series-${n % 8}`, x: 8, y: 0, width: 12, height: 12 }));
  }
  return drawing;
}

function mark(n, x, y) {
  const node = MARKS[n % MARKS.length](x, y);
  node.setAttribute("class", `mark series-${n % 8}`);
  return node;
}

function circle(x, y) {
  return svg("circle", { cx: x, cy: y, r: 3 });
}

function square(x, y) {
  return svg("rect", { x: x - 3, y: y - 3, width: 6, height: 6 });
}

function diamond(x, y) {
  return svg("path", { d: `M${x} ${y - 4}L${x + 4} ${y}L${x} ${y + 4}L${x - 4} ${y}Z` });
}

function triangle(x, y) {
  return svg("path", { d: `M${x} ${y - 4}L${x + 4} ${y + 3}L${x - 4} ${y + 3}Z` });
}

function label(words, x, y, anchor) {
  const node = svg("text", { x, y, "text-anchor": anchor });
  node.textContent = words;
  return node;
}

function svg(tag, attributes) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== "") node.setAttribute(name, value);
  return node;
}
