// @ts-check
/**
 * The player: code, picture, inspector and timeline over one recorded run.
 *
 * It is given plain data (payload.py) and shows one step of it at a time. All stepping happens here.
 */

import { codePane } from "./code.js";
import { controls } from "./controls.js";
import { desk } from "./desk.js";
import { fill, format, h, prose } from "./dom.js";
import { isAtOnce, remember } from "./findings.js";
import { graph } from "./graph.js";
import { inspector } from "./inspector.js";
import { keys } from "./keys.js";
import { output } from "./output.js";
import { paneTabs } from "./panes.js";
import { runTabs } from "./runs.js";
import { search } from "./search.js";
import { splitters } from "./splitter.js";
import { table } from "./table.js";
import { timeline } from "./timeline.js";
import { throttled } from "./throttle.js";
import { at as contentAt, clamp, stepOfLine } from "./tracks.js";

const TELL_MS = 100; // between two calls of onStep
const LEAVING = ["pointerdown", "pagehide"]; // what may lead away: the last step is told before

/**
 * @param {HTMLElement} element
 * @typedef {import("./payload").Payload} Payload
 *
 * @param {Payload} payload
 * @param {{onRun?: (source: string, lesson?: string, isRecalled?: boolean) => void, onStop?: () => void,
 *          onStep?: (step: number, run?: number) => void, onDesk?: (asked: {run: number} | {lesson: string}) => void}} [callbacks]
 *   `isRecalled`: it ran in this tab before the page was loaded anew; `onDesk`: another run's picture, another program
 */
