// @ts-check
/** Above the code: whose version of the program it is, the versions there are, a new program. */

import { fill, format, h } from "./dom.js";

/** @typedef {import("./versions.js").Version} Version */

/**
 * @param {HTMLElement} place
 * @param {{t: (key: string) => string, onMine: () => void, onLesson: () => void, onVersion: (text: string) => void,
 *          onNew: () => void}} options
 */
export function ownBar(place, options) {
  const { t } = options;
  const mine = button("my_version", t("my_version"), options.onMine);
  const lessons = button("lessons_version", t("lessons_version"), options.onLesson);
  const whose = h("span", { class: "whose", role: "group", "aria-label": t("version") }, mine, lessons);
  const list = h("select", { class: "tool", "aria-label": t("versions"), title: t("versions"), "data-testid": "versions" });
  const fresh = button("new-program", `＋ ${t("new_program")}`, options.onNew);
  const name = h("span", { class: "file-name", "data-testid": "file-name" });
  const said = h("p", { class: "said", role: "status", hidden: true });
  /** @type {Version[]} */
  let shown = [];

  list.addEventListener("change", () => {
    const chosen = shown[Number(list.value)];
    if (chosen) options.onVersion(chosen.text);
  });

  function button(/** @type {string} */ id, /** @type {string} */ text, /** @type {() => void} */ act) {
    return h("button", { type: "button", class: "tool", "data-testid": id, text, on: { click: act } });
  }

  return {
    /** @param {{file: string, text: string, source: string, isLesson: boolean, versions: Version[]}} now */
    show({ file, text, source, isLesson, versions }) {
      if (!place.firstChild) fill(place, name, whose, list, fresh, said); // a player that keeps nothing has none of it
      shown = versions;
      const isMine = text !== source;
      name.textContent = file;
      whose.hidden = !isLesson || !(versions.length || isMine);
      mine.setAttribute("aria-pressed", String(isMine));
      lessons.setAttribute("aria-pressed", String(!isMine));
      list.hidden = !versions.length;
      const current = versions.findIndex((one) => one.text === text);
      fill(list, h("option", { value: "-1", selected: current < 0, text: `${t("versions")} (${versions.length})` }),
        ...versions.map((one, i) => h("option", { value: i, selected: i === current, text: told(one, source, t) })));
    },
    /** @param {string} text to the reader; "" for nothing */
    say(text) {
      said.textContent = text;
      said.hidden = !text;
    },
  };
}

/** When it was typed, how long it is, and its first line that is not the lesson's. */
function told(/** @type {Version} */ version, /** @type {string} */ source, /** @type {(key: string) => string} */ t) {
  const known = new Set(source.split("\n"));
  const lines = version.text.split("\n");
  const own = lines.find((line) => line.trim() && !known.has(line)) ?? "";
  const when = new Date(version.at);
  const day = when.toDateString() === new Date().toDateString() ? "" : `${when.toLocaleDateString()} `;
  const time = when.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  return `${day}${time} · ${format(t("n_lines"), { n: lines.length })} · ${own.trim().slice(0, 40)}`;
}
