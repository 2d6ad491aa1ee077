// @ts-check
/** Small helpers to build the page from nodes and text, never from markup. */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, unknown>} [attributes] "class", "text", "on" (listeners), else attributes
 * @param {...(Node | string | null | undefined)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "text") element.textContent = String(value);
    else if (name === "on") {
      for (const [event, listener] of Object.entries(/** @type {Record<string, EventListener>} */ (value))) element.addEventListener(event, listener);
    } else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) if (child !== null && child !== undefined) element.append(child);
  return element;
}

/** @param {Element} element @param {...(Node | string)} children */
export function fill(element, ...children) {
  element.replaceChildren(...children);
}

/** Words with `code` between backticks, as nodes. @param {string} text @returns {(Node | string)[]} */
export function prose(text) {
  return text.split(/`([^`\n]+)`/).map((part, i) => (i % 2 ? h("code", { text: part }) : part));
}

/** @param {string} text @param {Record<string, unknown>} values "{line}" becomes values.line */
export function format(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** @type {WeakMap<ShadowRoot, Promise<unknown>>} */
const styles = new WeakMap();

/** A shadow root with its style sheet, once that has come. @param {ShadowRoot} root @param {string} address */
export function styled(root, address) {
  const known = styles.get(root) ?? new Promise((resolve) => root.append(h("link", { rel: "stylesheet", href: address, on: { load: resolve, error: resolve } })));
  styles.set(root, known);
  return known;
}
