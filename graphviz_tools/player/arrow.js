// @ts-check
/** One arrow of the picture: lit while a gradient moves along it, as wide as the gradient is large, with its text. */

import { s } from "./svg.js";
import { at } from "./tracks.js";
import { cut } from "./vertex.js";

const BESIDE = 7; // units between an arrow and its text
const SAMPLES = 16;

/**
 * @param {SVGGElement} group
 * @param {ReturnType<typeof placeOfLabel>} place of its text; null for none
 * @param {import("./payload").ShownArrow} arrow
 */
export function drawnArrow(group, place, arrow) {
  group.classList.add("arrow");
  group.querySelector("text")?.remove();
  const label = place && s("text", { class: "gradient-label", x: place.x, y: place.y, "text-anchor": place.anchor });
  if (label) group.append(label);
  const title = label ? s("title", {}) : null;
  if (title) group.prepend(title);
  let shown = "";

  /** @param {number} step @param {boolean} lit */
  function show(step, lit) {
    group.classList.toggle("lit", lit);
    group.dataset.built = String((arrow.built_at ?? 0) <= step);
    group.style.setProperty("--weight", String(at(arrow.weight, step, 0)));
    const text = at(arrow.label, step, "");
    if (!label || !title || text === shown) return;
    label.textContent = cut(text);
    title.textContent = shown = text;
  }

  return { show };
}

/** The text stands beside the arrow, in the room that the layout kept for it, else at the arrow's middle. */
export function placeOfLabel(/** @type {SVGGElement} */ group) {
  const room = group.querySelector("text");
  const path = /** @type {SVGPathElement | null} */ (group.querySelector("path"));
  if (!path) return null;
  const length = path.getTotalLength();
  const points = Array.from({ length: SAMPLES + 1 }, (_, i) => path.getPointAtLength((length * i) / SAMPLES));
  const wanted = room ? { x: Number(room.getAttribute("x")), y: Number(room.getAttribute("y")) } : null;
  return besideArrow(points, wanted);
}

/**
 * Where a text stands: beside the point of the arrow at the height of the room, on the room's side. Without a
 * room beside the middle, outside of the arrow's lean.
 * @param {Array<{x: number, y: number}>} points along the arrow
 * @param {{x: number, y: number} | null} room the middle of the text's baseline
 */
export function besideArrow(points, room) {
  const middle = points[points.length >> 1];
  const isLeft = room ? false : points[points.length - 1].x < points[0].x - 8;
  if (!room) return { x: middle.x + (isLeft ? -BESIDE : BESIDE), y: middle.y + 4, anchor: isLeft ? "end" : "start" };
  const height = room.y - 4;
  const far = (/** @type {{x: number, y: number}} */ point) => Math.abs(point.y - height) * 4 + Math.abs(point.x - room.x);
  const nearest = points.reduce((best, point) => (far(point) < far(best) ? point : best));
  const onLeft = room.x < nearest.x;
  return { x: nearest.x + (onLeft ? -BESIDE : BESIDE), y: room.y, anchor: onLeft ? "end" : "start" };
}
