// @ts-check
/** The backward runs to choose from, where there are several; the one that the step belongs to is the chosen one. */

import { fill, h } from "./dom.js";

const MOST_IN_WORDS = 3;

/**
 * @param {HTMLElement} place
 * @param {import("./payload").ShownRun[]} runs
 * @param {{t: (key: string) => string, onGo: (step: number) => void}} options
 */
export function runTabs(place, runs, { t, onGo }) {
  const tabs = runs.map(({ step, title, about = "" }, i) =>
    h("button", {
      type: "button", class: "tool", title: about || title, "aria-label": about ? `${title}, ${about}` : title,
      text: runs.length > MOST_IN_WORDS ? String(i + 1) : title, on: { click: () => onGo(step) },
    }));
  place.setAttribute("aria-label", t("backward_run"));
  place.hidden = runs.length < 2;
  fill(place, ...(runs.length > MOST_IN_WORDS ? [h("span", { text: t("backward_run") })] : []), ...tabs);

  return {
    /** @param {number | undefined} run */
    show(run) {
      tabs.forEach((tab, i) => tab.setAttribute("aria-pressed", String(runs[i].run === run)));
    },
  };
}
