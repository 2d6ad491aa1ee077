// @ts-check
/**
 * The code pane: numbered, highlighted lines with the current one marked; an editor when it may be one.
 * Below it what is to be said about lines, each with a click that leads there.
 */

import { fill, format, h, prose } from "./dom.js";
import { editor } from "./editor.js";
import { toldAt } from "./findings.js";

/**
 * @typedef {Omit<import("./payload").LineMark, "tone"> & {tone: import("./payload").LineMark["tone"] | "differs"}} LineMark
 * @typedef {{t: (key: string) => string, editable: boolean, onLine: (line: number) => void, onRun: () => void,
 *          onEdit: () => void, onStep?: (step: number) => void, first?: number, label?: string}} Options `first`: the
 *          number of the first line
 */

/** @param {HTMLElement} place in the document or shadow root where it stays @param {Options} options */
export function codePane(place, options) {
  const { t, editable, first = 1 } = options;
  const marks = h("div", { class: "line-marks", role: "status" });
  const hint = h("div", { class: "editor-hint", hidden: true, text: t("leave_editor") });
  const scroller = h("div", { class: "scroller" });
  fill(place, scroller, hint, marks);

  let currentLine = 0;
  let allMarks = /** @type {LineMark[]} */ ([]);
  let lineMarks = /** @type {LineMark[]} */ ([]); // those told by now
  const code = editor(scroller, {
    label: options.label ?? t("code"),
    editable,
    first,
    words: t,
    onLine: options.onLine,
    onRun: options.onRun,
    onEdit() {
      allMarks = [];
      tell([]);
      options.onEdit();
    },
    onArmed: (armed) => (hint.hidden = !armed),
  });

  /** The current line, and those with something to say. */
  function drawTones() {
    code.tone([
      ...(currentLine ? [toned(currentLine, "current")] : []),
      ...lineMarks.flatMap((mark) => (mark.parts ?? []).map(([, line]) => toned(line, "note"))),
      ...lineMarks.filter((mark) => mark.line).map((mark) => toned(mark.line, mark.tone)),
    ]);
  }

  function tell(/** @type {LineMark[]} */ told) {
    lineMarks = told;
    fill(marks, ...told.filter((mark) => mark.text).map((mark) => lineMark(mark, options, t)));
    drawTones();
  }

  return {
    text: code.text,
    destroy: code.destroy,
    /** @param {string} source */
    setText(source) {
      code.setText(source);
      drawTones();
    },
    /** Another program, with nothing to undo. @param {string} source */
    open(source) {
      code.open(source);
      drawTones();
    },
    /** As if typed, so that undo brings back what was there. @param {string} source */
    replaceText: code.replaceText,
    /** @param {LineMark[]} shown lines with a tone and a sentence */
    setMarks(shown) {
      allMarks = shown;
      tell(shown);
    },
    /** @param {number} step what is to be said up to here @param {boolean} atOnce or at any step */
    showMarks(step, atOnce) {
      const told = toldAt(allMarks, step, atOnce);
      if (told.length !== lineMarks.length) tell(told);
    },
    /** @param {number} line 0 for none */
    setLine(line) {
      if (line === currentLine) return;
      currentLine = line;
      drawTones();
      if (line) code.reveal(line);
    },
  };
}

/** @param {number} line @param {string} tone @returns {import("./editor.js").Toned} */
function toned(line, tone) {
  return [line, tone];
}

/** A line with something to say; a click leads to the step where it happened. @param {LineMark} mark @param {Options} options */
function lineMark(mark, options, /** @type {(key: string) => string} */ t) {
  const where = mark.line ? `${format(t("line"), { line: mark.line })}: ` : "";
  const parts = (mark.parts ?? []).map(([text]) => text).filter(Boolean).join(" · ");
  return h("button", {
    type: "button",
    class: `line-mark ${mark.tone}`,
    on: { click: () => (typeof mark.step === "number" ? options.onStep?.(mark.step) : options.onLine(mark.line)) },
  },
    mark.title ? h("strong", { text: `${mark.title} — ` }) : "",
    where, ...prose(mark.text),
    mark.compared?.length ? h("table", { class: "compared" },
      h("tr", {}, h("td", {}), h("th", { text: t("computed") }), h("th", { text: t("right") })),
      ...mark.compared.map(([name, computed, right]) =>
        h("tr", {}, h("th", { text: name }), h("td", { class: "computed", text: computed }), h("td", { class: "right", text: right })))) : "",
    parts ? h("span", { class: "parts", text: parts }) : "",
    mark.cure ? h("span", { class: "cure" }, "→ ", ...prose(mark.cure)) : "");
}
