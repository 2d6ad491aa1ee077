// @ts-check
/** What lies over a picture that is not, or not any more, of the text in the editor, and how to get one that is. */

import { fill, h } from "./dom.js";

/** @param {HTMLElement} root @param {{t: (key: string) => string, run: () => void, undo: () => void}} player */
export function veil(root, { t, run, undo }) {
  const element = h("div", { class: "veil", role: "status", hidden: true });

  /** @param {{running: boolean, edited: boolean, drawing?: string}} why `drawing`: another picture is on its way; "" for none */
  function show({ running, edited, drawing = "" }) {
    const isOld = running || edited || !!drawing;
    root.classList.toggle("stale", isOld);
    element.hidden = !isOld;
    if (running) fill(element, h("span", { class: "spinner", "aria-hidden": "true" }), h("span", { text: t("running") }));
    else if (edited) {
      fill(
        element,
        h("span", { text: t("stale") }),
        h("button", { type: "button", class: "primary", text: t("run_again"), on: { click: run } }),
        h("button", { type: "button", text: t("undo_edit"), on: { click: undo } }),
      );
    } else if (drawing) fill(element, h("span", { text: drawing }));
  }

  return { element, show };
}
