// @ts-check
/**
 * Graphviz's SVG, rebuilt from an allow-list: nothing that could run, load or link survives.
 */

const NS = "http://www.w3.org/2000/svg";
const ALLOWED = {
  svg: ["viewBox"],
  g: ["id", "class", "transform"],
  path: ["d", "stroke-dasharray"],
  polygon: ["points"],
  polyline: ["points", "stroke-dasharray"],
  ellipse: ["cx", "cy", "rx", "ry"],
  text: ["x", "y", "text-anchor", "font-size"],
};

/**
 * @param {string} source
 * @returns {SVGSVGElement | null} null when it is no SVG
 */
export function safeSvg(source) {
  const parsed = new DOMParser().parseFromString(source, "image/svg+xml");
  if (parsed.documentElement.nodeName !== "svg") return null;
  return /** @type {SVGSVGElement | null} */ (copy(parsed.documentElement));
}

/** @param {Element} from @returns {SVGElement | null} */
function copy(from) {
  const name = from.localName;
  if (name === "a") return copyChildren(from, document.createElementNS(NS, "g"));
  const allowed = ALLOWED[/** @type {keyof typeof ALLOWED} */ (name)];
  if (!allowed) return null;
  const to = document.createElementNS(NS, name);
  for (const attribute of allowed) {
    const value = from.getAttribute(attribute);
    if (value !== null) to.setAttribute(attribute, value);
  }
  if (name === "text") to.textContent = from.textContent;
  return name === "text" ? to : copyChildren(from, to);
}

/** @param {Element} from @param {SVGElement} to */
function copyChildren(from, to) {
  for (const child of from.children) {
    const copied = copy(child);
    if (copied) to.append(copied);
  }
  return to;
}

/** @param {string} name @param {Record<string, string | number>} attributes */
export function s(name, attributes) {
  const element = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}
