// @ts-check
/** The page's colours, as Streamlit's theme has them, and one for each run: told apart by dash and number as well. */

const LIGHT = ["#0b63b5", "#b5520b", "#1f8145", "#7a3fb0", "#b01e5b", "#00798c", "#806600", "#4b5563"];
const DARK = ["#6cb2ff", "#f0a35e", "#5fce85", "#c79bf2", "#ff8fb8", "#4fd1e0", "#e0c14a", "#b6c0cc"];
export const DASHES = ["solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "solid", "dash"];

/**
 * @typedef {{ground: string, ink: string, line: string, faint: string, bad: string, isDark: boolean, palette: string[]}} Colours
 * @param {Element} element @returns {Colours}
 */
export function colours(element) {
  const style = getComputedStyle(element);
  const read = (/** @type {string} */ name, /** @type {string} */ otherwise) => style.getPropertyValue(name).trim() || otherwise;
  const ground = read("--st-background-color", "#ffffff");
  const isDark = brightness(ground) < 128;
  return {
    ground,
    ink: read("--st-text-color", isDark ? "#e6ebf1" : "#1b2430"),
    line: read("--st-border-color", isDark ? "#39424e" : "#d5dbe3"),
    faint: isDark ? "#9aa4b2" : "#6b7280",
    bad: isDark ? "#ff7b72" : "#c01f1f",
    isDark,
    palette: isDark ? DARK : LIGHT,
  };
}

/** 0 to 255 of a colour like #12161c or rgb(18, 22, 28). @param {string} colour */
export function brightness(colour) {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})/i.exec(colour);
  const parts = hex ? hex.slice(1).map((part) => parseInt(part, 16)) : (colour.match(/\d+/g) ?? ["255", "255", "255"]).map(Number);
  return 0.299 * parts[0] + 0.587 * parts[1] + 0.114 * parts[2];
}

/** @param {Colours} ink @param {number} i */
export function colourOf(ink, i) {
  return ink.palette[((i % ink.palette.length) + ink.palette.length) % ink.palette.length];
}
