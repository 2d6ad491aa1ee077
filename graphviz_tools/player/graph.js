// @ts-check
/**
 * The picture: vertices with their states, badges and selection; arrows with their gradients.
 */

import { panZoom } from "./panzoom.js";
import { s, safeSvg } from "./svg.js";
import { at } from "./tracks.js";

const MAX_BADGE = 22; // characters of a badge or an arrow's label before it is cut

/**
 * @param {HTMLElement} frame
 * @param {any} payload
 * @param {(vertex: string) => void} onPick
 */
export function graph(frame, payload, onPick) {
  const svg = payload.svg ? safeSvg(payload.svg) : null;
  frame.replaceChildren();
  if (!svg) return null;
  svg.setAttribute("role", "group");
  frame.append(svg);
  /** @type {Map<string, {group: SVGGElement, badge: SVGElement | null, state: string, badgeText: string}>} */
  const vertices = new Map();
  /** @type {Map<string, {group: SVGGElement, label: SVGElement | null, text: string}>} */
  const arrows = new Map();
  let current = -1;
  let selected = /** @type {string | null} */ (null);
  let focusable = /** @type {SVGGElement | null} */ (null);

  for (const group of /** @type {NodeListOf<SVGGElement>} */ (svg.querySelectorAll("g[id]"))) {
    const vertex = payload.vertices[group.id];
    if (vertex) prepareVertex(group, vertex);
    else if (payload.arrows[group.id]) prepareArrow(group);
  }
  for (const id of arrows.keys()) separateLabels(id);
  const view = panZoom(frame, svg);

  function prepareVertex(/** @type {SVGGElement} */ group, /** @type {any} */ vertex) {
    group.classList.add("vertex");
    group.dataset.nodeId = group.id;
    group.dataset.kind = vertex.kind;
    group.setAttribute("tabindex", "-1");
    group.setAttribute("role", "button");
    group.setAttribute("aria-label", vertex.title);
    const title = s("title", {});
    title.textContent = vertex.title;
    group.prepend(title);
    const texts = [...group.querySelectorAll("text")];
    const last = texts[texts.length - 1];
    const badge = last && last.textContent?.trim() === "·" ? last : null;
    badge?.classList.add("badge");
    texts[0]?.classList.add("name");
    vertices.set(group.id, { group, badge, state: "", badgeText: "" });
    group.addEventListener("click", () => onPick(group.id));
    if (!focusable) {
      focusable = group;
      group.setAttribute("tabindex", "0");
    }
  }

  function prepareArrow(/** @type {SVGGElement} */ group) {
    const path = /** @type {SVGPathElement | null} */ (group.querySelector("path"));
    group.classList.add("arrow");
    let label = null;
    if (path && payload.arrows[group.id].label?.length) {
      label = s("text", { class: "gradient-label", "text-anchor": "start" });
      group.append(label);
      const length = path.getTotalLength();
      const middle = path.getPointAtLength(length / 2);
      const leansLeft = path.getPointAtLength(length).x < path.getPointAtLength(0).x - 8;
      label.setAttribute("x", String(middle.x + (leansLeft ? -7 : 7)));
      label.setAttribute("y", String(middle.y + 4));
      if (leansLeft) label.setAttribute("text-anchor", "end");
    }
    arrows.set(group.id, { group, label, text: "" });
  }

  /** Of two arrows between the same vertices the left one has its label on the left. */
  function separateLabels(/** @type {string} */ id) {
    const { source, target } = payload.arrows[id];
    const twins = [...arrows].filter(([other]) => payload.arrows[other].source === source && payload.arrows[other].target === target);
    const x = (/** @type {any} */ drawn) => Number(drawn.label?.getAttribute("x") ?? 0);
    const own = arrows.get(id);
    if (twins.length < 2 || !own?.label || own.label.getAttribute("text-anchor") === "end" || twins.some(([other, drawn]) => other !== id && x(drawn) < x(own))) return;
    own.label.setAttribute("text-anchor", "end");
    own.label.setAttribute("x", String(x(own) - 14));
  }

  /** @param {number} step */
  function show(step) {
    const shown = payload.steps[step];
    for (const [id, drawn] of vertices) showVertex(id, drawn, step);
    const lit = new Set(shown.lit ?? []);
    for (const [id, drawn] of arrows) showArrow(id, drawn, step, lit.has(id));
    current = step;
    const focus = shown.focus ? vertices.get(shown.focus) : null;
    for (const drawn of vertices.values()) drawn.group.classList.toggle("focus", drawn === focus);
    if (focus) view.reveal(focus.group);
  }

  function showVertex(/** @type {string} */ id, /** @type {any} */ drawn, /** @type {number} */ step) {
    const vertex = payload.vertices[id];
    const state = at(vertex.states, step, "waiting");
    const built = (vertex.built_at ?? 0) <= step;
    if (drawn.state !== state) drawn.group.dataset.state = drawn.state = state;
    if (drawn.group.dataset.built !== String(built)) drawn.group.dataset.built = String(built);
    const text = at(vertex.badge, step, "·");
    if (drawn.badge && drawn.badgeText !== text) {
      drawn.badge.textContent = cut(text);
      drawn.badgeText = text;
      if (current >= 0) flash(drawn.group);
    }
  }

  function showArrow(/** @type {string} */ id, /** @type {any} */ drawn, /** @type {number} */ step, /** @type {boolean} */ lit) {
    const arrow = payload.arrows[id];
    drawn.group.classList.toggle("lit", lit);
    drawn.group.dataset.built = String((arrow.built_at ?? 0) <= step);
    drawn.group.style.setProperty("--weight", String(at(arrow.weight, step, 0)));
    const text = at(arrow.label, step, "");
    if (drawn.label && drawn.text !== text) {
      drawn.label.textContent = cut(text);
      drawn.text = text;
    }
  }

  /** @param {string | null} id */
  function select(id) {
    selected = id;
    const same = new Set(id ? [id, ...(payload.vertices[id]?.same_as ?? [])] : []);
    for (const [key, drawn] of vertices) {
      drawn.group.classList.toggle("selected", key === id);
      drawn.group.classList.toggle("same", key !== id && same.has(key));
    }
    const drawn = id ? vertices.get(id) : null;
    if (drawn) {
      focusable?.setAttribute("tabindex", "-1");
      focusable = drawn.group;
      focusable.setAttribute("tabindex", "0");
      view.reveal(drawn.group);
    }
  }

  return { show, select, view, selected: () => selected, destroy: () => view.destroy() };
}

/** @param {Element} element lit for a moment, because it changed */
function flash(element) {
  element.classList.remove("changed");
  requestAnimationFrame(() => element.classList.add("changed"));
}

/** @param {string} text */
function cut(text) {
  return text.length > MAX_BADGE ? `${text.slice(0, MAX_BADGE - 1)}…` : text;
}
