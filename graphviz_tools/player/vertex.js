// @ts-check
/** One vertex of the picture: its state, its badge, and what it says to those who do not see it. */

import { s } from "./svg.js";
import { at } from "./tracks.js";

const MAX_BADGE = 22; // characters of a badge or an arrow's label before it is cut
const INSET = 4; // units between a text and its box
const SIGN_PX = 9; // radius of the sign of failure

/**
 * @param {SVGGElement} group
 * @param {DOMRect} box what it covers
 * @param {import("./payload").ShownVertex} vertex
 * @param {Map<string, string>} words the word for each state
 */
export function drawnVertex(group, box, vertex, words) {
  group.classList.add("vertex");
  group.dataset.nodeId = group.id;
  group.dataset.kind = vertex.kind;
  group.setAttribute("tabindex", "-1");
  group.setAttribute("role", "button");
  const texts = [...group.querySelectorAll("text")];
  const last = texts[texts.length - 1];
  const badge = last && last.textContent?.trim() === "·" ? last : null;
  const title = s("title", {});
  const fault = faultOf(group, box);
  group.prepend(title);
  badge?.classList.add("badge");
  const shown = { state: "", text: "", isNew: true };

  /** @param {number} step */
  function show(step) {
    const state = at(vertex.states, step, "waiting");
    const text = badge ? at(vertex.badge, step, "·") : "";
    const built = String((vertex.built_at ?? 0) <= step);
    if (group.dataset.built !== built) group.dataset.built = built;
    if (state === shown.state && text === shown.text) return;
    if (badge && text !== shown.text) badge.textContent = cut(text);
    if (state !== shown.state) showState(state);
    if (text !== shown.text && !shown.isNew) flash(group);
    Object.assign(shown, { state, text, isNew: false });
    const known = text && text !== "·" ? `${vertex.title}, ${text}` : vertex.title;
    title.textContent = known;
    group.setAttribute("aria-label", words.has(state) ? `${known} (${words.get(state)})` : known);
  }

  function showState(/** @type {string} */ state) {
    group.dataset.state = state;
    if (state === "failed") group.append(fault.sign);
    else fault.sign.remove();
    if (state === "failed") fault.shape?.after(fault.hatch);
    else fault.hatch.remove();
  }

  return { group, box, show };
}

/**
 * The texts that the reader's font makes wider than the box that was laid out for them, each with its room.
 * @param {SVGGElement} group
 * @returns {[SVGTextElement, number][]}
 */
export function tooWide(group) {
  const shape = /** @type {SVGGraphicsElement | null} */ (group.querySelector("path, polygon, ellipse"));
  if (!shape) return [];
  const room = shape.getBBox().width - 2 * INSET;
  return [...group.querySelectorAll("text")].filter((text) => text.getComputedTextLength() > room).map((text) => [text, room]);
}

/** @param {SVGTextElement} text @param {number} room */
export function squeeze(text, room) {
  text.setAttribute("textLength", String(room));
  text.setAttribute("lengthAdjust", "spacingAndGlyphs");
}

/** A hatch over the first shape and a ✕ at its corner: failure is told by more than its colour. */
function faultOf(/** @type {SVGGElement} */ group, /** @type {DOMRect} */ box) {
  const shape = group.querySelector("path, polygon, ellipse");
  const hatch = /** @type {SVGElement} */ (shape ? shape.cloneNode() : s("g", {}));
  hatch.classList.add("hatch");
  hatch.style.fill = "url(#backstep-hatch)";
  const [x, y] = [box.x + box.width, box.y];
  const sign = s("g", { class: "sign-of-failure" });
  const cross = s("text", { x, y: y + 4, "text-anchor": "middle", "font-size": 12.5 });
  cross.textContent = "✕";
  sign.append(s("circle", { cx: x, cy: y, r: SIGN_PX }), cross);
  return { shape, hatch, sign };
}

/** The lines that `hatch` is filled with. @returns {SVGElement} */
export function hatchPattern() {
  const pattern = s("pattern", { id: "backstep-hatch", width: 8, height: 8, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" });
  pattern.append(s("rect", { class: "hatch-line", width: 2, height: 8 }));
  const definitions = s("defs", {});
  definitions.append(pattern);
  return definitions;
}

/** @param {Element} element lit for a moment, because it changed */
function flash(element) {
  element.classList.remove("changed");
  requestAnimationFrame(() => element.classList.add("changed"));
}

/** @param {string} text */
export function cut(text) {
  return text.length > MAX_BADGE ? `${text.slice(0, MAX_BADGE - 1)}…` : text;
}
