// @ts-check
/**
 * The inspector: what happens in this step, or what is known of the selected vertex at this step.
 */

import { fill, h, prose } from "./dom.js";
import { paddings } from "./numbers.js";
import { at } from "./tracks.js";

/** @typedef {NonNullable<import("./payload").ShownStep["blocks"]>[number]} Block */

/**
 * @param {HTMLElement} place
 * @param {import("./payload").Payload} payload
 * @param {(vertex: string) => void} onPick
 */
export function inspector(place, payload, onPick) {
  // The headline stays the same element: only so do screen readers tell when its words change.
  const headline = h("h2", { "aria-live": "polite" });
  const body = h("div", {});
  fill(place, headline, body);

  /** @param {number} step @param {string | null} vertex @returns {string[]} the vertices that what is shown points at */
  function show(step, vertex) {
    const shown = payload.steps[step];
    const picked = vertex ? payload.vertices[vertex] : null;
    const blocks = (picked ? picked.card ?? [] : shown.blocks ?? []).filter((block) => holds(block, step));
    headline.textContent = picked ? picked.title : shown.headline;
    fill(body, ...blocks.map((block) => drawBlock(block, step)));
    place.scrollTop = 0;
    tellOfMore();
    return blocks.flatMap((block) => (block.type === "why" && block.place) || []);
  }

  /** A table wider than the pane scrolls: by keys too, with a name, and with a sign while there is more at the right. */
  function tellOfMore() {
    for (const table of /** @type {NodeListOf<HTMLElement>} */ (body.querySelectorAll(".scrolls"))) {
      const isCut = table.scrollWidth > table.clientWidth + 1;
      const name = table.closest(".row")?.querySelector(".label")?.textContent ?? "";
      for (const [attribute, text] of Object.entries({ tabindex: "0", role: "region", "aria-label": name })) {
        if (isCut) table.setAttribute(attribute, text);
        else table.removeAttribute(attribute);
      }
      showRest(table);
    }
  }

  function drawBlock(/** @type {Block} */ block, /** @type {number} */ step) {
    if (block.type === "rule") return rule(block);
    if (block.type === "values") return values(block, step);
    if (block.type === "why") return why(block);
    return h(
      "section",
      { class: `block text ${block.tone ?? ""}` },
      block.title ? h("h3", { text: block.title }) : null,
      ...String(block.text).split("\n").map((line) => h("p", {}, ...prose(line))),
    );
  }

  function why(/** @type {import("./payload").WhyBlock} */ { title, text, cure, place: to, place_text: words }) {
    const there = to
      ? h("button", { type: "button", class: "place", text: words, on: { click: () => onPick(to) } })
      : null;
    return h(
      "section",
      { class: "block text why", "data-testid": "why" },
      h("h3", { text: title }),
      h("p", {}, ...prose(text)),
      cure ? h("p", { class: "cure" }, "→ ", ...prose(cure)) : null,
      there,
    );
  }

  function rule(/** @type {import("./payload").RuleBlock} */ block) {
    const formulas = (block.formulas ?? []).map(([symbolic, numeric]) =>
      h("div", { class: "formula" }, h("div", { class: "symbolic", text: symbolic }), numeric ? h("div", { class: "numeric", text: numeric }) : null),
    );
    return h("section", { class: "block rule" }, h("p", {}, ...prose(block.words)), ...formulas);
  }

  function values(/** @type {import("./payload").ValuesBlock} */ block, /** @type {number} */ step) {
    return h("section", { class: "block values" }, h("h3", { text: block.title }), ...block.rows.map((row) => drawRow(row, step)));
  }

  function drawRow(/** @type {import("./payload").Row} */ row, /** @type {number} */ step) {
    const ref = row.track?.length ? at(row.track, step, -1) : row.value ?? -1;
    const value = ref >= 0 ? payload.values[ref] : null;
    const isLarge = value?.kind === "tensor" && ((value.rows ?? []).length > 1 || (value.rows?.[0]?.length ?? 0) > 3 || value.stats?.length);
    const { vertex } = row;
    const label = vertex
      ? h("button", { type: "button", class: "label link", text: row.label, on: { click: () => onPick(vertex) } })
      : h("span", { class: "label", text: row.label });
    return h(
      "div",
      { class: `row${row.struck ? " struck" : ""}${row.sign === "=" ? " total" : ""}${isLarge ? " large" : ""}` },
      h("span", { class: "sign", text: row.sign ?? "" }),
      label,
      h("div", { class: "content" }, value ? drawValue(value) : null, row.note ? h("span", { class: "note", text: row.note }) : null),
    );
  }

  body.addEventListener("scroll", (event) => showRest(/** @type {HTMLElement} */ (event.target)), true);
  const resized = new ResizeObserver(tellOfMore);
  resized.observe(place);
  return { show, destroy: () => resized.disconnect() };
}

/** @param {HTMLElement} table */
function showRest(table) {
  table.classList.toggle("more", table.scrollLeft + table.clientWidth < table.scrollWidth - 1);
}

/** Whether a block is to be shown at a step. */
function holds(/** @type {Block} */ block, /** @type {number} */ step) {
  return block.type !== "why" || ((block.since ?? 0) <= step && step < (block.until ?? Infinity));
}

/** @param {import("./payload").ShownValue} value */
export function drawValue(value) {
  if (value.kind !== "tensor") {
    return h("span", { class: `value ${value.kind}`, title: value.full, text: value.text });
  }
  const rows = value.rows ?? [];
  const free = paddings(rows.map((row) => row.map(([text]) => text)));
  const cells = rows.map((row, y) => h("tr", {}, ...row.map((cell, x) => drawCell(cell, free[y][x]))));
  const grid = rows.length
    ? h("div", { class: "scrolls" }, h("table", { class: "grid", title: value.caption || value.full }, h("tbody", {}, ...cells)))
    : h("span", { class: "value", text: value.text });
  const stats = (value.stats ?? []).map(([label, text]) => h("span", {}, h("span", { class: "stat", text: label }), ` ${text}`));
  const isLarge = rows.length > 1 || (rows[0]?.length ?? 0) > 4 || stats.length;
  return h(
    "div",
    { class: "value tensor" },
    grid,
    isLarge && value.caption ? h("div", { class: "caption", text: value.caption }) : null,
    stats.length ? h("div", { class: "stats" }, ...stats) : null,
  );
}

/** @param {import("./payload").Cell} cell @param {number} free characters after it */
function drawCell([text, kind, heat, full], free) {
  const cell = h("td", { class: kind || null, title: full || null, text });
  if (free) cell.style.paddingRight = `calc(5px + ${free}ch)`;
  if (heat) {
    cell.style.setProperty("--heat", String(Math.abs(heat)));
    cell.classList.add(heat > 0 ? "plus" : "minus");
  }
  return cell;
}
