// @ts-check
/** How the loss is drawn: scale, smoothing, per step or per epoch; and the table of losses as a file. */

import { filled, h, setText } from "./dom.js";

const SPANS = [0, 5, 20, 100, 500];

/**
 * @typedef {import("./model.js").Row} Row
 * @typedef {import("./model.js").Model} Model
 * @typedef {import("./pictures.js").View} View
 *
 * @param {Record<string, string>} words
 * @param {View} view changed in place
 * @param {{changed: (names: string[]) => void, csv: () => string}} page
 */
export function tools(words, view, page) {
  const scale = choice(words.scale, [["log", words.log], ["linear", words.linear]], view.log ? "log" : "linear", (value) => {
    view.log = value === "log";
    page.changed(["loss"]);
  });
  const per = choice(words.per, [["step", words.per_step], ["epoch", words.per_epoch]], view.byEpoch ? "epoch" : "step", (value) => {
    view.byEpoch = value === "epoch";
    page.changed(["loss", "server"]);
  });
  const smooth = h(
    "select",
    {
      "data-tool": "smooth",
      onchange: () => {
        view.smooth = Number(smooth.value);
        page.changed(["loss"]);
      },
    },
    ...SPANS.map((span) => h("option", { value: span, selected: span === view.smooth }, span ? filled(words.smooth_over, { n: span }) : words.smooth_none)),
  );
  const steps = h("input", {
    type: "number",
    min: 1,
    max: 1_000_000,
    "data-tool": "epoch-steps",
    value: view.epochSteps || "",
    onchange: () => {
      view.epochSteps = Math.max(0, Math.floor(Number(steps.value) || 0));
      page.changed(["loss", "server"]);
    },
  });
  const asked = h("label", { class: "tool" }, h("span", {}, words.epoch_steps), steps);
  const smoothing = h("label", { class: "tool" }, h("span", {}, words.smooth), smooth);
  const csv = h("a", { class: "csv", download: "losses.csv", "data-tool": "csv" }, `↓ ${words.csv}`);
  const hint = h("p", { class: "hint", "data-testid": "hint" });
  const element = h("div", { class: "tools" }, scale, per, asked, smoothing, csv, hint);

  /** @param {Row[]} rows @param {View} now @param {Model} model */
  function show(rows, now, model) {
    const href = page.csv();
    if (csv.getAttribute("href") !== href) csv.setAttribute("href", href);
    const unknown = rows.filter(({ epoch }) => !epoch);
    asked.hidden = !now.byEpoch || (!unknown.length && !now.epochSteps);
    smoothing.hidden = now.byEpoch;
    setText(hint, hintOf(words, now, unknown, model));
    hint.hidden = !hint.textContent;
  }

  return { element, show };
}

/** @param {Record<string, string>} words @param {View} view @param {Row[]} unknown @param {Model} model */
function hintOf(words, view, unknown, model) {
  if (view.byEpoch && unknown.length) return filled(words.no_epochs, { names: unknown.map(({ number, name }) => `${number} · ${name}`).join(", ") });
  const curves = model.curvesOf("loss");
  if (view.log && curves.some(({ ys }) => ys.length && ys[ys.length - 1] <= 0)) return words.below_zero;
  return curves.some(({ n, xs }) => n > xs.length) ? words.thinned : "";
}

/**
 * A row of buttons of which one is pressed.
 * @param {string} label @param {[string, string][]} options value and text @param {string} first @param {(value: string) => void} chosen
 */
function choice(label, options, first, chosen) {
  const group = h("div", { class: "choice", role: "group", "aria-label": label });
  for (const [value, text] of options) {
    const button = h("button", { type: "button", "data-tool": value, "aria-pressed": String(value === first) }, text);
    button.addEventListener("click", () => {
      for (const other of group.children) other.setAttribute("aria-pressed", String(other === button));
      chosen(value);
    });
    group.append(button);
  }
  return group;
}
