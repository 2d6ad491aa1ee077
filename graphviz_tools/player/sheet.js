// @ts-check
/**
 * The coloured text below the editor. It is cut into blocks of lines: a key press colours the lines that it
 * changed and draws the block they are in, and the browser skips blocks outside the view.
 */

import { h } from "./dom.js";
import { highlightLine } from "./highlight.js";

const BLOCK = 50; // lines
const LONG = 400; // lines from which blocks outside the view are skipped

/** @typedef {{element: HTMLElement, n: number}} Block */
/** @typedef {{keep: number, end: number, grown: number}} Change lines `keep`..`end` (new numbers) are others; `grown` more than before */

/**
 * @param {HTMLElement} place
 * @param {number} rowPx height of a line
 */
export function sheet(place, rowPx) {
  /** @type {string[]} */
  let lines = [];
  /** @type {any[]} what each line begins in: Open of highlight.js */
  let opens = [""];
  /** @type {Block[]} */
  let blocks = [];

  /** @param {string} text @returns {number} how many lines it has */
  function draw(text) {
    const now = text.split("\n");
    const change = colour(now);
    lines = now;
    place.classList.toggle("long", lines.length > LONG);
    if (change.end > change.keep || change.grown || !blocks.length) replace(change);
    return lines.length;
  }

  /** Follow strings over the changed lines, and on until a line begins in what it began in before. */
  function colour(/** @type {string[]} */ now) {
    const { keep, end } = changedLines(lines, now);
    const grown = now.length - lines.length;
    const before = opens;
    opens = before.slice(0, keep + 1);
    let line = keep;
    while (line < now.length && (line < end || opens[line] !== before[line - grown])) {
      opens.push(highlightLine(now[line], opens[line]).open);
      line += 1;
    }
    for (let rest = line + 1; rest <= now.length; rest += 1) opens.push(before[rest - grown]);
    return { keep, end: line, grown };
  }

  function replace(/** @type {Change} */ { keep, end, grown }) {
    const { first, past, from, to } = touched(blocks, keep, end - grown);
    const fresh = [];
    for (let line = from; line < to + grown; line += BLOCK) fresh.push(block(line, Math.min(line + BLOCK, to + grown)));
    const after = blocks[past]?.element ?? null;
    for (const old of blocks.slice(first, past)) old.element.remove();
    for (const one of fresh) place.insertBefore(one.element, after);
    blocks = [...blocks.slice(0, first), ...fresh, ...blocks.slice(past)];
  }

  /** @returns {Block} */
  function block(/** @type {number} */ from, /** @type {number} */ to) {
    const element = h("div", { class: "block-of-lines" });
    let widest = 0;
    for (let line = from; line < to; line += 1) {
      for (const [kind, text] of highlightLine(lines[line], opens[line]).pieces) element.append(kind ? h("span", { class: kind, text }) : text);
      if (line < to - 1) element.append("\n");
      widest = Math.max(widest, lines[line].length);
    }
    element.append("\u200b"); // an empty last line has a height too
    element.style.containIntrinsicSize = `${widest + 2}ch ${(to - from) * rowPx}px`;
    return { element, n: to - from };
  }

  return { draw };
}

/** The lines of `now`, keep (inclusive) to end (exclusive), that are not as in `before`. @param {string[]} before @param {string[]} now */
export function changedLines(before, now) {
  const shorter = Math.min(before.length, now.length);
  let keep = 0;
  while (keep < shorter && before[keep] === now[keep]) keep += 1;
  let same = 0;
  while (same < shorter - keep && before[before.length - 1 - same] === now[now.length - 1 - same]) same += 1;
  return { keep, end: now.length - same };
}

/**
 * The blocks (first inclusive, past exclusive) that hold old lines keep..end, and the old lines they hold.
 * @param {Array<{n: number}>} blocks @param {number} keep @param {number} end
 */
export function touched(blocks, keep, end) {
  let first = 0;
  let from = 0;
  while (first < blocks.length - 1 && from + blocks[first].n <= keep) from += blocks[first++].n;
  let past = first;
  let to = from;
  while (past < blocks.length && (to < end || past === first)) to += blocks[past++].n;
  return { first, past, from, to };
}
