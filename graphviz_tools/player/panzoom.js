// @ts-check
/**
 * Pan, zoom and fit of one SVG by its viewBox: wheel, drag, pinch, and calls from keys and buttons.
 */

const READABLE_PX = 3.5; // labels drawn smaller than this are hidden: they cost frames and say nothing
const LEAST_SCALE = 0.89; // at first sight: the smallest text, 12.5 units, has 11 px
const MOST_SCALE = 1.23; // the largest text, 13 units, has 16 px
const CLOSE_SCALE = 1; // at which a hit of the search is shown, at least
const MARGIN = 12; // units kept free around what is brought into view

/** @typedef {{x: number, y: number, width: number, height: number}} Box */

/**
 * @param {HTMLElement} frame
 * @param {SVGSVGElement} svg
 */
export function panZoom(frame, svg) {
  const [, , fullWidth, fullHeight] = (svg.getAttribute("viewBox") ?? "0 0 100 100").split(/\s+/).map(Number);
  const view = { x: 0, y: 0, scale: 1 }; // scale: screen pixels for one unit of the picture
  let touched = false;
  let revealed = /** @type {Box | null} */ (null);
  const size = { width: 0, height: 0 }; // of the frame in pixels; read when it changes, since a read lays out the page
  /** @type {Map<number, {x: number, y: number}>} */
  const fingers = new Map();
  svg.removeAttribute("width");
  svg.removeAttribute("height");

  function measure() {
    const { width, height } = frame.getBoundingClientRect();
    Object.assign(size, { width, height });
  }

  function apply() {
    const { width, height } = size;
    if (!width || !height) return;
    svg.setAttribute("viewBox", `${view.x} ${view.y} ${width / view.scale} ${height / view.scale}`);
    svg.classList.toggle("tiny", view.scale * 14 * 0.75 < READABLE_PX);
  }

  /** The part of the picture that the frame shows, in units. */
  function visible() {
    return { width: size.width / view.scale, height: size.height / view.scale };
  }

  /** The scale at which the whole picture can be seen, not blown up. */
  function wholeScale() {
    const { width, height } = size;
    return Math.min((width - 16) / fullWidth, (height - 16) / fullHeight, MOST_SCALE * magnified());
  }

  /** What the style sheet magnifies the whole player by. */
  function magnified() {
    return frame.currentCSSZoom ?? 1;
  }

  function fit() {
    measure();
    if (!size.width || !size.height) return;
    touched = false;
    look(wholeScale());
  }

  /** Look at the middle of the picture, or at its top where it is higher than the frame. @param {number} scale */
  function look(scale) {
    view.scale = scale;
    const { width, height } = visible();
    view.x = (fullWidth - width) / 2;
    view.y = begins(0, height, fullHeight);
    apply();
  }

  /** @param {number} factor @param {number} [atX] @param {number} [atY] in pixels of the frame */
  function zoom(factor, atX, atY) {
    const { width, height } = size;
    const x = atX ?? width / 2;
    const y = atY ?? height / 2;
    const scale = Math.max(0.02, Math.min(8, view.scale * factor));
    view.x += x / view.scale - x / scale;
    view.y += y / view.scale - y / scale;
    view.scale = scale;
    touched = true;
    apply();
  }

  /**
   * Bring a vertex into view when it is outside, and the picture does not fit; the first one into the middle.
   * @param {Box} at as `getBBox` told it
   */
  function reveal(at, centred = !revealed) {
    revealed = at;
    const box = inPicture(at);
    const { width, height } = visible();
    const x = comingIntoView(box.x, box.width, centred ? NaN : view.x, width, fullWidth);
    const y = comingIntoView(box.y, box.height, centred ? NaN : view.y, height, fullHeight);
    if (x === view.x && y === view.y) return;
    Object.assign(view, { x, y });
    apply();
  }

  /** Show a vertex in the middle, large enough to be read. @param {Box} at */
  function closeUp(at) {
    revealed = at;
    touched = true;
    view.scale = Math.max(view.scale, CLOSE_SCALE * magnified());
    const box = inPicture(at);
    const { width, height } = visible();
    view.x = box.x + (box.width - width) / 2;
    view.y = box.y + (box.height - height) / 2;
    apply();
  }

  const moved = /** @type {SVGGraphicsElement | null} */ (svg.querySelector("g"))?.transform.baseVal.consolidate()?.matrix;

  /** A box of a vertex in units of the picture, whose one group is moved. @param {Box} box @returns {Box} */
  function inPicture({ x, y, width, height }) {
    return { x: x + (moved?.e ?? 0), y: y + (moved?.f ?? 0), width, height };
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
  /** Open whole where its texts can be read so; else a readable part, and the steps lead to the others. */
  function begin() {
    if (!size.width || !size.height) return;
    touched = false;
    look(Math.max(wholeScale(), LEAST_SCALE * magnified()));
  }

  /** @param {{x: number, y: number, scale: number, touched: boolean}} before what `state()` gave */
  function restore(before) {
    Object.assign(view, { x: before.x, y: before.y, scale: before.scale });
    touched = before.touched;
    apply();
  }

  /** A frame that gets its size, or another one, shows what was last to be seen. */
  function resize() {
    measure();
    if (touched) return apply();
    begin();
    if (revealed) reveal(revealed, true);
  }

  const resized = new ResizeObserver(resize);
  resized.observe(frame);
  measure();
  begin();

  return {
    fit,
    zoom,
    reveal,
    closeUp,
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

/** Where a view of `length` units begins: at `wanted`, but not beyond a picture of `full` units; in its middle if it fits. */
function begins(/** @type {number} */ wanted, /** @type {number} */ length, /** @type {number} */ full) {
  if (full <= length) return (full - length) / 2;
  return Math.max(-MARGIN, Math.min(full - length + MARGIN, wanted));
}

/**
 * Where a view of `length` units begins that shows what begins at `start`: where it is now, else with that in its middle.
 * @param {number} start @param {number} size @param {number} now NaN for anywhere @param {number} length @param {number} full
 */
function comingIntoView(start, size, now, length, full) {
  if (start >= now && start + size <= now + length) return now;
  return begins(start + (size - length) / 2, length, full);
}
