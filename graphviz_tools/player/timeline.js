// @ts-check
/** The timeline: a slider over two bands, forward and backward, with marks; and the step's place in it. */

import { fill, h } from "./dom.js";
import { toldAt } from "./findings.js";
import { grouped } from "./marks.js";

const SIGNS = { mutation: "✎", accumulation: "＋", failure: "✕", finding: "⚠", cut: "✂" };

/**
 * @param {HTMLElement} place
 * @param {Pick<import("./payload").Payload, "steps" | "bands" | "marks">} payload
 * @param {{t: (key: string) => string, onGo: (step: number) => void}} options
 */
export function timeline(place, payload, { t, onGo }) {
  const last = Math.max(1, payload.steps.length - 1);
  const percent = (/** @type {number} */ step) => `${(100 * step) / last}%`;
  const slider = h("input", { type: "range", min: "0", max: String(payload.steps.length - 1), step: "1", "aria-label": t("timeline"), class: "slider" });
  const hint = h("div", { class: "hint", "aria-hidden": "true", hidden: true });
  const rail = h("div", { class: "rail" }, ...(payload.bands ?? []).map(drawBand), slider, hint);
  fill(place, rail);

  let nTold = -1;

  function drawMarks(/** @type {import("./payload").Mark[]} */ told) {
    if (told.length === nTold) return;
    nTold = told.length;
    for (const mark of rail.querySelectorAll(".mark")) mark.remove();
    hint.before(...grouped(told, last).map(drawMark));
  }

  function drawBand(/** @type {import("./payload").Band} */ band) {
    const element = h("div", { class: `band ${band.phase}`, title: t(band.phase) }, h("span", { text: t(band.phase) }));
    const first = Math.max(0, band.first - 0.5);
    element.style.left = percent(first);
    element.style.width = percent(Math.min(band.last - band.first + 1, last - first));
    return element;
  }

  function drawMark(/** @type {import("./marks.js").Grouped} */ mark) {
    const element = h("button", {
      type: "button",
      tabindex: "-1",
      class: `mark ${mark.kind}`,
      title: mark.text,
      "aria-label": mark.text,
      text: SIGNS[mark.kind] ?? "•",
      on: { click: () => onGo(mark.step) },
    });
    element.style.left = percent(mark.step);
    return element;
  }

  /** The step below the pointer. */
  function pointed(/** @type {MouseEvent} */ event) {
    const box = rail.getBoundingClientRect();
    const step = Math.round(((event.clientX - box.left) / box.width) * last);
    return Math.max(0, Math.min(payload.steps.length - 1, step));
  }

  slider.addEventListener("input", () => onGo(Number(slider.value)));
  rail.addEventListener("click", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (target === rail || target.classList.contains("band")) onGo(pointed(event));
  });
  rail.addEventListener("pointermove", (event) => {
    const step = pointed(event);
    const box = rail.getBoundingClientRect();
    hint.hidden = false;
    hint.textContent = `${step}: ${payload.steps[step].short || payload.steps[step].headline}`;
    const half = hint.offsetWidth / 2;
    const x = Math.max(half, Math.min(box.width - half, (box.width * step) / last));
    hint.style.left = `${x}px`;
  });
  rail.addEventListener("pointerleave", () => (hint.hidden = true));

  return {
    /** @param {number} step @param {boolean} [atOnce] tell findings before their step */
    show(step, atOnce = true) {
      drawMarks(toldAt(payload.marks ?? [], step, atOnce));
      slider.value = String(step);
      slider.setAttribute("aria-valuetext", `${step} / ${payload.steps.length - 1}: ${payload.steps[step].headline}`);
    },
  };
}
