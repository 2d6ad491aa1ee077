// @ts-check
/**
 * The code pane: numbered, highlighted lines with the current one marked; an editor when it may be one.
 * The editor is a transparent textarea over the highlighted text, so undo, selection and input methods
 * are the browser's own.
 */

import { fill, format, h, prose } from "./dom.js";
import { sheet } from "./sheet.js";

const INDENT = "    ";
const ROW_PX = 22; // height of a line, as in player.css

/**
 * @param {HTMLElement} place
 * @param {{t: (key: string) => string, editable: boolean, onLine: (line: number) => void, onRun: () => void,
 *          onEdit: () => void, first?: number, label?: string}} options `first`: the number of the first line
 */
export function codePane(place, options) {
  const { t, editable, first = 1 } = options;
  const numbers = h("pre", { class: "numbers" });
  const flags = h("div", { class: "flags" });
  const gutter = h("div", { class: "gutter", "aria-hidden": "true" }, numbers, flags);
  const bars = h("div", { class: "bars", "aria-hidden": "true" });
  const colours = h("pre", { class: "colours", "aria-hidden": "true" });
  const area = /** @type {HTMLTextAreaElement} */ (
    h("textarea", {
      class: "editor",
      "data-testid": "editor",
      spellcheck: "false",
      autocapitalize: "off",
      autocomplete: "off",
      wrap: "off",
      readonly: !editable,
      "aria-label": options.label ?? t("code"),
    })
  );
  const marks = h("div", { class: "line-marks", role: "status" });
  const coloured = sheet(colours, ROW_PX);
  const scroller = h("div", { class: "scroller" }, gutter, h("div", { class: "sheet" }, bars, colours, area));
  fill(place, scroller, marks);

  let leaving = false; // Esc was pressed: the next Tab leaves the editor
  let currentLine = 0;
  let lineMarks = /** @type {any[]} */ ([]);
  let nLines = 0;

  function draw() {
    const n = coloured.draw(area.value);
    if (n !== nLines) numbers.textContent = Array.from({ length: n }, (_, i) => i + first).join("\n");
    area.rows = nLines = n;
    drawBars();
  }

  /** Bars behind lines and flags beside them: the current line, and those with something to say. */
  function drawBars() {
    const toned = [
      ...(currentLine ? [[currentLine, "current"]] : []),
      ...lineMarks.flatMap((mark) => (mark.parts ?? []).map((/** @type {any[]} */ [, line]) => [line, "note"])),
      ...lineMarks.filter((mark) => mark.line).map((mark) => [mark.line, mark.tone]),
    ];
    fill(bars, ...toned.map(([line, tone]) => placed(h("div", { class: `bar ${tone}` }), line)));
    fill(flags, ...toned.map(([line, tone]) => placed(h("div", { class: `number ${tone}`, text: String(line) }), line)));
  }

  function placed(/** @type {HTMLElement} */ element, /** @type {number} */ line) {
    element.style.top = `${(line - first) * ROW_PX}px`;
    return element;
  }

  gutter.addEventListener("click", (event) => {
    const line = Math.floor((event.clientY - gutter.getBoundingClientRect().top) / ROW_PX) + first;
    if (line >= first && line < first + nLines) options.onLine(line);
  });

  area.addEventListener("input", () => {
    options.onEdit();
    lineMarks = [];
    fill(marks);
    draw();
  });
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      options.onRun();
    } else if (event.key === "Escape") {
      leaving = true;
      return;
    } else if (event.key === "Tab" && editable && !leaving) {
      event.preventDefault();
      event.shiftKey ? outdent() : indent();
    } else if (event.key === "Enter" && editable) {
      event.preventDefault();
      type(`\n${indentOfNewLine()}`);
    }
    leaving = false;
  });
  /** The browser scrolls to show the caret, but never back to the beginning of a short line. */
  for (const event of ["input", "keyup", "click", "focus"]) {
    area.addEventListener(event, () => {
      const column = area.selectionStart - lineStart(area.selectionStart);
      const x = (column * scroller.clientWidth) / 52;
      if (x < scroller.clientWidth / 2) scroller.scrollLeft = 0;
    });
  }
  area.addEventListener("click", () => {
    if (area.selectionStart === area.selectionEnd) options.onLine(lineAtCursor());
  });

  /** Typed text goes through the browser, so that undo knows of it. */
  function type(/** @type {string} */ text) {
    document.execCommand("insertText", false, text);
  }

  function lineStart(/** @type {number} */ position) {
    return area.value.lastIndexOf("\n", position - 1) + 1;
  }

  function lineAtCursor() {
    return area.value.slice(0, area.selectionStart).split("\n").length + first - 1;
  }

  function indentOfNewLine() {
    const line = area.value.slice(lineStart(area.selectionStart), area.selectionStart);
    const own = /^\s*/.exec(line)?.[0] ?? "";
    return /:\s*(#.*)?$/.test(line) ? own + INDENT : own;
  }

  function indent() {
    if (area.selectionStart === area.selectionEnd) type(INDENT);
    else replaceLines((line) => (line ? INDENT + line : line));
  }

  function outdent() {
    replaceLines((line) => line.replace(/^ {1,4}/, ""));
  }

  function replaceLines(/** @type {(line: string) => string} */ change) {
    const start = lineStart(area.selectionStart);
    const newline = area.value.indexOf("\n", area.selectionEnd);
    const end = newline < 0 ? area.value.length : newline;
    const text = area.value.slice(start, end).split("\n").map(change).join("\n");
    area.setSelectionRange(start, end);
    type(text);
    area.setSelectionRange(start, start + text.length);
  }

  return {
    area,
    text: () => area.value,
    /** @param {string} source */
    setText(source) {
      area.value = source;
      draw();
    },
    /** As if typed, so that undo brings back what was there. @param {string} source */
    replaceText(source) {
      area.focus();
      area.select();
      type(source);
      if (area.value !== source) area.value = source;
      draw();
    },
    /** @param {any[]} shown lines with a tone and a sentence */
    setMarks(shown) {
      lineMarks = shown;
      fill(marks, ...shown.filter((mark) => mark.text).map((mark) => lineMark(mark, options, t)));
      draw();
    },
    /** @param {number} line 0 for none */
    setLine(line) {
      if (line === currentLine) return;
      currentLine = line;
      drawBars();
      const top = (line - first) * ROW_PX;
      if (line && (top < scroller.scrollTop || top + ROW_PX > scroller.scrollTop + scroller.clientHeight)) {
        scroller.scrollTop = top - scroller.clientHeight / 2;
      }
    },
  };
}

