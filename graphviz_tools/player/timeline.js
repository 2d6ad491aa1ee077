// @ts-check
/** The timeline: a slider over two bands, forward and backward, with marks; and the step's place in it. */

import { fill, h } from "./dom.js";

const SIGNS = { mutation: "✎", accumulation: "＋", failure: "✕", finding: "⚠", cut: "✂" };
const MAX_MARKS = 200;

/**
 * @param {HTMLElement} place
 * @param {any} payload
 * @param {{t: (key: string) => string, onGo: (step: number) => void}} options
 */
export function timeline(place, payload, { t, onGo }) {
  const last = Math.max(1, payload.steps.length - 1);
  const percent = (/** @type {number} */ step) => `${(100 * step) / last}%`;
  const slider = /** @type {HTMLInputElement} */ (
    h("input", { type: "range", min: "0", max: String(payload.steps.length - 1), step: "1", "aria-label": t("timeline"), class: "slider" })
  );
  slider.addEventListener("input", () => onGo(Number(slider.value)));
  const bands = (payload.bands ?? []).map((/** @type {any} */ band) => {
    const element = h("div", { class: `band ${band.phase}`, text: (band.last - band.first + 1) / last > 0.08 ? t(band.phase) : "", title: t(band.phase) });
    element.style.left = percent(Math.max(0, band.first - 0.5));
    element.style.width = percent(Math.min(band.last - band.first + 1, last - Math.max(0, band.first - 0.5)));
    return element;
  });
  const marks = (payload.marks ?? []).slice(0, MAX_MARKS).map((/** @type {any} */ mark) => {
    const element = h("button", {
      type: "button",
      tabindex: "-1",
      class: `mark ${mark.kind}`,
      title: mark.text,
      "aria-label": mark.text,
      text: SIGNS[/** @type {keyof typeof SIGNS} */ (mark.kind)] ?? "•",
      on: { click: () => onGo(mark.step) },
    });
    element.style.left = percent(mark.step);
    return element;
  });
  const hint = h("div", { class: "hint", hidden: true });
  const rail = h("div", { class: "rail" }, ...bands, slider, ...marks, hint);
  rail.addEventListener("pointermove", (event) => {
    const box = rail.getBoundingClientRect();
    const step = Math.round(Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)) * last);
    hint.hidden = false;
    hint.textContent = `${step}: ${payload.steps[step]?.short || payload.steps[step]?.headline || ""}`;
    hint.style.left = percent(step);
  });
  rail.addEventListener("pointerleave", () => (hint.hidden = true));
  fill(place, rail);

  return {
    /** @param {number} step */
    show(step) {
      slider.value = String(step);
      slider.setAttribute("aria-valuetext", `${step} / ${payload.steps.length - 1}: ${payload.steps[step].headline}`);
    },
  };
}
