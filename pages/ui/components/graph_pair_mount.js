// @ts-check
/**
 * Two graphs beside each other. A vertex that differs gets a sign at its corner and a thick outline.
 *
 * @typedef {{id: string, kind: string, title: string, mark: string, sign: string}} Vertex
 * @typedef {typeof import("../../../graphviz_tools/player/dom.js")} Dom
 * @typedef {typeof import("../../../graphviz_tools/player/svg.js")} Svg
 * @typedef {{title: string, svg: string | null, no_picture: string, vertices: Vertex[]}} Graph
 */

const NATURAL = 1.3; // pixels for one point of the layout: text as large as the page's
const SMALLEST = 0.8; // a large graph makes the page longer instead of its text smaller than this
const SIGN_PX = 9; // radius of a sign

/** @param {{parentElement: ShadowRoot, data: Uint8Array}} component */
export default async function (component) {
  const { parentElement, data } = component;
  const { graphs, folder } = /** @type {{graphs: Graph[], folder: string}} */ (JSON.parse(new TextDecoder().decode(data)));
  const place = /** @type {HTMLElement} */ (parentElement.querySelector(".pair") ?? begin(parentElement));
  const address = (/** @type {string} */ name) => new URL(folder + name, location.origin).href;
  const { styled } = /** @type {Dom} */ (await import(address("dom.js")));
  const [{ safeSvg, s }] = await Promise.all([/** @type {Promise<Svg>} */ (import(address("svg.js"))), styled(parentElement, address("player.css"))]);
  if (!place.isConnected) return;
  const figures = graphs.map((graph) => figure(graph, safeSvg));
  place.replaceChildren(...figures.map(({ element }) => element));
  figures.forEach(({ svg }, i) => svg && mark(svg, graphs[i].vertices, s)); // measured, so after it is in the page
}

/** @param {ShadowRoot} parentElement */
function begin(parentElement) {
  const place = document.createElement("div");
  place.className = "backstep pair";
  parentElement.append(place);
  return place;
}

/** @param {Graph} graph @param {Svg["safeSvg"]} safeSvg */
function figure(graph, safeSvg) {
  const element = document.createElement("figure");
  const caption = document.createElement("figcaption");
  caption.textContent = graph.title;
  const frame = document.createElement("div");
  frame.className = "frame";
  element.append(caption, frame);
  const svg = graph.svg ? safeSvg(graph.svg) : null;
  if (svg) {
    const [, , width, height] = (svg.getAttribute("viewBox") ?? "0 0 300 200").split(" ").map(Number);
    const fitting = `min(100%, (100vh - 13rem) * ${(width / height).toFixed(4)})`;
    svg.style.width = `clamp(${Math.round(width * SMALLEST)}px, ${fitting}, ${Math.round(width * NATURAL)}px)`;
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", `${graph.title}: ${graph.vertices.map(({ title, sign }) => `${sign} ${title}`.trim()).join("; ")}`);
    frame.append(svg);
  } else {
    frame.textContent = graph.no_picture;
  }
  return { element, svg };
}

/** @param {SVGSVGElement} svg @param {Vertex[]} vertices @param {Svg["s"]} s */
function mark(svg, vertices, s) {
  const groups = new Map([...svg.querySelectorAll("g[id]")].map((group) => [group.id, /** @type {SVGGElement} */ (group)]));
  const found = vertices.map((vertex) => ({ vertex, group: groups.get(vertex.id) })).filter(({ group }) => group);
  const boxes = found.map(({ group }) => /** @type {SVGGElement} */ (group).getBBox());
  found.forEach(({ vertex, group: one }, i) => {
    const group = /** @type {SVGGElement} */ (one);
    group.classList.add("vertex");
    group.dataset.kind = vertex.kind;
    group.dataset.mark = vertex.mark;
    group.dataset.nodeId = vertex.id;
    const title = s("title", {});
    title.textContent = vertex.title;
    group.prepend(title);
    group.querySelector("text")?.classList.add("name");
    if (vertex.sign) group.append(signAt(boxes[i], vertex.sign, s));
  });
}

/** @param {DOMRect} box @param {string} text @param {Svg["s"]} s */
function signAt(box, text, s) {
  const [x, y] = [box.x + box.width, box.y];
  const sign = s("g", { class: "sign" });
  const letter = s("text", { x, y: y + 4.5, "text-anchor": "middle", "font-size": 13 });
  letter.textContent = text;
  sign.append(s("circle", { cx: x, cy: y, r: SIGN_PX }), letter);
  return sign;
}
