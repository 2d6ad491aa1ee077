// @ts-check
/**
 * Lines between panes that stand side by side: drag one, or press its arrow keys, and the two panes beside it share
 * their width anew. A double click gives all panes their first widths back. The browser remembers.
 */

import { h } from "./dom.js";
import { keep, kept } from "./kept.js";

const KEPT = "backstep.widths";
const LEAST_PX = 180; // of a pane
const KEY_SHARE = 0.04; // of both panes, that one press of a key moves

/**
 * @param {HTMLElement} root a grid whose columns are `var(--name)` for each pane's name
 * @param {Record<string, {pane: HTMLElement, label?: string}>} columns from left to right; `label` tells what the line
 *          at the pane's left does
 */
export function splitters(root, columns) {
  const names = Object.keys(columns);
  let shares = keptShares(names);
  const bars = names.slice(1).map((name, i) => drawnBar(names[i], name));
  apply();

  function apply() {
    for (const name of names) {
      if (shares) root.style.setProperty(`--${name}`, `${shares[name]}fr`);
      else root.style.removeProperty(`--${name}`);
    }
    for (const bar of bars) bar.tell();
  }

  function widths() {
    return Object.fromEntries(names.map((name) => [name, columns[name].pane.getBoundingClientRect().width]));
  }

  /** @param {string} before @param {string} after @param {(width: number, both: number) => number} wanted of `before` */
  function share(before, after, wanted) {
    const now = widths();
    const both = now[before] + now[after];
    const width = Math.max(LEAST_PX, Math.min(both - LEAST_PX, wanted(now[before], both)));
    shares = { ...now, [before]: width, [after]: both - width };
    apply();
    keep(KEPT, JSON.stringify(shares));
  }

  function reset() {
    shares = null;
    apply();
    keep(KEPT, null);
  }

  /** @param {string} before @param {string} after */
  function drawnBar(before, after) {
    const element = h("div", {
      class: `splitter before-${after}`, role: "separator", "aria-orientation": "vertical", tabindex: "0",
      "aria-label": columns[after].label, title: columns[after].label, "aria-valuemin": "0", "aria-valuemax": "100",
    });
    /** @type {Record<string, (width: number, both: number) => number>} */
    const moves = {
      ArrowLeft: (width, both) => width - KEY_SHARE * both,
      ArrowRight: (width, both) => width + KEY_SHARE * both,
      Home: () => 0,
      End: (_, both) => both,
    };
    element.addEventListener("keydown", (event) => {
      if (!moves[event.key]) return;
      event.preventDefault();
      event.stopPropagation(); // the player's own arrows go through the steps
      share(before, after, moves[event.key]);
    });
    element.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      element.focus();
      element.setPointerCapture(event.pointerId);
    });
    element.addEventListener("pointermove", (event) => {
      if (!element.hasPointerCapture(event.pointerId)) return;
      const left = columns[before].pane.getBoundingClientRect().left + element.getBoundingClientRect().width / 2;
      share(before, after, () => event.clientX - left);
    });
    element.addEventListener("dblclick", reset);
    columns[after].pane.before(element);

    function tell() {
      const now = widths();
      const both = now[before] + now[after];
      element.setAttribute("aria-valuenow", String(both ? Math.round((100 * now[before]) / both) : 50));
    }
    return { tell };
  }
}

/** @param {string[]} names @returns {Record<string, number> | null} null for the first widths */
function keptShares(names) {
  try {
    const found = JSON.parse(kept(KEPT) ?? "null");
    return found && names.every((name) => Number.isFinite(found[name]) && found[name] > 0) ? found : null;
  } catch {
    return null; // it holds something else
  }
}
