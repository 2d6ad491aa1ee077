// @ts-check
/** Buttons: step, play with speed, jumps, zoom; Run and Stop where the code may be edited. */

import { fill, h } from "./dom.js";
import { icon } from "./icons.js";

const SPEEDS = [0.5, 1, 2, 4]; // steps in a second

/**
 * @param {HTMLElement} place
 * @param {HTMLElement} tools
 * @param {object} player
 * @param {(key: string) => string} player.t
 * @param {boolean} player.editable
 * @param {() => number} player.step
 * @param {() => number} player.last
 * @param {() => import("./payload").Band[]} player.bands
 * @param {() => number | null} player.failure
 * @param {(step: number) => void} player.go
 * @param {() => void} player.run
 * @param {() => void} player.stop
 * @param {() => {zoom: (factor: number) => void, fit: () => void} | null | undefined} player.view
 * @param {() => void} player.find
 */
export function controls(place, tools, player) {
  const { t } = player;
  let timer = 0;
  let speed = 1;

  const button = (/** @type {Parameters<typeof icon>[0]} */ key, /** @type {() => void} */ act, extra = {}) =>
    h("button", { type: "button", class: "tool", title: t(key), "aria-label": t(key), on: { click: act }, ...extra }, icon(key));

  const first = button("first", () => player.go(0));
  const back = button("back", () => player.go(player.step() - 1));
  const play = button("play", toggle, { class: "tool play" });
  const next = button("next", () => player.go(player.step() + 1));
  const last = button("last", () => player.go(player.last()));
  const pace = h("select", { "aria-label": t("speed"), title: t("speed"), class: "tool" }, ...SPEEDS.map((s) => h("option", { value: s, selected: s === 1, text: `${s}×` })));
  pace.addEventListener("change", () => {
    speed = Number(pace.value);
    if (timer) start();
  });
  const jumps = h("span", { class: "jumps" });
  const run = h("button", { type: "button", class: "primary run", "data-testid": "run", title: "Ctrl+Enter", text: `▷ ${t("run")}`, on: { click: player.run } });
  const stop = h("button", { type: "button", class: "stop", "data-testid": "stop", hidden: true, text: `■ ${t("stop")}`, on: { click: player.stop } });
  fill(place, ...(player.editable ? [run, stop] : []), first, back, play, next, last, pace, jumps);
  const zooms = [button("zoom_in", () => zoom(1.25)), button("zoom_out", () => zoom(0.8)), button("fit", fit)];
  fill(tools, ...zooms, button("search", player.find));

  function toggle() {
    timer ? pause() : start();
    show();
  }

  function start() {
    clearInterval(timer);
    if (player.step() >= player.last()) player.go(0);
    timer = window.setInterval(() => {
      if (player.step() >= player.last()) pause();
      else player.go(player.step() + 1);
    }, 1000 / speed);
  }

  function pause() {
    clearInterval(timer);
    timer = 0;
    show();
  }

  function zoom(/** @type {number} */ factor) {
    player.view()?.zoom(factor);
  }

  function fit() {
    player.view()?.fit();
  }

  function show() {
    first.disabled = back.disabled = player.step() <= 0;
    next.disabled = last.disabled = player.step() >= player.last();
    play.disabled = player.last() <= 0;
    const does = timer ? "pause" : "play";
    fill(play, icon(does));
    play.setAttribute("aria-label", t(does));
    play.title = t(does);
  }

  /** @param {boolean} hasPicture @param {boolean} canZoom not where it is a table */
  function rebuild(hasPicture, canZoom = hasPicture) {
    tools.hidden = !hasPicture;
    for (const one of zooms) one.hidden = !canZoom;
    const starts = ["forward", "backward"].flatMap((phase) => {
      const band = player.bands().find((b) => b.phase === phase);
      return band ? [h("button", { type: "button", class: `jump ${phase}`, text: t(`to_${phase}`), on: { click: () => player.go(band.first) } })] : [];
    });
    const failed = player.failure();
    if (failed !== null) starts.push(h("button", { type: "button", class: "jump failure", text: `✕ ${t("to_failure")}`, on: { click: () => player.go(failed) } }));
    fill(jumps, ...starts);
  }

  return {
    toggle,
    pause,
    zoom,
    fit,
    show,
    rebuild,
    /** @param {boolean} running */
    setRunning(running) {
      run.hidden = running;
      stop.hidden = !running;
    },
  };
}
