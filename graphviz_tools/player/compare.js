// @ts-check
/**
 * The comparison: one program with a marked line, its variants side by side, all at the same moment.
 *
 * It is given plain data (comparison.py) and follows one number, the row. All stepping happens here.
 */

import { codePane } from "./code.js";
import { drawnColumn } from "./column.js";
import { controls } from "./controls.js";
import { fill, h, prose } from "./dom.js";
import { keys } from "./keys.js";
import { timeline } from "./timeline.js";
import { throttled } from "./throttle.js";
import { clamp, stepOfLine } from "./tracks.js";

const TELL_MS = 100; // between two calls of onStep

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
  const state = { payload, row: clamp(payload.start_step ?? 0, payload.steps.length - 1), mode: "memory", running: false, edited: false };
  const root = h("div", { class: "backstep compare", "data-testid": "compare", tabindex: "0", lang: payload.language === "zh" ? "zh-CN" : "en" });
  element.replaceChildren(root);

  const codePlace = h("div", { class: "pane code", "data-testid": "code" });
  const veil = h("div", { class: "veil", role: "status", hidden: true });
  const notices = h("div", { class: "notices" });
  const columnsPlace = h("div", { class: "columns" });
  const counter = h("output", { class: "counter", "data-testid": "step-counter" });
  const phase = h("span", { class: "phase" });
  const where = h("div", { class: "where" }, counter, phase);
  const modes = h("div", { class: "modes", role: "group", "aria-label": t("picture") });
  const controlPlace = h("div", { class: "controls" });
  const timePlace = h("div", { class: "timeline" });
  const title = h("h3", { text: t("program") });
  const legend = h("div", { class: "signs", "aria-hidden": "true" }, ...["cells", "tag", "array", "saved"].map((sign) => h("div", { class: `sign-of-${sign}` }, h("i", {}), h("span", { text: t(`key_${sign}`) }))));
  fill(
    root,
    h("div", { class: "left" }, h("div", { class: "pane common" }, title, codePlace, notices, veil, legend)),
    columnsPlace,
    h("div", { class: "bottom" }, controlPlace, timePlace, where, modes),
  );

  /** @type {ReturnType<typeof drawnColumn>[]} */
  let columns = [];
  let time = timeline(timePlace, payload, { t, onGo: go });
  const code = codePane(codePlace, { t, editable: true, onLine, onRun: run, onEdit: edited, label: t("program") });
  const last = () => state.payload.steps.length - 1;
  const control = controls(controlPlace, h("div", {}), {
    t,
    editable: true,
    step: () => state.row,
    last,
    bands: () => state.payload.bands ?? [],
    failure: () => null,
    go,
    run,
    stop: () => callbacks.onStop?.(),
    view: () => null,
    find: () => {},
  });
  const unbind = keys(root, { go, step: () => state.row, last, control, find: () => {}, clear: () => root.focus(), walk: () => {} });
  const tell = throttled((/** @type {number} */ row) => callbacks.onStep?.(row), TELL_MS);
  for (const mode of ["memory", "graph"]) {
    modes.append(h("button", { type: "button", class: "tool", "data-mode": mode, text: t(mode), on: { click: () => setMode(mode) } }));
  }

  function go(/** @type {number} */ row) {
    state.row = clamp(row, last());
    show();
    tell.call(state.row);
  }

  function onLine(/** @type {number} */ line) {
    const row = state.edited ? null : stepOfLine(state.payload.steps, line, state.row);
    if (row !== null) go(row);
  }

  function show() {
    const { payload: shown, row } = state;
    const at = shown.steps[row];
    counter.textContent = `${row} / ${last()}`;
    phase.textContent = t(at.phase);
    root.dataset.phase = at.phase;
    time.show(row);
    if (!state.edited) code.setLine(lineInTemplate(at.line ?? 0));
    for (const column of columns) column.show(row);
    control.show();
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
    const { edited: isEdited, running } = state;
    root.classList.toggle("stale", isEdited || running);
    veil.hidden = !(isEdited || running);
    if (running) fill(veil, h("span", { class: "spinner", "aria-hidden": "true" }), h("span", { text: t("running") }));
    else if (isEdited) {
      fill(
        veil,
        h("span", { text: t("stale") }),
        h("button", { type: "button", class: "primary", text: t("run_again"), on: { click: run } }),
        h("button", { type: "button", text: t("undo_edit"), on: { click: undoEdit } }),
      );
    }
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
    time = timeline(timePlace, shown, { t, onGo: go });
    control.rebuild(false);
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
    const { running, row, mode } = state;
    const isSame = next.run_key === state.payload.run_key;
    api.destroy();
    Object.assign(api, mount(element, isSame ? { ...next, start_step: row } : next, callbacks));
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
      if (!isSame) state.row = clamp(next.start_step ?? 0, next.steps.length - 1);
      state.row = clamp(state.row, last());
      control.pause();
      rebuild();
    },
    /** @param {boolean} running */
    setRunning(running) {
      state.running = running;
      control.setRunning(running);
      showVeil();
    },
    setMode,
    destroy() {
      control.pause();
      tell.cancel();
      for (const column of columns) column.destroy();
      unbind();
      root.remove();
    },
  };
  return api;
}
