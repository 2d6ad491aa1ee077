// @ts-check
/** Nothing a reader typed is lost: every text becomes a version (versions.js), and can be had again (own.js). */

import { throttled } from "./throttle.js";
import { ownBar } from "./own.js";
import { versions } from "./versions.js";

const KEEP_MS = 300;
const kept = versions(); // of this page: players come and go in it
let hasSaid = false; // that the browser keeps nothing: once is enough

/**
 * @typedef {object} Player
 * @property {(key: string) => string} t
 * @property {() => import("./payload").Payload} payload
 * @property {() => string} text
 * @property {(text: string) => void} replace as if typed
 * @property {(isRecalled?: boolean) => void} run
 * @property {(asked: {lesson: string}) => void} onDesk another program is wanted
 */

/** @param {HTMLElement} place @param {Player} player */
export function desk(place, player) {
  const own = () => player.payload().own ?? null;
  const bar = ownBar(place, {
    t: player.t,
    onMine: () => take(kept.of(own()?.key ?? "")[0]?.text, true),
    onLesson: toLesson,
    onVersion: (text) => take(text, false),
    onNew: () => (keep(), kept.begin(), player.onDesk({ lesson: "own" })),
  });
  const soon = throttled(keep, KEEP_MS);
  const unwatch = kept.watch((program) => program === own()?.key && (show(), bar.say(player.t("other_tab"))));
  addEventListener("pagehide", keep);

  /** What is in the editor becomes a version, if it is the reader's. */
  function keep() {
    const program = own();
    if (!program) return;
    const { key, source, restored = 0 } = program;
    const text = player.text();
    const id = text === source ? "" : kept.keep(key, text);
    kept.choose(key, { id, hasRun: text === player.payload().source, restored });
    if (kept.refuses() && id && !hasSaid) {
      hasSaid = true;
      bar.say(player.t("kept_nowhere"));
    }
    show();
  }

  /** A version into the editor; what was there stays among them, and undo has it too. */
  function take(/** @type {string | undefined} */ text, /** @type {boolean} */ isRun) {
    if (text === undefined || text === player.text()) return;
    keep();
    kept.begin();
    player.replace(text);
    keep();
    if (isRun) player.run();
  }

  function toLesson() {
    const program = own();
    if (!program) return;
    const { key, source } = program;
    take(source, false);
    if (player.payload().source !== source) player.onDesk({ lesson: key });
  }

  function show() {
    const program = own();
    place.hidden = !program;
    if (!program) return;
    const { key, source, filename = "", is_lesson: isLesson = true } = program;
    const text = player.text();
    const file = text === player.payload().source ? filename : text === source ? "" : "program.py";
    bar.show({ file, text, source, isLesson, versions: kept.of(key) });
  }

  return {
    show,
    keep,
    edited: () => soon.call(undefined),
    begin: () => kept.begin(),
    /** Whether the program was put back by another page or button since this tab looked. */
    wasRestored() {
      const { key = "", restored = 0 } = own() ?? {};
      return !!restored && restored !== kept.chosen(key).restored;
    },
    /** @returns {{text: string, hasRun: boolean} | null} what this tab showed of the program last, if it was the reader's */
    recalled() {
      const program = own();
      const { id, text, hasRun } = program ? kept.chosen(program.key) : { id: "", text: null, hasRun: false };
      return id && text !== null && text !== player.payload().source ? { text, hasRun } : null;
    },
    destroy() {
      soon.cancel();
      keep();
      unwatch();
      removeEventListener("pagehide", keep);
    },
  };
}
