// @ts-check
/** One variant of a comparison: its own lines, its verdict, and its picture at the moment shown. */

import { codePane } from "./code.js";
import { fill, format, h, prose } from "./dom.js";
import { graph } from "./graph.js";
import { memoryView } from "./memory.js";
import { table } from "./table.js";

const SIGNS = { error: "✕", wrong: "⚠", doubtful: "⚠", right: "✓", none: "–" };

/**
 * @typedef {import("./payload").ShownVerdict} ShownVerdict
 *
 * @param {import("./payload").Column} column
 * @param {{t: (key: string) => string, onRun: () => void, onEdit: () => void, onLine: (line: number) => void}} options
 */
export function drawnColumn(column, { t, onRun, onEdit, onLine }) {
  const own = h("div", { class: "own" });
  const code = codePane(own, { t, editable: true, onLine, onRun, onEdit, first: column.first, label: `${t("own")}: ${column.title}` });
  code.setText(column.text);
  const now = h("p", { class: "column-now" });
  const memoryPlace = h("div", { class: "memory", tabindex: "0", role: "region", "aria-label": `${t("memory")}: ${column.title}` });
  const frame = h("div", { class: "frame", hidden: true });
  const memory = memoryView(memoryPlace, t(column.verdict ? "nothing_yet" : "not_run"));
  const head = h("header", { class: "column-head" }, h("h2", { text: column.title }), chip(column.verdict));
  const note = column.note ? h("p", { class: "column-note", text: column.note }) : null;
  const element = h(
    "article",
    { class: "pane column", "data-testid": "column", "data-variant": column.slug, "data-verdict": column.verdict?.kind ?? null },
    head, own, now, memoryPlace, frame, note, drawnVerdict(column.verdict),
  );

  /** @type {import("./graph.js").Picture | null} */
  let picture = null;
  let mode = "memory";
  let row = 0;

  function chip(/** @type {ShownVerdict | null} */ verdict) {
    if (!verdict) return null;
    return h("span", { class: `chip verdict-${verdict.kind}`, "data-testid": "verdict" }, h("span", { "aria-hidden": "true", text: `${SIGNS[verdict.kind]} ` }), verdict.word);
  }

  function drawnVerdict(/** @type {ShownVerdict | null} */ verdict) {
    if (!verdict) return null;
    const rows = verdict.gradients.map(([name, computed, right]) => gradient(name, computed, right));
    const lines = verdict.lines.map(([what, line]) =>
      h("button", { type: "button", class: "at-line", "aria-label": `${format(t("line"), { line })}: ${what}`, on: { click: () => onLine(line) } }, h("b", { text: String(line) }), ` ${what}`),
    );
    return h(
      "footer",
      { class: `judged verdict-${verdict.kind}`, "data-testid": "judged" },
      lines.length ? h("div", { class: "at-lines" }, ...lines) : null,
      rows.length ? h("dl", { class: "gradients" }, ...rows.flat()) : null,
      verdict.text ? h("p", {}, ...prose(verdict.text)) : null,
      verdict.cure ? h("details", { class: "cure" }, h("summary", { text: t("to_do") }), h("p", {}, ...prose(verdict.cure))) : null,
    );
  }

  /** Computed beside true; one of them where they are the same. */
  function gradient(/** @type {string} */ name, /** @type {string} */ computed, /** @type {string} */ right) {
    const both = [h("span", { class: "computed" }, `${t("computed")} `, h("b", { text: computed })), h("span", { class: "true" }, `${t("true")} `, h("b", { text: right }))];
    return [h("dt", { text: name }), h("dd", { class: computed === right ? "" : "differs" }, ...(computed === right ? [h("b", { text: computed })] : both))];
  }

  /** @param {number} number the row to show */
  function show(number) {
    row = number;
    const at = column.rows[number];
    if (!at) return;
    const [frameNumber, step, headline, line, moves, isOver] = at;
    element.classList.toggle("waiting", !moves && !isOver);
    element.classList.toggle("over", isOver);
    fill(now, h("span", { text: headline }), moves ? "" : h("em", { text: t(isOver ? "over" : "waits") }));
    code.setLine(moves && line >= column.first && line < column.first + code.text().split("\n").length ? line : 0);
    if (mode === "memory") memory.show(column.frames[frameNumber]);
    else picture?.show(step);
  }

  return {
    element,
    show,
    text: () => code.text(),
    /** @param {string} text */
    setText: (text) => code.setText(text),
    /** @param {string} next "memory" or "graph" */
    setMode(next) {
      mode = next;
      memoryPlace.hidden = mode !== "memory";
      frame.hidden = mode === "memory";
      if (mode === "graph" && !picture) {
        const pick = (/** @type {string} */ id) => picture?.select(id === picture.selected() ? null : id);
        picture = graph(frame, column.picture, pick) ?? table(frame, column.picture, pick);
        if (!picture) fill(frame, h("p", { class: "no-picture" }, ...prose(column.picture.no_picture || "")));
      }
      show(row);
      picture?.view?.fit();
    },
    destroy: () => picture?.destroy(),
  };
}
