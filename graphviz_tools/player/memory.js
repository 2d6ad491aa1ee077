// @ts-check
/**
 * Memory at one moment: a box for each storage with its cells, tags for the tensors that point into it, and
 * what was saved beside what is there.
 */

import { fill, h, prose } from "./dom.js";
import { s } from "./svg.js";

/** @typedef {import("./payload").ShownBox} ShownBox */
/** @typedef {import("./payload").Cell} Cell */

const SIGNS = { same: "✓", gone: "✓", seen: "✕", unseen: "⚠", open: "?" };

/** @param {HTMLElement} place @param {string} nothing what to say when there is no storage */
export function memoryView(place, nothing) {
  /** @type {ShownBox[] | null} */
  let shown = null;

  /** @param {ShownBox[]} frame */
  function show(frame) {
    if (frame === shown) return;
    shown = frame;
    const top = place.scrollTop;
    fill(place, ...(frame.length ? frame.map(drawBox) : [h("p", { class: "nothing", text: nothing })]));
    place.scrollTop = top;
  }

  return { show };
}

function drawBox(/** @type {ShownBox} */ box) {
  const bytes = h("div", { class: "bytes" }, h("div", { class: "storage-title", text: box.title }), drawCells(box));
  return h(
    "section",
    { class: `storage${box.written ? " written" : ""}`, "data-testid": "storage" },
    h("div", { class: "pointed" }, bytes, h("ul", { class: "tags" }, ...box.tags.map(drawTag))),
    ...box.saved.map(drawSaved),
  );
}

function drawCells(/** @type {ShownBox} */ box) {
  if (box.text) return h("div", { class: "large", text: box.text });
  const rows = [];
  for (let i = 0; i < box.cells.length; i += box.columns) rows.push(box.cells.slice(i, i + box.columns));
  return table("cells", rows, new Set(box.changed));
}

function drawTag(/** @type {import("./payload").ShownTag} */ tag) {
  const classes = ["tag", tag.kind, tag.moved ? "moved" : "", tag.old ? "old" : "", tag.kind === "saved" ? `tone-${tag.tone}` : ""];
  return h(
    "li",
    { class: classes.filter(Boolean).join(" "), "data-testid": "tag" },
    tag.kind === "saved" ? padlock() : null,
    h("span", { class: "tag-name", text: tag.text }),
    tag.note ? h("span", { class: "tag-note", text: tag.note }) : null,
    tag.version ? h("span", { class: "version", text: tag.version }) : null,
  );
}

function drawSaved(/** @type {import("./payload").ShownSaved} */ saved) {
  const differs = new Set(saved.differs);
  const lines = saved.then.length
    ? h(
        "table",
        { class: "grid cells then-and-now" },
        h("tbody", {}, labelled(saved.then_label, saved.then, differs, "was"), labelled(saved.now_label, saved.now, differs, "is")),
      )
    : null;
  return h(
    "div",
    { class: `saved-here tone-${saved.tone}`, "data-testid": "saved" },
    h("div", { class: "saved-title" }, padlock(), ...prose(saved.title)),
    lines,
    h("p", { class: "saved-sentence" }, h("span", { class: "tone-sign", "aria-hidden": "true", text: SIGNS[saved.tone] }), ` ${saved.sentence}`),
  );
}

function labelled(/** @type {string} */ label, /** @type {Cell[]} */ cells, /** @type {Set<number>} */ differs, /** @type {string} */ kind) {
  return h("tr", { class: kind }, h("th", { scope: "row", text: label }), ...cells.map((cell, i) => drawCell(cell, differs.has(i) ? "differs" : "")));
}

function table(/** @type {string} */ name, /** @type {Cell[][]} */ rows, /** @type {Set<number>} */ changed) {
  let i = -1;
  const body = rows.map((row) => h("tr", {}, ...row.map((cell) => drawCell(cell, changed.has((i += 1)) ? "changed" : ""))));
  return h("table", { class: `grid ${name}` }, h("tbody", {}, ...body));
}

function drawCell(/** @type {Cell} */ [text, kind, , full], /** @type {string} */ more) {
  return h("td", { class: [kind, more].filter(Boolean).join(" ") || null, title: full || null, text });
}

function padlock() {
  const body = s("rect", { x: "2.5", y: "7", width: "11", height: "7.5", rx: "1.5" });
  const shackle = s("path", { d: "M5 7V5a3 3 0 0 1 6 0v2" });
  const drawn = s("svg", { class: "padlock", viewBox: "0 0 16 16", "aria-hidden": "true" });
  drawn.append(body, shackle);
  return drawn;
}
