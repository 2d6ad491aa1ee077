// @ts-check
/** The step that is shown: what moves it (buttons, keys, timeline), what tells it, and who hears of it. */

import { controls } from "./controls.js";
import { h } from "./dom.js";
import { keys } from "./keys.js";
import { throttled } from "./throttle.js";
import { timeline } from "./timeline.js";
import { clamp } from "./tracks.js";

const TELL_MS = 100; // between two calls of onStep
const LEAVING = ["pointerdown", "pagehide"]; // what may lead away: the last step is told before

/**
 * @typedef {Pick<import("./payload").Payload, "steps" | "bands" | "marks" | "start_step" | "failure_step">} Recording
 *
 * @param {HTMLElement} root
 * @param {object} player
 * @param {(key: string) => string} player.t
 * @param {boolean} player.editable
 * @param {() => Recording} player.recording
 * @param {() => void} player.show the step now
 * @param {(step: number) => void} player.onStep
 * @param {() => void} player.run
 * @param {() => void} player.stop
 * @param {() => void} player.clear nothing is to be selected
 * @param {() => import("./graph.js").Picture | null} [player.picture]
 * @param {() => void} [player.find]
 */
export function stepping(root, { t, editable, recording, show, onStep, run, stop, clear, picture = () => null, find = () => {} }) {
  const counter = h("output", { class: "counter", "data-testid": "step-counter" });
  const phase = h("span", { class: "phase" });
  const controlPlace = h("div", { class: "controls" });
  const timePlace = h("div", { class: "timeline" });
  const tools = h("div", { class: "tools" });
  let step = clamp(recording().start_step ?? 0, last());
  let time = /** @type {ReturnType<typeof timeline> | null} */ (null);
  const moved = { go, last, find, step: () => step };
  const control = controls(controlPlace, tools, {
    ...moved,
    t,
    editable,
    run,
    stop,
    bands: () => recording().bands,
    failure: () => recording().failure_step ?? null,
    view: () => picture()?.view,
  });
  const unbind = keys(root, { ...moved, control, clear, walk: (by) => picture()?.walk(by) });
  const tell = throttled(onStep, TELL_MS);
  for (const event of LEAVING) addEventListener(event, tell.flush, true);

  function last() {
    return recording().steps.length - 1;
  }

  function go(/** @type {number} */ next) {
    picture()?.select(null);
    step = clamp(next, last());
    show();
    tell.call(step);
  }

  return {
    counter, phase, controls: controlPlace, timeline: timePlace, tools, go,
    now: () => step,
    isLast: () => step === last(),
    /** @param {boolean} [atOnce] tell findings before their step */
    show(atOnce = true) {
      const at = recording().steps[step];
      counter.textContent = `${step} / ${last()}`;
      phase.textContent = t(at.phase);
      root.dataset.phase = at.phase;
      time?.show(step, atOnce);
      control.show();
    },
    /** Another recording, or the same told anew, at a step. @param {number} next */
    open(next) {
      step = clamp(next, last());
      control.pause();
    },
    rebuild() {
      time = timeline(timePlace, recording(), { t, onGo: go });
      control.rebuild(!!picture(), !!picture()?.view);
    },
    tell: () => tell.call(step),
    setRunning: control.setRunning,
    destroy() {
      control.pause();
      unbind();
      for (const event of LEAVING) removeEventListener(event, tell.flush, true);
      tell.cancel();
    },
  };
}
