// @ts-check
/**
 * What a reader typed, kept in this browser: for each program the last versions, each under a key of its own, so that
 * two tabs never write over each other's. A tab goes on with one version until the text is another one altogether.
 *
 * Where the browser refuses to keep anything (a private window, no room), versions last as long as the page.
 */

import { OfThisPage, storage } from "./kept.js";

const PREFIX = "backstep.version.";
const CHOSEN = "backstep.chosen."; // in the tab: which version it showed last
const MOST = 12; // versions of one program
const MOST_CHARACTERS = 1_000_000; // of all programs

/** @typedef {{id: string, text: string, at: number}} Version */
/** @typedef {{id: string, hasRun: boolean, restored: number}} Chosen `id` "": the lesson's program */

/** @param {{local?: Storage, tab?: Storage, now?: () => number}} [given] for tests */
export function versions(given = {}) {
  const now = given.now ?? Date.now;
  const local = given.local ?? storage(() => localStorage);
  const tab = given.tab ?? storage(() => sessionStorage);
  let id = newId();
  let last = ""; // what this tab kept under it
  let refused = local instanceof OfThisPage;

  function newId() {
    return `${now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
  }

  /** @returns {string[]} */
  function keys(/** @type {string} */ prefix) {
    return Array.from({ length: local.length }, (_, i) => local.key(i) ?? "").filter((key) => key.startsWith(prefix));
  }

  function read(/** @type {string} */ key) {
    try {
      const { text, at } = JSON.parse(local.getItem(key) ?? "");
      return typeof text === "string" && Number.isFinite(at) ? { key, id: key.slice(key.lastIndexOf("/") + 1), text, at } : null;
    } catch {
      return null;
    }
  }

  /** Newest first. */
  function found(/** @type {string} */ prefix) {
    return keys(prefix).flatMap((key) => read(key) ?? []).sort((a, b) => b.at - a.at);
  }

  /** The oldest go: beyond so many of a program, beyond so much of all. */
  function prune(/** @type {string} */ program) {
    let size = 0;
    const tooMuch = found(PREFIX).filter((one) => (size += one.text.length) > MOST_CHARACTERS);
    for (const one of [...found(`${PREFIX}${program}/`).slice(MOST), ...tooMuch]) local.removeItem(one.key);
  }

  /** Writes, if need be at the price of the oldest versions; whether it could. They stay where that does not help. */
  function write(/** @type {string} */ key, /** @type {string} */ value) {
    const gone = [];
    for (;;) {
      try {
        local.setItem(key, value);
        return true;
      } catch {
        const oldest = found(PREFIX).filter((one) => one.key !== key).at(-1);
        if (!oldest) break;
        gone.push(oldest);
        local.removeItem(oldest.key);
      }
    }
    for (const { key: old, text, at } of gone.reverse()) put(old, JSON.stringify({ text, at }));
    return false;
  }

  function put(/** @type {string} */ key, /** @type {string} */ value) {
    try {
      local.setItem(key, value);
    } catch {
      // no room for this one any more
    }
  }

  /** What is typed next is another version. */
  function begin() {
    id = newId();
    last = "";
  }

  return {
    /** Whether the browser keeps nothing. */
    refuses: () => refused,
    /** @param {string} program @returns {Version[]} newest first */
    of: (program) => found(`${PREFIX}${program}/`),
    /** @param {string} program @param {string} text @returns {string} the id of its version */
    keep(program, text) {
      const known = found(`${PREFIX}${program}/`).find((one) => one.text === text);
      if (known) return known.id;
      if (isAnother(last, text)) begin();
      last = text;
      if (!write(`${PREFIX}${program}/${id}`, JSON.stringify({ text, at: now() }))) refused = true;
      prune(program);
      return id;
    },
    begin,
    /** What this tab shows of a program from now on. @param {string} program @param {Chosen} chosen */
    choose(program, chosen) {
      try {
        tab.setItem(CHOSEN + program, JSON.stringify(chosen));
      } catch {
        // after a reload the tab then opens on the lesson's program; the versions are there
      }
    },
    /** @param {string} program @returns {Chosen & {text: string | null}} what this tab showed last; null: the lesson's */
    chosen(program) {
      let told = null;
      try {
        told = JSON.parse(tab.getItem(CHOSEN + program) ?? "null");
      } catch {
        // as if nothing had been chosen
      }
      const version = told?.id ? read(`${PREFIX}${program}/${told.id}`) : null;
      return { id: version?.id ?? "", text: version?.text ?? null, hasRun: !!told?.hasRun, restored: told?.restored ?? 0 };
    },
    /** When another tab kept a version. @param {(program: string) => void} act @returns {() => void} ends it */
    watch(act) {
      const heard = (/** @type {StorageEvent} */ event) => {
        if (event.key?.startsWith(PREFIX) && event.newValue) act(event.key.slice(PREFIX.length, event.key.lastIndexOf("/")));
      };
      addEventListener("storage", heard);
      return () => removeEventListener("storage", heard);
    },
  };
}

/** Whether less than half of a text was kept: then the old one stays a version of its own. */
export function isAnother(/** @type {string} */ before, /** @type {string} */ after) {
  const least = Math.min(before.length, after.length);
  let start = 0;
  while (start < least && before[start] === after[start]) start++;
  let end = 0;
  while (end < least - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  return before.trim() !== "" && start + end < before.length / 2;
}
