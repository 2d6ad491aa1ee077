// @ts-check
/**
 * Pan, zoom and fit of one SVG by its viewBox: wheel, drag, pinch, and calls from keys and buttons.
 */

const READABLE_PX = 3.5; // labels drawn smaller than this are hidden: they cost frames and say nothing
const READABLE_FIT = 0.5; // a picture that fits only smaller than this opens readable, not whole
const MAX_FIT_SCALE = 1.6; // a small graph is not blown up beyond this

/**
 * @param {HTMLElement} frame
 * @param {SVGSVGElement} svg
 */
export function panZoom(frame, svg) {
  const [, , fullWidth, fullHeight] = (svg.getAttribute("viewBox") ?? "0 0 100 100").split(/\s+/).map(Number);
  const view = { x: 0, y: 0, scale: 1 }; // scale: screen pixels for one unit of the picture
  let touched = false;
  let revealed = /** @type {SVGGraphicsElement | null} */ (null);
  /** @type {Map<number, {x: number, y: number}>} */
  const fingers = new Map();
  svg.removeAttribute("width");
  svg.removeAttribute("height");

  function apply() {
    const { width, height } = frame.getBoundingClientRect();
    if (!width || !height) return;
    svg.setAttribute("viewBox", `${view.x} ${view.y} ${width / view.scale} ${height / view.scale}`);
    svg.classList.toggle("tiny", view.scale * 14 * 0.75 < READABLE_PX);
  }

  function fit() {
    const { width, height } = frame.getBoundingClientRect();
    if (!width || !height) return;
    touched = false;
    view.scale = Math.min((width - 16) / fullWidth, (height - 16) / fullHeight, MAX_FIT_SCALE);
    view.x = (fullWidth - width / view.scale) / 2;
    view.y = (fullHeight - height / view.scale) / 2;
    apply();
  }

  /** @param {number} factor @param {number} [atX] @param {number} [atY] in pixels of the frame */
  function zoom(factor, atX, atY) {
    const { width, height } = frame.getBoundingClientRect();
    const x = atX ?? width / 2;
    const y = atY ?? height / 2;
    const scale = Math.max(0.02, Math.min(8, view.scale * factor));
    view.x += x / view.scale - x / scale;
    view.y += y / view.scale - y / scale;
    view.scale = scale;
    touched = true;
    apply();
  }

  /** Bring a vertex into view when it is outside, and the picture does not fit. @param {SVGGraphicsElement} element */
  function reveal(element) {
    revealed = element;
    const { width, height } = frame.getBoundingClientRect();
    const box = element.getBBox();
    const matrix = /** @type {SVGGraphicsElement} */ (svg.querySelector("g"))?.transform.baseVal.consolidate()?.matrix;
    const left = box.x + (matrix?.e ?? 0);
    const top = box.y + (matrix?.f ?? 0);
    const visible = { width: width / view.scale, height: height / view.scale };
    const outside =
      left < view.x || top < view.y || left + box.width > view.x + visible.width || top + box.height > view.y + visible.height;
    if (!outside) return;
    view.x = left + box.width / 2 - visible.width / 2;
    view.y = top + box.height / 2 - visible.height / 2;
    apply();
  }

  const listeners = {
    wheel(/** @type {WheelEvent} */ event) {
      event.preventDefault();
      const box = frame.getBoundingClientRect();
      zoom(Math.exp(-event.deltaY * 0.0015), event.clientX - box.left, event.clientY - box.top);
    },
    pointerdown(/** @type {PointerEvent} */ event) {
      fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    },
    pointermove(/** @type {PointerEvent} */ event) {
      const before = fingers.get(event.pointerId);
      if (!before) return;
      const now = { x: event.clientX, y: event.clientY };
      if (fingers.size === 1) {
        if (Math.hypot(now.x - before.x, now.y - before.y) < 3 && !frame.hasPointerCapture(event.pointerId)) return;
        if (!frame.hasPointerCapture(event.pointerId)) frame.setPointerCapture(event.pointerId);
        view.x -= (now.x - before.x) / view.scale;
        view.y -= (now.y - before.y) / view.scale;
        touched = true;
        apply();
      } else if (fingers.size === 2) {
        const other = /** @type {{x: number, y: number}} */ ([...fingers].find(([id]) => id !== event.pointerId)?.[1]);
        const box = frame.getBoundingClientRect();
        const factor = Math.hypot(now.x - other.x, now.y - other.y) / Math.hypot(before.x - other.x, before.y - other.y);
        zoom(factor, (now.x + other.x) / 2 - box.left, (now.y + other.y) / 2 - box.top);
      }
      fingers.set(event.pointerId, now);
    },
    pointerup: end,
    pointercancel: end,
  };
  function end(/** @type {PointerEvent} */ event) {
    fingers.delete(event.pointerId);
  }
  for (const [name, listener] of Object.entries(listeners)) {
    frame.addEventListener(name, /** @type {EventListener} */ (listener), name === "wheel" ? { passive: false } : undefined);
  }
  /** Open whole when it can be read so, else readable with the top in view. */
  function begin() {
    fit();
    const { width } = frame.getBoundingClientRect();
    if (!width || view.scale >= READABLE_FIT) return;
    view.scale = 0.75;
    view.x = (fullWidth - width / view.scale) / 2;
    view.y = 0;
    apply();
  }

  /** @param {{x: number, y: number, scale: number, touched: boolean}} before what `state()` gave */
  function restore(before) {
    Object.assign(view, { x: before.x, y: before.y, scale: before.scale });
    touched = before.touched;
    apply();
  }

  /** A frame that gets its size, or another one, shows what was last to be seen. */
  function resize() {
    if (touched) return apply();
    begin();
    if (revealed) reveal(revealed);
  }

  const resized = new ResizeObserver(resize);
  resized.observe(frame);
  begin();

  return {
    fit,
    zoom,
    reveal,
    state: () => ({ ...view, touched }),
    restore,
    destroy() {
      resized.disconnect();
      for (const [name, listener] of Object.entries(listeners)) {
        frame.removeEventListener(name, /** @type {EventListener} */ (listener));
      }
    },
  };
}
