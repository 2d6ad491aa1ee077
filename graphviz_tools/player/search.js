// @ts-check
/** Search among the vertices: / opens it, arrows and Enter go through the hits, Esc closes it. */

import { fill, format, h } from "./dom.js";

/**
 * @param {HTMLElement} place
 * @param {{t: (key: string) => string, vertices: () => Record<string, import("./payload").ShownVertex>, onPick: (id: string) => void, onClose: () => void}} options
 */
export function search(place, { t, vertices, onPick, onClose }) {
  const input = h("input", { type: "search", placeholder: t("search"), "aria-label": t("search"), "data-testid": "search" });
  const count = h("output", { class: "hits" });
  let hits = /** @type {string[]} */ ([]);
  let position = 0;
  fill(place, input, count);
  place.hidden = true;

  function find() {
    const wanted = input.value.trim().toLowerCase();
    hits = wanted ? Object.entries(vertices()).flatMap(([id, v]) => ((v.search ?? v.title).toLowerCase().includes(wanted) ? [id] : [])) : [];
    position = 0;
    tell();
  }

  function tell() {
    count.textContent = input.value.trim() ? format(t("hits"), { n: hits.length ? position + 1 : 0, total: hits.length }) : "";
    if (hits.length) onPick(hits[position]);
  }

  function close() {
    place.hidden = true;
    onClose();
  }

  input.addEventListener("input", find);
  input.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape") close();
    else if (["Enter", "ArrowDown", "ArrowRight"].includes(event.key) && hits.length) position = (position + 1) % hits.length;
    else if (["ArrowUp", "ArrowLeft"].includes(event.key) && hits.length) position = (position + hits.length - 1) % hits.length;
    else return;
    event.preventDefault();
    if (event.key !== "Escape") tell();
  });

  return {
    toggle() {
      if (!place.hidden) {
        close();
        return;
      }
      place.hidden = false;
      input.focus();
      input.select();
    },
  };
}
