// @ts-check
/**
 * The picture: vertices with their states, badges and selection; arrows with their gradients.
 */

import { drawnArrow, placeOfLabel } from "./arrow.js";
import { panZoom } from "./panzoom.js";
import { safeSvg } from "./svg.js";
import { readingOrder } from "./tracks.js";
import { drawnVertex, hatchPattern, squeeze, tooWide } from "./vertex.js";

/**
 * @param {HTMLElement} frame
 * @param {import("./payload").Payload} payload
 * @param {(vertex: string) => void} onPick
 * @returns {Picture | null} null where there is nothing to draw
 *
 * @typedef {object} Picture also what `table` gives
 * @property {(step: number) => void} show
 * @property {(id: string | null) => void} select
 * @property {(ids: string[]) => void} point outlines the vertices that the inspector speaks of
 * @property {(by: number) => void} walk to the next vertex (1) or the one before (-1), as they are read
 * @property {((id: string) => void) | null} closeUp shows a vertex from near
 * @property {ReturnType<typeof panZoom> | null} view null without one to move
 * @property {() => string | null} selected
 * @property {() => void} destroy
 */
export function graph(frame, payload, onPick) {
  const svg = payload.svg ? safeSvg(payload.svg) : null;
  frame.replaceChildren();
  if (!svg) return null;
  svg.setAttribute("role", "group");
  svg.prepend(hatchPattern());
  frame.append(svg);
  const words = new Map(payload.legend ?? []);
  /** @type {Map<string, ReturnType<typeof drawnVertex>>} */
  const vertices = new Map();
  /** @type {Map<string, ReturnType<typeof drawnArrow>>} */
  const arrows = new Map();
  let selected = /** @type {string | null} */ (null);
  let focusable = /** @type {SVGGElement | null} */ (null);
  let focused = /** @type {SVGGElement | null} */ (null);

  const groups = /** @type {SVGGElement[]} */ ([...svg.querySelectorAll("g[id]")]);
  const ofVertices = groups.filter(({ id }) => Object.hasOwn(payload.vertices, id));
  const ofArrows = groups.filter(({ id }) => Object.hasOwn(payload.arrows, id));
  for (const group of ofVertices) group.querySelector("text")?.classList.add("name");
  // First all reading, then all writing: each read after a write would lay out the picture anew.
  const boxes = ofVertices.map((group) => group.getBBox());
  const wide = ofVertices.flatMap(tooWide);
  const places = ofArrows.map((group) => (payload.arrows[group.id].label?.length ? placeOfLabel(group) : null));
  for (const [text, room] of wide) squeeze(text, room);
  ofVertices.forEach((group, i) => {
    vertices.set(group.id, drawnVertex(group, boxes[i], payload.vertices[group.id], words));
    group.addEventListener("click", () => onPick(group.id));
  });
  ofArrows.forEach((group, i) => arrows.set(group.id, drawnArrow(group, places[i], payload.arrows[group.id])));
  const order = readingOrder([...vertices].map(([id, { box }]) => ({ id, x: box.x + box.width / 2, y: box.y + box.height / 2 })));
  if (order.length) makeFocusable(order[0]);
  const view = panZoom(frame, svg);

  /** @param {number} step */
  function show(step) {
    const shown = payload.steps[step];
    for (const drawn of vertices.values()) drawn.show(step);
    const lit = new Set(shown.lit ?? []);
    for (const [id, drawn] of arrows) drawn.show(step, lit.has(id));
    const focus = (shown.focus && vertices.get(shown.focus)) || null;
    focused?.classList.remove("focus");
    focused = focus?.group ?? null;
    focused?.classList.add("focus");
    if (focus) view.reveal(focus.box);
  }

  /** @param {string | null} id */
  function select(id) {
    if (id === selected) return;
    selected = id;
    const same = new Set(id ? payload.vertices[id]?.same_as ?? [] : []);
    for (const [key, { group }] of vertices) {
      group.classList.toggle("selected", key === id);
      group.classList.toggle("same", key !== id && same.has(key));
    }
    const drawn = id ? vertices.get(id) : null;
    if (!id || !drawn) return;
    makeFocusable(id);
    view.reveal(drawn.box);
  }

  /** @param {string} id */
  function closeUp(id) {
    const drawn = vertices.get(id);
    if (drawn) view.closeUp(drawn.box);
  }

  /** @param {string[]} ids */
  function point(ids) {
    for (const [key, { group }] of vertices) group.classList.toggle("place", ids.includes(key));
  }

  /** The one vertex that Tab leads to. */
  function makeFocusable(/** @type {string} */ id) {
    focusable?.setAttribute("tabindex", "-1");
    focusable = vertices.get(id)?.group ?? null;
    focusable?.setAttribute("tabindex", "0");
  }

  function walk(/** @type {number} */ by) {
    const from = order.indexOf(focusable?.id ?? "");
    const id = order[Math.max(0, Math.min(order.length - 1, from + by))];
    onPick(id);
    vertices.get(id)?.group.focus({ preventScroll: true });
  }

  return { show, select, point, walk, closeUp, view, selected: () => selected, destroy: () => view.destroy() };
}
