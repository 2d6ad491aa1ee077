// @ts-check
/** The vertices as a table, where there is no picture of them: it follows the step, and a row is picked as a vertex is. */

import { h, prose } from "./dom.js";
import { at } from "./tracks.js";

/**
 * @param {HTMLElement} frame
 * @param {import("./payload").Payload} payload
 * @param {(vertex: string) => void} onPick
 * @returns {import("./graph.js").Picture | null} null without vertices
 */
export function table(frame, payload, onPick) {
  const ids = Object.keys(payload.vertices);
  if (!ids.length) return null;
  const t = (/** @type {string} */ key) => payload.strings[key] ?? "";
  const words = new Map(payload.legend ?? []);
  const rows = new Map(ids.map((id) => [id, drawnRow(id, payload.vertices[id], words, onPick)]));
  let selected = /** @type {string | null} */ (null);
  let focusable = ids[0];
  let focused = /** @type {HTMLElement | null} */ (null);
  const heads = ["vertex", "line_head", "state", "gradient"].map((key) => h("th", { scope: "col", text: t(key) }));
  frame.classList.add("listed");
  frame.replaceChildren(
    h("p", { class: "why-listed" }, ...prose(payload.no_picture ?? "")),
    h("table", { "data-testid": "vertices" }, h("thead", {}, h("tr", {}, ...heads)), h("tbody", {}, ...[...rows.values()].map(({ row }) => row))),
  );
  makeFocusable(focusable);

  /** @param {number} step */
  function show(step) {
    for (const drawn of rows.values()) drawn.show(step);
    focused?.classList.remove("focus");
    focused = rows.get(payload.steps[step].focus ?? "")?.row ?? null;
    focused?.classList.add("focus");
    focused?.scrollIntoView({ block: "nearest" });
  }

  /** @param {string | null} id */
  function select(id) {
    if (id === selected) return;
    selected = id;
    for (const [key, { row, button }] of rows) {
      row.classList.toggle("selected", key === id);
      button.setAttribute("aria-pressed", String(key === id));
    }
    if (!id || !rows.has(id)) return;
    makeFocusable(id);
    rows.get(id)?.row.scrollIntoView({ block: "nearest" });
  }

  /** @param {string[]} places */
  function point(places) {
    for (const [key, { row }] of rows) row.classList.toggle("place", places.includes(key));
  }

  /** The one row that Tab leads to. */
  function makeFocusable(/** @type {string} */ id) {
    rows.get(focusable)?.button.setAttribute("tabindex", "-1");
    focusable = id;
    rows.get(id)?.button.setAttribute("tabindex", "0");
  }

  function walk(/** @type {number} */ by) {
    const id = ids[Math.max(0, Math.min(ids.length - 1, ids.indexOf(focusable) + by))];
    onPick(id);
    rows.get(id)?.button.focus({ preventScroll: true });
  }

  return { show, select, point, walk, closeUp: null, view: null, selected: () => selected, destroy: () => frame.classList.remove("listed") };
}

/**
 * @param {string} id
 * @param {import("./payload").ShownVertex} vertex
 * @param {Map<string, string>} words the word for each kind and state
 * @param {(vertex: string) => void} onPick
 */
function drawnRow(id, vertex, words, onPick) {
  const sign = h("span", { class: `key key-${vertex.kind}`, title: words.get(vertex.kind) ?? "" }, h("i", {}));
  const button = h("button", { type: "button", class: "vertex", tabindex: "-1", "aria-pressed": "false", text: vertex.title });
  const state = h("td", { class: "state" });
  const badge = h("td", { class: "badge" });
  const row = h(
    "tr",
    { "data-node-id": id, "data-kind": vertex.kind, on: { click: () => onPick(id) } },
    h("td", {}, h("div", { class: "named" }, sign, button)), h("td", { text: vertex.line ?? "" }), state, badge,
  );

  /** @param {number} step */
  function show(step) {
    const now = at(vertex.states, step, "waiting");
    const isBuilt = (vertex.built_at ?? 0) <= step;
    set(row, "data-built", String(isBuilt));
    set(row, "data-state", now);
    write(state, isBuilt ? (words.get(now) ?? now) : "");
    write(badge, at(vertex.badge, step, ""));
  }

  return { row, button, show };
}

function set(/** @type {HTMLElement} */ element, /** @type {string} */ name, /** @type {string} */ text) {
  if (element.getAttribute(name) !== text) element.setAttribute(name, text);
}

function write(/** @type {HTMLElement} */ element, /** @type {string} */ text) {
  if (element.textContent !== text) element.textContent = text;
}
