// @ts-check
/** Where the panes stand beside each other like pages, as on a phone: which of them is in view, and a button to each. */

import { fill, h } from "./dom.js";

/**
 * @param {HTMLElement} place
 * @param {HTMLElement} root what is swiped
 * @param {[string, HTMLElement][]} pages a word and the pane it leads to, in order
 */
export function paneTabs(place, root, pages) {
  const tabs = pages.map(([text, pane]) =>
    h("button", { type: "button", class: "pane-tab", text, on: { click: () => root.scrollTo({ left: pane.offsetLeft - pages[0][1].offsetLeft, behavior: "smooth" }) } }),
  );
  fill(place, ...tabs);

  function show() {
    const half = root.scrollLeft + root.clientWidth / 2;
    const shown = pages.findLastIndex(([, pane]) => pane.offsetLeft <= half);
    tabs.forEach((tab, i) => tab.setAttribute("aria-pressed", String(i === Math.max(0, shown))));
  }

  root.addEventListener("scroll", show, { passive: true });
  show();
}
