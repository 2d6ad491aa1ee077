// @ts-check
/** The signs on buttons, drawn: not every font has arrows with bars, and some draw ▶ as a picture. */

import { s } from "./svg.js";

const LINES = {
  first: "M3.5 3v10M13 8H6.5M9.5 4.5 6 8l3.5 3.5",
  back: "M13 8H3.5M7 4 3 8l4 4",
  next: "M3 8h9.5M9 4l4 4-4 4",
  last: "M12.5 3v10M3 8h6.5M6.5 4.5 10 8l-3.5 3.5",
  zoom_in: "M8 3v10M3 8h10",
  zoom_out: "M3 8h10",
  fit: "M9.5 2.5h4v4M6.5 13.5h-4v-4M13 3 9.5 6.5M3 13l3.5-3.5",
  search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.2 10.2l3.8 3.8",
  play: "M4.5 2.5v11l9-5.5z",
  pause: "M3.5 2.5h3v11h-3zM9.5 2.5h3v11h-3z",
};

/** @param {keyof typeof LINES} name */
export function icon(name) {
  const drawn = s("svg", { class: `icon icon-${name}`, viewBox: "0 0 16 16", "aria-hidden": "true" });
  drawn.append(s("path", { d: LINES[name] }));
  return drawn;
}
