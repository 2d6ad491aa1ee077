// @ts-check
/** The player's keys. None of them goes on to Streamlit, which has shortcuts of its own. */

/**
 * @param {HTMLElement} root
 * @param {{go: (step: number) => void, step: () => number, last: () => number, control: ReturnType<typeof import("./controls.js").controls>, find: () => void, clear: () => void, walk: (by: number) => void}} player
 * @returns {() => void} takes them off
 */
export function keys(root, player) {
  /** @type {Record<string, () => void>} */
  const actions = {
    ArrowRight: () => player.go(player.step() + 1),
    ArrowDown: () => player.go(player.step() + 1),
    PageDown: () => player.go(player.step() + 1), // as presenters' remote controls send them
    ArrowLeft: () => player.go(player.step() - 1),
    ArrowUp: () => player.go(player.step() - 1),
    PageUp: () => player.go(player.step() - 1),
    Home: () => player.go(0),
    End: () => player.go(player.last()),
    " ": () => player.control.toggle(),
    "+": () => player.control.zoom(1.25),
    "=": () => player.control.zoom(1.25),
    "-": () => player.control.zoom(0.8),
    0: () => player.control.fit(),
    "/": player.find,
    Escape: player.clear,
  };

  function pressed(/** @type {KeyboardEvent} */ event) {
    const target = /** @type {HTMLElement} */ (event.composedPath()[0]);
    const typing = target.matches(".cm-content, .cm-panel *, input[type=search]");
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!typing && plain && event.key.length === 1) event.stopPropagation();
    if (typing) {
      event.stopPropagation();
      return;
    }
    if (!plain) return;
    if (target.closest(".vertex") && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      target.closest(".vertex")?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
      return;
    }
    if (target.closest(".vertex") && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      event.stopPropagation();
      player.walk(event.key === "ArrowDown" ? 1 : -1);
      return;
    }
    if (target.matches("button, summary") && (event.key === " " || event.key === "Enter")) return;
    if (target.matches("input[type=range]") && event.key.startsWith("Arrow")) event.preventDefault();
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  }

  /** Where nothing has the focus the keys are the player's: nobody has to click it first. */
  function pressedNowhere(/** @type {KeyboardEvent} */ event) {
    if (event.composedPath()[0] === document.body && root.checkVisibility()) pressed(event);
  }

  root.addEventListener("keydown", pressed);
  document.addEventListener("keydown", pressedNowhere);
  return () => {
    root.removeEventListener("keydown", pressed);
    document.removeEventListener("keydown", pressedNowhere);
  };
}