export function mount(element, payload, callbacks = {}) {
  const t = (/** @type {string} */ key) => state.payload.strings[key] ?? "";
  const state = { payload, step: clamp(payload.start_step ?? 0, payload.steps.length - 1), running: false, edited: false, sent: "", atOnce: !!payload.at_once || isAtOnce() };
  const root = h("div", { class: "backstep", "data-testid": "player", tabindex: "0", lang: payload.language === "zh" ? "zh-CN" : "en" });
  element.replaceChildren(root);

  const codePlace = h("div", { class: "pane code", "data-testid": "code" });
  const textPlace = h("div", { class: "text" });
  const ownPlace = h("div", { class: "own", hidden: true });
  fill(codePlace, ownPlace, textPlace);
  const atOnce = h("input", { type: "checkbox", checked: state.atOnce, "data-testid": "at-once" });
  atOnce.addEventListener("change", () => {
    state.atOnce = atOnce.checked;
    remember(state.atOnce);
    show();
  });
  const findings = h("label", { class: "at-once", title: t("at_once_why"), hidden: !!payload.at_once }, atOnce, t("at_once"));
  const printed = output(t);
  const frame = h("div", { class: "frame" });
  const veil = h("div", { class: "veil", role: "status", hidden: true });
  const searchPlace = h("div", { class: "search" });
  const legend = h("details", { class: "legend" });
  const notices = h("div", { class: "notices", tabindex: "0" });
  const tools = h("div", { class: "tools" });
  const strip = h("div", { class: "strip" }, legend, tools);
  const graphPane = h("div", { class: "pane graph" }, frame, strip, notices, searchPlace, veil);
  const now = h("div", { class: "now", "data-testid": "inspector", tabindex: "0", role: "region" });
  const counter = h("output", { class: "counter", "data-testid": "step-counter" });
  const phase = h("span", { class: "phase" });
  const runPlace = h("div", { class: "runs", role: "group", hidden: true });
  const nowPane = h("div", { class: "pane inspector" }, h("div", { class: "where" }, counter, phase, runPlace), now);
  const controlPlace = h("div", { class: "controls" });
  const timePlace = h("div", { class: "timeline" });
  const left = h("div", { class: "left" }, codePlace, findings, printed.element);
  const tabs = h("div", { class: "pane-tabs" });
  fill(root, left, graphPane, nowPane, h("div", { class: "bottom" }, tabs, controlPlace, timePlace));
  splitters(root, { left: { pane: left }, graph: { pane: graphPane, label: t("width_of_code") }, now: { pane: nowPane, label: t("width_of_step") } });
  paneTabs(tabs, root, [[t("picture"), graphPane], [t("code"), left]]);

  /** @type {import("./graph.js").Picture | null} */
  let picture = null;
  let inspect = inspector(now, payload, pick);
  let time = timeline(timePlace, payload, { t, onGo: go });
  let runs = runTabs(runPlace, payload.runs ?? [], { t, onGo: go });
  const code = codePane(textPlace, {
    t,
    editable: !!payload.editable,
    onLine: (line) => {
      const step = state.edited ? null : stepOfLine(state.payload.steps, line, state.step);
      if (step !== null) go(step);
    },
    onStep: (step) => !state.edited && go(step),
    onRun: () => run(),
    onEdit: edited,
  });
  const own = desk(ownPlace, {
    t, run,
    payload: () => state.payload,
    text: () => code.text(),
    replace: (text) => code.replaceText(text),
    onDesk: (asked) => callbacks.onDesk?.(asked),
  });
  const control = controls(controlPlace, tools, {
    t,
    editable: !!payload.editable,
    step: () => state.step,
    last: () => state.payload.steps.length - 1,
    bands: () => state.payload.bands ?? [],
    failure: () => state.payload.failure_step ?? null,
    go,
    run: () => run(),
    stop: () => callbacks.onStop?.(),
    view: () => picture?.view,
    find: () => finder.toggle(),
  });
  const finder = search(searchPlace, { t, vertices: () => state.payload.vertices, onPick: (id) => { pick(id); picture?.closeUp?.(id); }, onClose: () => root.focus() });
  const unbind = keys(root, { go, step: () => state.step, last: () => state.payload.steps.length - 1, control, find: () => finder.toggle(), clear: () => pick(null), walk: (by) => picture?.walk(by) });
  const tell = throttled((/** @type {number} */ step) => callbacks.onStep?.(step, runAt(step)), TELL_MS);
  const wantPicture = throttled((/** @type {number} */ of) => callbacks.onDesk?.({ run: of }), TELL_MS);

  for (const event of LEAVING) addEventListener(event, tell.flush, true);

  function go(/** @type {number} */ step) {
    const next = clamp(step, state.payload.steps.length - 1);
    picture?.select(null);
    state.step = next;
    show();
    tell.call(next);
  }

  /** The backward run that a step belongs to. */
  function runAt(/** @type {number} */ step) {
    return contentAt(state.payload.turns, step, /** @type {number | undefined} */ (undefined));
  }

  /** Whether the picture is of the run that the step belongs to. */
  function isOfThisRun() {
    const { drawn_run: drawn } = state.payload;
    const run = runAt(state.step);
    return drawn === undefined || run === undefined || run === drawn;
  }

  function show() {
    const { payload: shown, step } = state;
    const at = shown.steps[step];
    counter.textContent = `${step} / ${shown.steps.length - 1}`;
    phase.textContent = t(at.phase);
    root.dataset.phase = at.phase;
    picture?.show(step);
    const places = inspect.show(step, picture?.selected() ?? null);
    picture?.point(places);
    time.show(step, state.atOnce);
    if (!state.edited) code.showMarks(step, state.atOnce);
    runs.show(runAt(step));
    const run = runAt(step);
    if (run !== undefined && !isOfThisRun() && !state.edited && !state.running) wantPicture.call(run);
    showVeil();
    if (!state.edited) code.setLine(at.line ?? 0);
    printed.show(step === shown.steps.length - 1 ? shown.stdout : shown.stdout.slice(0, at.printed ?? 0), !!shown.stdout);
    control.show();
  }

  function pick(/** @type {string | null} */ id) {
    if (!picture) return;
    picture.select(id);
    picture.point(inspect.show(state.step, id));
    const line = id ? state.payload.vertices[id].line : state.payload.steps[state.step].line;
    if (!state.edited) code.setLine(line ?? 0);
  }

  function run(isRecalled = false) {
    if (!payload.editable) return;
    own.keep();
    own.begin();
    state.sent = code.text();
    callbacks.onRun?.(state.sent, state.payload.own?.key, isRecalled);
  }

  function edited() {
    const { payload: shown } = state;
    const isEdited = code.text() !== shown.source;
    if (state.edited && !isEdited) code.setMarks(shown.line_marks ?? []);
    setEdited(isEdited);
    if (!isEdited) show();
    own.edited();
  }

  /** What this tab showed of the program before the page was loaded anew, or left. */
  function recall() {
    const known = own.wasRestored() ? null : own.recalled();
    if (known) api.type(known.text);
    if (known?.hasRun && state.payload.source === state.payload.own?.source) run(true);
    own.show();
  }

  function setEdited(/** @type {boolean} */ edited) {
    state.edited = edited;
    if (edited) code.setLine(0);
    showVeil();
  }

  function showVeil() {
    const { edited, running } = state;
    const isOther = !isOfThisRun();
    root.classList.toggle("stale", edited || running || isOther);
    veil.hidden = !(edited || running || isOther);
    if (running) fill(veil, h("span", { class: "spinner", "aria-hidden": "true" }), h("span", { text: t("running") }));
    else if (edited) {
      fill(
        veil,
        h("span", { text: t("stale") }),
        h("button", { type: "button", class: "primary", text: t("run_again"), on: { click: () => run() } }),
        h("button", { type: "button", text: t("undo_edit"), on: { click: undoEdit } }),
      );
    } else if (isOther) {
      const wanted = state.payload.runs?.find((one) => one.run === runAt(state.step));
      fill(veil, h("span", { text: format(t("run_drawing"), { run: wanted?.title ?? "" }) }));
    }
  }

  function undoEdit() {
    code.replaceText(state.payload.source);
    root.focus();
  }

  /** @param {Payload} [was] the payload before */
  function rebuild(was) {
    const shown = state.payload;
    const view = was && was.run_key === shown.run_key && was.svg === shown.svg ? picture?.view?.state() : null;
    picture?.destroy();
    picture = graph(frame, shown, pick) ?? table(frame, shown, pick);
    if (!picture) fill(frame, h("p", { class: "no-picture" }, ...prose(shown.no_picture || "")));
    inspect.destroy();
    inspect = inspector(now, shown, pick);
    time = timeline(timePlace, shown, { t, onGo: go });
    runs = runTabs(runPlace, shown.runs ?? [], { t, onGo: go });
    control.rebuild(!!picture, !!picture?.view);
    fill(legend, h("summary", { text: t("legend") }), ...(shown.legend ?? []).map(([kind, text]) => h("div", { class: `key key-${kind}` }, h("i", {}), h("span", { text }))));
    legend.hidden = !picture || !shown.legend?.length;
    notices.hidden = !shown.notices?.length;
    fill(notices, ...(shown.notices ?? []).map((text) => h("p", {}, ...prose(text))));
    if (!state.edited) {
      code.setText(shown.source);
      code.setMarks(shown.line_marks ?? []);
    }
    show();
    return () => view && picture?.view?.restore(view); // last: showing a step or a selection moves the view
  }

  /** Every word changes: build anew, keep step and typed text. @param {Payload} next @param {boolean} isArrival */
  function inAnotherLanguage(next, isArrival) {
    const isSameRun = next.run_key === state.payload.run_key;
    const typed = state.edited ? code.text() : null;
    const running = state.running;
    api.destroy();
    Object.assign(api, mount(element, isSameRun && !isArrival ? { ...next, start_step: state.step } : next, callbacks));
    if (typed !== null) api.type(typed);
    api.setRunning(running);
  }

  const api = {
    /**
     * @param {Payload} next the same run keeps step, selection and typed text; a new one starts where it says
     * @param {boolean} [isArrival] an address was opened: the step is the one it says
     */
    update(next, isArrival = false) {
      if (next.language !== state.payload.language) {
        inAnotherLanguage(next, isArrival);
        return;
      }
      const isSameRun = next.run_key === state.payload.run_key;
      const selected = isSameRun ? picture?.selected() : null;
      const was = state.payload;
      own.keep();
      state.payload = next;
      const isOther = was.own?.key !== next.own?.key;
      if (isOther) code.open(next.source);
      root.lang = next.language === "zh" ? "zh-CN" : "en";
      if (!isSameRun) {
        const isTheirs = next.source === was.source || (state.edited && code.text() !== state.sent);
        state.edited = isTheirs && code.text() !== next.source && !isOther && !own.wasRestored();
      }
      if (!isSameRun || isArrival) state.step = next.start_step ?? 0;
      state.step = clamp(state.step, next.steps.length - 1);
      control.pause();
      const restoreView = rebuild(was);
      if (selected && next.vertices[selected]) pick(selected);
      restoreView();
      if (isOther) recall();
      own.keep();
      if (!isSameRun && !isOther && !isArrival) tell.call(state.step);
    },
    /** @param {boolean} running */
    setRunning(running) {
      state.running = running;
      control.setRunning(running);
      printed.setRunning(running);
      showVeil();
    },
    /** @param {string} text the last of what the running program has printed up to now */
    print: (text) => printed.print(text),
    /** @param {string} text put into the editor as if typed */
    type(text) {
      code.setText(text);
      setEdited(text !== state.payload.source);
    },
    destroy() {
      control.pause();
      own.destroy();
      for (const event of LEAVING) removeEventListener(event, tell.flush, true);
      tell.cancel();
      wantPicture.cancel();
      picture?.destroy();
      inspect.destroy();
      code.destroy();
      unbind();
      root.remove();
    },
  };
  rebuild();
  if (payload.start_vertex) pick(payload.start_vertex);
  recall();
  return api;
}
