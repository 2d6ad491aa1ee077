// @ts-check
/**
 * The code pane: numbered, highlighted lines with the current one marked; an editor when it may be one.
 * The editor is a transparent textarea over the highlighted text, so undo, selection and input methods
 * are the browser's own.
 */

import { fill, format, h, prose } from "./dom.js";
import { highlight } from "./highlight.js";

const INDENT = "    ";
const SMALL = 3000; // lines up to which every key press redraws the colours at once

/**
 * @param {HTMLElement} place
 * @param {{t: (key: string) => string, editable: boolean, onLine: (line: number) => void, onRun: () => void,
 *          onEdit: () => void}} options
 */
export function codePane(place, options) {
  const { t, editable } = options;
  const gutter = h("div", { class: "gutter", "aria-hidden": "true" });
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
      "aria-label": t("code"),
    })
  );
  const marks = h("div", { class: "line-marks", role: "status" });
  const scroller = h("div", { class: "scroller" }, gutter, h("div", { class: "sheet" }, colours, area));
  fill(place, scroller, marks);

  let leaving = false; // Esc was pressed: the next Tab leaves the editor
  let currentLine = 0;
  let lineMarks = /** @type {any[]} */ ([]);
  let pending = 0;

  function draw() {
    const lines = highlight(area.value);
    const toned = new Map(lineMarks.map((mark) => [mark.line, mark.tone]));
    fill(colours, ...lines.map((pieces, i) => drawLine(pieces, i + 1, toned)));
    fill(gutter, ...lines.map((_, i) => number(i + 1, toned)));
    area.rows = lines.length;
    area.cols = Math.max(20, ...lines.slice(0, 2000).map((pieces) => pieces.reduce((n, [, text]) => n + text.length, 1)));
  }

  function drawLine(/** @type {Array<[string, string]>} */ pieces, /** @type {number} */ line, /** @type {Map<number, string>} */ toned) {
    const row = h("div", { class: `line${toned.has(line) ? ` ${toned.get(line)}` : ""}${line === currentLine ? " current" : ""}` });
    for (const [kind, text] of pieces) row.append(kind ? h("span", { class: kind, text }) : text);
    if (!pieces.length) row.append("\u200b");
    return row;
  }

  function number(/** @type {number} */ line, /** @type {Map<number, string>} */ toned) {
    return h("button", {
      type: "button",
      tabindex: "-1",
      class: `number${toned.has(line) ? ` ${toned.get(line)}` : ""}${line === currentLine ? " current" : ""}`,
      text: String(line),
      on: { click: () => options.onLine(line) },
    });
  }

  area.addEventListener("input", () => {
    options.onEdit();
    lineMarks = [];
    fill(marks);
    if (area.value.length < SMALL * 40) draw();
    else {
      clearTimeout(pending);
      pending = window.setTimeout(draw, 120);
    }
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
    return area.value.slice(0, area.selectionStart).split("\n").length;
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
    /** @param {any[]} shown lines with a tone and a sentence */
    setMarks(shown) {
      lineMarks = shown;
      fill(marks, ...shown.map((mark) => h("button", {
        type: "button",
        class: `line-mark ${mark.tone}`,
        on: { click: () => options.onLine(mark.line) },
      }, `${format(t("line"), { line: mark.line })}: `, ...prose(mark.text))));
      draw();
    },
    /** @param {number} line 0 for none */
    setLine(line) {
      if (line === currentLine) return;
      for (const column of [colours, gutter]) {
        column.children[currentLine - 1]?.classList.remove("current");
        column.children[line - 1]?.classList.add("current");
      }
      currentLine = line;
      const row = /** @type {HTMLElement | undefined} */ (colours.children[line - 1]);
      if (!row) return;
      const top = row.offsetTop;
      if (top < scroller.scrollTop || top + row.offsetHeight > scroller.scrollTop + scroller.clientHeight) {
        scroller.scrollTop = top - scroller.clientHeight / 2;
      }
    },
  };
}
