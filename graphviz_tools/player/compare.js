// @ts-check
/**
 * The comparison: one program with a marked line, its variants side by side, all at the same moment.
 *
 * It is given plain data (comparison.py) and follows one number, the row (stepping.js).
 */

import { codePane } from "./code.js";
import { drawnColumn } from "./column.js";
import { fill, h, prose } from "./dom.js";
import { stepping } from "./stepping.js";
import { stepOfLine } from "./tracks.js";
import { veil } from "./veil.js";

/**
 * @param {HTMLElement} element
 * @typedef {import("./payload").Comparison} Comparison
 * @typedef {ReturnType<typeof mount>} Api
 *
 * @param {Comparison} payload
 * @param {{onRun?: (asked: {source: string, texts: Record<string, string>}) => void, onStop?: () => void,
 *          onStep?: (step: number) => void}} [callbacks]
 */
export function mount(element, payload, callbacks = {}) {
  const t = (/** @type {string} */ key) => state.payload.strings[key] ?? "";
  const state = { payload, mode: "memory", running: false, edited: false };
  const root = h("div", { class: "backstep compare", "data-testid": "compare", tabindex: "0", lang: payload.language === "zh" ? "zh-CN" : "en" });
  element.replaceChildren(root);

  const codePlace = h("div", { class: "pane code", "data-testid": "code" });
  const notices = h("div", { class: "notices" });
  const columnsPlace = h("div", { class: "columns" });
  const steps = stepping(root, {
    t, run, show,
    editable: true,
    recording: () => state.payload,
    onStep: (row) => callbacks.onStep?.(row),
    stop: () => callbacks.onStop?.(),
    clear: () => root.focus(),
  });
  const over = veil(root, { t, run, undo: undoEdit });
  const where = h("div", { class: "where" }, steps.counter, steps.phase);
  const modes = h("div", { class: "modes", role: "group", "aria-label": t("picture") });
  const title = h("h3", { text: t("program") });
  const legend = h("div", { class: "signs", "aria-hidden": "true" }, ...["cells", "tag", "array", "saved"].map((sign) => h("div", { class: `sign-of-${sign}` }, h("i", {}), h("span", { text: t(`key_${sign}`) }))));
  fill(
    root,
    h("div", { class: "left" }, h("div", { class: "pane common" }, title, codePlace, notices, over.element, legend)),
    columnsPlace,
    h("div", { class: "bottom" }, steps.controls, steps.timeline, where, modes),
  );

  /** @type {ReturnType<typeof drawnColumn>[]} */
  let columns = [];
  const code = codePane(codePlace, { t, editable: true, onLine, onRun: run, onEdit: edited, label: t("program") });
  for (const mode of ["memory", "graph"]) {
    modes.append(h("button", { type: "button", class: "tool", "data-mode": mode, text: t(mode), on: { click: () => setMode(mode) } }));
  }

  function onLine(/** @type {number} */ line) {
    const row = state.edited ? null : stepOfLine(state.payload.steps, line, steps.now());
    if (row !== null) steps.go(row);
  }

  function show() {
    const row = steps.now();
    steps.show();
    if (!state.edited) code.setLine(lineInTemplate(state.payload.steps[row].line ?? 0));
    for (const column of columns) column.show(row);
  }

  /** The common program's line; a variant's own lines stand where the mark is. */
  function lineInTemplate(/** @type {number} */ line) {
    const { mark } = state.payload;
    const n = Math.max(0, ...state.payload.columns.map((column) => column.text.trimEnd().split("\n").length));
    return mark && line >= mark && line < mark + n ? mark : line;
  }

  function texts() {
    return Object.fromEntries(columns.map((column, i) => [state.payload.columns[i].slug, column.text()]));
  }

  function run() {
    callbacks.onRun?.({ source: code.text(), texts: texts() });
  }

  function edited() {
    const { payload: shown } = state;
    state.edited = code.text() !== shown.source || columns.some((column, i) => column.text() !== shown.columns[i].text);
    if (state.edited) code.setLine(0);
    showVeil();
  }

  /** The line that differs is marked and told below the code. */
  function markOwn() {
    const { mark } = state.payload;
    code.setMarks(mark ? [{ line: mark, tone: "differs", text: t("own_here") }] : []);
  }

  function undoEdit() {
    code.setText(state.payload.source);
    markOwn();
    columns.forEach((column, i) => column.setText(state.payload.columns[i].text));
    edited();
    show();
    root.focus();
  }

  function showVeil() {
    over.show(state);
  }

  function setMode(/** @type {string} */ mode) {
    state.mode = root.dataset.picture = mode;
    for (const button of modes.children) button.setAttribute("aria-pressed", String(/** @type {HTMLElement} */ (button).dataset.mode === mode));
    for (const column of columns) column.setMode(mode);
  }

  function rebuild() {
    const { payload: shown } = state;
    for (const column of columns) column.destroy();
    columns = shown.columns.map((column) => drawnColumn(column, { t, onRun: run, onEdit: edited, onLine }));
    fill(columnsPlace, ...columns.map((column) => column.element));
    root.dataset.columns = String(columns.length);
    steps.rebuild();
    fill(notices, ...(shown.notices ?? []).map((text) => h("p", {}, ...prose(text))));
    code.setText(shown.source);
    markOwn();
    state.edited = false;
    setMode(state.mode);
    show();
    showVeil();
  }

  rebuild();

  /** Every word changes: build anew, keep the moment. @param {Comparison} next */
  function inAnotherLanguage(next) {
    const { running, mode } = state;
    const isSame = next.run_key === state.payload.run_key;
    api.destroy();
    Object.assign(api, mount(element, isSame ? { ...next, start_step: steps.now() } : next, callbacks));
    api.setMode(mode);
    api.setRunning(running);
  }

  const api = {
    /** @param {Comparison} next the same runs keep the moment and what was typed */
    update(next) {
      if (next.language !== state.payload.language) {
        inAnotherLanguage(next);
        return;
      }
      const isSame = next.run_key === state.payload.run_key;
      if (isSame && state.edited) return;
      state.payload = next;
      steps.open(isSame ? steps.now() : (next.start_step ?? 0));
      rebuild();
    },
    /** @param {boolean} running */
    setRunning(running) {
      state.running = running;
      steps.setRunning(running);
      showVeil();
    },
    setMode,
    destroy() {
      steps.destroy();
      for (const column of columns) column.destroy();
      root.remove();
    },
  };
  return api;
}