/** A line with something to say; a click leads to the step where it happened. @param {any} mark */
function lineMark(mark, /** @type {any} */ options, /** @type {(key: string) => string} */ t) {
  const where = mark.line ? `${format(t("line"), { line: mark.line })}: ` : "";
  const parts = (mark.parts ?? []).map(([text, line]) => `${format(t("line"), { line })} ${text}`).join(" · ");
  return h("button", {
    type: "button",
    class: `line-mark ${mark.tone}`,
    on: { click: () => (typeof mark.step === "number" ? options.onStep(mark.step) : options.onLine(mark.line)) },
  },
    mark.title ? h("strong", { text: `${mark.title} — ` }) : "",
    where, ...prose(mark.text),
    mark.compared?.length ? h("table", { class: "compared" },
      h("tr", {}, h("th", {}), h("th", { text: t("computed") }), h("th", { text: t("right") })),
      ...mark.compared.map((/** @type {string[]} */ [name, computed, right]) =>
        h("tr", {}, h("th", { text: name }), h("td", { class: "computed", text: computed }), h("td", { class: "right", text: right })))) : "",
    parts ? h("span", { class: "parts", text: parts }) : "",
    mark.cure ? h("span", { class: "cure" }, "→ ", ...prose(mark.cure)) : "");
}
