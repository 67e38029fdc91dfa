// The state of the index kept up to date; without a script the link above it does the same.
"use strict";

(() => {
  const state = document.getElementById("kg-state");
  const follow = document.getElementById("kg-follow");
  const live = document.getElementById("kg-live");
  const part = (root, name) => root.querySelector(`[data-live="${name}"]`);
  const isRunning = (root) => "running" in part(root, "now").dataset;

  const isFollowed = () => follow.getAttribute("aria-checked") === "true" && !document.hidden;

  let waiting;
  function later() {
    clearTimeout(waiting);
    if (isFollowed()) waiting = setTimeout(look, 1000 * Number(part(state, "as-of").dataset.again));
  }

  // Who comes back, or switches it on, sees how it is now.
  function now() {
    clearTimeout(waiting);
    if (isFollowed()) look();
  }

  // What somebody has the focus in, or has selected, stays as it is under the hand.
  function isInUse(element) {
    const selection = getSelection();
    return element.contains(document.activeElement) || (!selection.isCollapsed && element.contains(selection.anchorNode));
  }

  async function look() {
    try {
      // 503 is a page as well: nothing can be searched yet, and it says what runs.
      const response = await fetch("/status", { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      if (page.getElementById("kg-state")) show(page);
    } catch {
      // The server is away for a moment: the time that stands there says how old this is.
    }
    later();
  }

  function show(page) {
    const ended = isRunning(state) && !isRunning(page);
    for (const shown of state.querySelectorAll("[data-live]")) {
      const fresh = part(page, shown.dataset.live);
      if (shown.outerHTML !== fresh.outerHTML && !isInUse(shown)) shown.replaceWith(fresh);
    }
    if (ended) live.textContent = state.dataset.ended;
  }

  follow.addEventListener("click", () => {
    follow.setAttribute("aria-checked", String(follow.getAttribute("aria-checked") !== "true"));
    now();
  });
  document.addEventListener("visibilitychange", now);
  later();
})();
