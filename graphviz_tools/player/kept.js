// @ts-check
/** A text that this browser keeps for the player. A page without storage keeps nothing and goes on. */

/** @param {string} key @returns {string | null} */
export function kept(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** @param {string} key @param {string | null} text null to keep nothing */
export function keep(key, text) {
  try {
    if (text === null) localStorage.removeItem(key);
    else localStorage.setItem(key, text);
  } catch {
    // forbidden or full: it holds until the page is left
  }
}
