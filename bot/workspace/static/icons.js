// The few icons of the page, drawn with lines in the colour of the text around them.
const PATHS = {
  thread: "M4 4h12v9H9l-4 3v-3H4z",
  send: "M3 4l14 6-14 6 2.5-6zM5.5 10H12",
  lock: "M5 9h10v7H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  shortcuts: "M11 3L5 11h4l-1 6 6-8h-4z",
  menu: "M3 5h14M3 10h14M3 15h14",
};

export function icon(name) {
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 20 20", class: "icon", "aria-hidden": "true" })) drawing.setAttribute(key, value);
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  drawing.append(path);
  return drawing;
}
