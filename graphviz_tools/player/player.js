// @ts-check
/**
 * The player: code, picture, inspector and timeline over one recorded run.
 *
 * It is given plain data (payload.py) and shows one step of it at a time (stepping.js).
 */

import { codePane } from "./code.js";
import { desk } from "./desk.js";
import { fill, format, h, prose } from "./dom.js";
import { isAtOnce, remember } from "./findings.js";
import { graph } from "./graph.js";
import { inspector } from "./inspector.js";
import { output } from "./output.js";
import { paneTabs } from "./panes.js";
import { runTabs } from "./runs.js";
import { search } from "./search.js";
import { splitters } from "./splitter.js";
import { stepping } from "./stepping.js";
import { table } from "./table.js";
import { throttled } from "./throttle.js";
import { at as contentAt, stepOfLine } from "./tracks.js";
import { veil } from "./veil.js";

const WANT_MS = 100; // between two wishes for another run's picture

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
  const state = { payload, running: false, edited: false, sent: "", atOnce: !!payload.at_once || isAtOnce() };
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
  const over = veil(root, { t, run: () => run(), undo: undoEdit });
  const searchPlace = h("div", { class: "search" });
  const legend = h("details", { class: "legend" });
  const notices = h("div", { class: "notices", tabindex: "0" });
  const steps = stepping(root, {
    t, show,
    editable: !!payload.editable,
    recording: () => state.payload,
    onStep: (step) => callbacks.onStep?.(step, runAt(step)),
    run: () => run(),
    stop: () => callbacks.onStop?.(),
    clear: () => pick(null),
    picture: () => picture,
    find: () => finder.toggle(),
  });
  const strip = h("div", { class: "strip" }, legend, steps.tools);
  const graphPane = h("div", { class: "pane graph" }, frame, strip, notices, searchPlace, over.element);
  const now = h("div", { class: "now", "data-testid": "inspector", tabindex: "0", role: "region" });
  const runPlace = h("div", { class: "runs", role: "group", hidden: true });
  const nowPane = h("div", { class: "pane inspector" }, h("div", { class: "where" }, steps.counter, steps.phase, runPlace), now);
  const left = h("div", { class: "left" }, codePlace, findings, printed.element);
  const tabs = h("div", { class: "pane-tabs" });
  fill(root, left, graphPane, nowPane, h("div", { class: "bottom" }, tabs, steps.controls, steps.timeline));
  splitters(root, { left: { pane: left }, graph: { pane: graphPane, label: t("width_of_code") }, now: { pane: nowPane, label: t("width_of_step") } });
  paneTabs(tabs, root, [[t("picture"), graphPane], [t("code"), left]]);

  /** @type {import("./graph.js").Picture | null} */
  let picture = null;
  let inspect = /** @type {ReturnType<typeof inspector> | null} */ (null);
  let runs = /** @type {ReturnType<typeof runTabs> | null} */ (null);
  const code = codePane(textPlace, {
    t,
    editable: !!payload.editable,
    onLine: (line) => {
      const step = state.edited ? null : stepOfLine(state.payload.steps, line, steps.now());
      if (step !== null) steps.go(step);
    },
    onStep: (step) => !state.edited && steps.go(step),
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
  const finder = search(searchPlace, { t, vertices: () => state.payload.vertices, onPick: (id) => { pick(id); picture?.closeUp?.(id); }, onClose: () => root.focus() });
  const wantPicture = throttled((/** @type {number} */ of) => callbacks.onDesk?.({ run: of }), WANT_MS);

  /** The backward run that a step belongs to. */
  function runAt(/** @type {number} */ step) {
    return contentAt(state.payload.turns, step, /** @type {number | undefined} */ (undefined));
  }

  /** Whether the picture is of the run that the step belongs to. */
  function isOfThisRun() {
    const { drawn_run: drawn } = state.payload;
    const run = runAt(steps.now());
    return drawn === undefined || run === undefined || run === drawn;
  }

  function show() {
    const { payload: shown } = state;
    const step = steps.now();
    const at = shown.steps[step];
    picture?.show(step);
    inspectVertex(picture?.selected() ?? null);
    steps.show(state.atOnce);
    if (!state.edited) code.showMarks(step, state.atOnce);
    const run = runAt(step);
    runs?.show(run);
    if (run !== undefined && !isOfThisRun() && !state.edited && !state.running) wantPicture.call(run);
    showVeil();
    if (!state.edited) code.setLine(at.line ?? 0);
    printed.show(steps.isLast() ? shown.stdout : shown.stdout.slice(0, at.printed ?? 0), !!shown.stdout);
  }

  function pick(/** @type {string | null} */ id) {
    if (!picture) return;
    picture.select(id);
    inspectVertex(id);
    const line = id ? state.payload.vertices[id].line : state.payload.steps[steps.now()].line;
    if (!state.edited) code.setLine(line ?? 0);
  }

  function inspectVertex(/** @type {string | null} */ id) {
    const places = inspect?.show(steps.now(), id) ?? [];
    picture?.point(places);
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
    const wanted = state.payload.runs?.find((one) => one.run === runAt(steps.now()));
    over.show({ ...state, drawing: isOfThisRun() ? "" : format(t("run_drawing"), { run: wanted?.title ?? "" }) });
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
    inspect?.destroy();
    inspect = inspector(now, shown, pick);
    runs = runTabs(runPlace, shown.runs ?? [], { t, onGo: steps.go });
    steps.rebuild();
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
    Object.assign(api, mount(element, isSameRun && !isArrival ? { ...next, start_step: steps.now() } : next, callbacks));
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
      steps.open(isSameRun && !isArrival ? steps.now() : (next.start_step ?? 0));
      const restoreView = rebuild(was);
      if (selected && next.vertices[selected]) pick(selected);
      restoreView();
      if (isOther) recall();
      own.keep();
      if (!isSameRun && !isOther && !isArrival) steps.tell();
    },
    /** @param {boolean} running */
    setRunning(running) {
      state.running = running;
      steps.setRunning(running);
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
      steps.destroy();
      own.destroy();
      wantPicture.cancel();
      picture?.destroy();
      inspect?.destroy();
      code.destroy();
      root.remove();
    },
  };
  rebuild();
  if (payload.start_vertex) pick(payload.start_vertex);
  recall();
  return api;
}
