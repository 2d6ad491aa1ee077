// @ts-check
/** What this browser keeps for the player. A page without storage keeps nothing and goes on. */

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

/** The browser's storage; one for this page where it has none. */
export function storage(/** @type {() => Storage} */ of) {
  try {
    const found = of();
    found.setItem("backstep.try", "");
    found.removeItem("backstep.try");
    return found;
  } catch {
    return new OfThisPage();
  }
}

export class OfThisPage extends Map {
  get length() {
    return this.size;
  }
  key = (/** @type {number} */ n) => [...this.keys()][n] ?? null;
  getItem = (/** @type {string} */ key) => this.get(key) ?? null;
  setItem = (/** @type {string} */ key, /** @type {string} */ value) => void this.set(key, value);
  removeItem = (/** @type {string} */ key) => void this.delete(key);
}
