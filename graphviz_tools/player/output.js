// @ts-check
/** What the program printed: up to a step of its recording, or up to now while it runs. */

import { h } from "./dom.js";

/** @param {(key: string) => string} t */
export function output(t) {
  const text = h("pre", { "data-testid": "output", tabindex: "0" });
  const element = h("div", { class: "pane output" }, h("h3", { text: t("output") }), text);
  let recorded = "";
  let isAny = false;
  let isRunning = false;
  let now = "";

  function show() {
    const isNew = isRunning && now !== "";
    text.textContent = isNew ? now : recorded;
    element.classList.toggle("before", isRunning && !isNew); // of the run before
    element.classList.toggle("live", isNew);
    element.hidden = !isAny && !isNew;
    if (isNew) text.scrollTop = text.scrollHeight;
  }

  return {
    element,
    /** @param {string} upToHere @param {boolean} hasPrinted whether the program printed at all */
    show(upToHere, hasPrinted) {
      [recorded, isAny] = [upToHere, hasPrinted];
      show();
    },
    /** @param {string} lines the last ones that the running program has printed */
    print(lines) {
      if (!isRunning || lines === now) return;
      now = lines;
      show();
    },
    /** @param {boolean} running what was printed before is no more than that from now on */
    setRunning(running) {
      if (running === isRunning) return;
      [isRunning, now] = [running, ""];
      show();
    },
  };
}
