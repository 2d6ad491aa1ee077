// @ts-check

/**
 * The same call at most once in a while: the first at once, then the latest.
 * @template T
 * @param {(value: T) => void} act
 * @param {number} pauseMs
 */
export function throttled(act, pauseMs) {
  let timer = /** @type {ReturnType<typeof setTimeout> | null} */ (null);
  /** @type {{value: T} | null} */
  let latest = null;

  function rest() {
    timer = null;
    if (latest) call(latest.value);
  }

  function call(/** @type {T} */ value) {
    latest = timer ? { value } : null;
    if (timer) return;
    timer = setTimeout(rest, pauseMs);
    act(value);
  }

  function cancel() {
    if (timer) clearTimeout(timer);
    timer = latest = null;
  }

  /** The latest at once, where it still waits. */
  function flush() {
    const waiting = latest;
    cancel();
    if (waiting) call(waiting.value);
  }

  return { call, cancel, flush };
}
