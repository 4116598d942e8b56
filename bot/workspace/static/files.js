// Files under a message: pictures are shown and open large, whatever else there is can be fetched.
import { el } from "./dom.js";

export function drawFiles(place, files) {
  const keys = files.map((file) => file.id).join();
  if (place.dataset.files === keys) return;
  place.dataset.files = keys;
  place.replaceChildren(...files.map(drawFile));
}

function drawFile(file) {
  const path = new URL(file.url_private).pathname;
  const isPicture = file.mimetype.startsWith("image/");
  const shown = isPicture ? el("img", { src: path, alt: file.alt_txt || file.title }) : file.name;
  return el("figure", { class: "file" }, el("figcaption", {}, file.title), el("a", { href: path, target: "_blank" }, shown));
}
