// What the pages of documents and clauses do better with a script; everything works without it.
"use strict";

(() => {
  const body = document.querySelector(".body");
  if (!body) return;
  const messages = body.dataset;
  const clauseLink = 'a[href*="?c="]';

  const parts = new Map();
  function part(address) {
    if (!parts.has(address)) {
      parts.set(address, fetch(address).then((response) => {
        if (!response.ok) throw new Error(response.statusText);
        return response.text();
      }).catch((error) => {
        parts.delete(address);
        throw error;
      }));
    }
    return parts.get(address);
  }

  // Beside what it belongs to: under it, or above where there is more room; never over the edges of the screen.
  function placeBeside(box, at, tallest = Infinity) {
    box.style.maxHeight = "none";
    const below = at.bottom + box.offsetHeight <= innerHeight - 12 || innerHeight - at.bottom >= at.top;
    box.style.maxHeight = `${Math.min(tallest, (below ? innerHeight - at.bottom : at.top) - 12)}px`;
    box.style.top = `${scrollY + (below ? at.bottom : at.top - box.offsetHeight)}px`;
    box.style.left = `${scrollX + Math.max(12, Math.min(at.left, document.documentElement.clientWidth - 12 - box.offsetWidth))}px`;
  }

  // --- What can be done with a clause; where it cannot unfold the link leads to the clause's own page ------------------------
  let menu;
  async function unfoldTools(link, at) {
    const clause = link.closest("[id]");
    const words = await part(`${link.pathname}/${encodeURIComponent(clause.id)}/tools`);
    hidePreview();
    menu ??= document.body.appendChild(Object.assign(document.createElement("div"), { className: "menu", popover: "auto" }));
    menu.setAttribute("role", "dialog");
    menu.innerHTML = words;
    menu.setAttribute("aria-label", `${messages.menu}: ${menu.querySelector("h2").textContent}`);
    menu.showPopover();
    placeBeside(menu, at ?? link.getBoundingClientRect());
    menu.querySelector("button")?.focus({ preventScroll: true });
  }

  document.addEventListener("click", (event) => {
    if (menu && event.target.closest(".menu a")) menu.hidePopover();
    const link = event.target.closest(`.body ${clauseLink}`);
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || !HTMLElement.prototype.showPopover) return;
    event.preventDefault();
    // The dots in the margin are part of the link; the menu opens where the pointer is.
    const at = event.detail ? { left: event.clientX, top: event.clientY - 12, bottom: event.clientY + 12 } : undefined;
    unfoldTools(link, at).catch(() => { location.href = link.href; });
  });

  // --- What a reference leads to ---------------------------------------------------------------------------------------------
  let preview, waiting, shownAt;
  function hidePreview() {
    clearTimeout(waiting);
    if (!shownAt) return;
    shownAt.removeAttribute("aria-describedby");
    shownAt = undefined;
    preview.hidePopover();
  }

  // The address of the preview, "" for what has none: a clause, a document, a footnote.
  function previewAddress(link) {
    const url = new URL(link.href);
    const found = url.origin === location.origin && !url.search && /^\/documents\/[^/]+$/.exec(url.pathname);
    const onClausePage = url.hash && url.pathname === location.pathname && /^(\/documents\/[^/]+)\/[^/]+$/.exec(url.pathname);
    const path = found ? found[0] : onClausePage ? onClausePage[1] : "";
    if (!path || (path === location.pathname && !url.hash)) return "";
    return path.replace("/documents/", "/fragment/") + (url.hash && `/${url.hash.slice(1)}`);
  }

  async function showPreview(link) {
    const absent = link.matches(".absent");
    const address = previewAddress(link);
    if ((!absent && !address) || menu?.matches(":popover-open")) return;
    const words = absent ? "" : await part(address).catch(() => "");
    if (!absent && !words || !link.isConnected || !link.matches(":hover, :focus")) return;
    hidePreview();
    preview ??= document.body.appendChild(Object.assign(document.createElement("div"), { className: "preview", id: "kg-preview", popover: "manual" }));
    preview.setAttribute("role", "tooltip");
    if (absent) preview.textContent = messages.absent;
    else preview.innerHTML = words;
    preview.scrollTop = 0;
    preview.showPopover();
    const lines = [...link.getClientRects()];
    placeBeside(preview, lines.at(-1), 320);
    link.setAttribute("aria-describedby", preview.id);
    shownAt = link;
  }

  const reference = `.body a:not([href*="?c="]), .card .related a, .card li > a, .standing a`;
  const later = (action, milliseconds) => { clearTimeout(waiting); waiting = setTimeout(action, milliseconds); };
  if (HTMLElement.prototype.showPopover) {
    document.addEventListener("mouseover", (event) => {
      const link = event.target.closest?.(reference);
      if (link && link !== shownAt) later(() => showPreview(link), 250);
      else if (link || event.target.closest?.(".preview")) clearTimeout(waiting);
      else if (document.activeElement.matches(reference) && document.activeElement.matches(":focus-visible")) return;  // scrolled under a resting pointer
      else if (shownAt) later(hidePreview, 200);
      else clearTimeout(waiting);
    });
    document.addEventListener("focusin", (event) => {
      if (event.target.matches?.(reference) && event.target.matches(":focus-visible")) later(() => showPreview(event.target), 250);
      else hidePreview();
    });
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") hidePreview(); });
  }

  // --- Back to the results as they were: their filters, their order, their page ---------------------------------------------------
  const toResults = document.querySelector(".to-results");
  const cameFrom = document.referrer && new URL(document.referrer);
  if (toResults && cameFrom && cameFrom.origin === location.origin && cameFrom.pathname === "/search") toResults.href = cameFrom.href;

  // --- The contents follow the reading --------------------------------------------------------------------------------------
  const contents = document.querySelector(".contents details");
  const entries = [...document.querySelectorAll("#kg-contents a")];
  const places = entries.map((entry) => document.getElementById(decodeURIComponent(entry.hash.slice(1))));

  // The clause at the top of the screen. What the browser has not laid out is not asked for its place: that would lay it out.
  function clauseInView() {
    const left = Math.max(0, body.getBoundingClientRect().left) + 30;
    const top = parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) + 14;
    for (let y = top; y < innerHeight; y += 20) {
      const clause = document.elementFromPoint(left, y)?.closest(".body [id]");
      if (clause) return clause;
    }
    return undefined;
  }

  function entryOf(clause) {
    let low = 0;
    let high = places.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const after = places[middle].compareDocumentPosition(clause);
      if (clause === places[middle] || after & (Node.DOCUMENT_POSITION_FOLLOWING | Node.DOCUMENT_POSITION_CONTAINED_BY)) low = middle + 1;
      else high = middle;
    }
    return entries[low - 1];
  }

  let current;
  function follow() {
    const started = body.getBoundingClientRect().top < innerHeight / 2;
    const clause = started ? clauseInView() : undefined;
    if (started && !clause) return;
    const entry = clause && entryOf(clause);
    if (entry === current) return;
    current?.removeAttribute("aria-current");
    current = entry;
    if (!entry) return;
    entry.setAttribute("aria-current", "location");
    // Only the contents move, never the page; and not under a hand that is looking through them.
    if (contents.matches(":hover, :focus-within")) return;
    const box = contents.getBoundingClientRect();
    const line = entry.getBoundingClientRect();
    if (line.top < box.top + 40 || line.bottom > box.bottom - 40) contents.scrollTop += line.top - box.top - box.height / 3;
  }

  if (entries.length && places.every(Boolean)) {
    let asked;
    const ask = () => { asked ??= requestAnimationFrame(() => { asked = undefined; follow(); }); };
    addEventListener("scroll", ask, { passive: true });
    addEventListener("resize", ask, { passive: true });
    ask();
  }

  // --- From clause to clause, and its citation ---------------------------------------------------------------------------------
  let clauses, here;
  function step(by) {
    clauses ??= [...body.querySelectorAll("[id]")];
    const from = here ?? body.querySelector(":target") ?? undefined;
    const place = from ? clauses.indexOf(from) + by : clauses.indexOf(clauseInView());
    here = clauses[Math.max(0, Math.min(clauses.length - 1, place))];
    here.tabIndex = -1;
    here.focus({ preventScroll: true });
    here.scrollIntoView({ block: "center" });
  }

  async function copyCitation() {
    const clause = here ?? body.querySelector(":target");
    const link = clause?.querySelector(clauseLink);
    if (!link) {
      document.querySelector(".cite [data-copy]")?.click();
      return;
    }
    await unfoldTools(link);
    menu.querySelector("[data-copy]").click();
    menu.hidePopover();
    clause.focus?.({ preventScroll: true });
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable], .menu")) return;
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "c") copyCitation().catch(() => {});
  });
  addEventListener("hashchange", () => { here = undefined; arrive(); });

  // --- The place in the text stays where it was opened, or left ------------------------------------------------------------------
  // The parts above it are laid out when they come near, at another height than was guessed, and push it off the screen.
  const FRAMES = 6;
  let hand = 0;
  ["wheel", "touchstart", "pointerdown", "keydown"].forEach((name) => addEventListener(name, () => { hand += 1; }, { passive: true }));
  function hold(scroll, frames = FRAMES, since = hand) {
    if (hand !== since) return;
    scroll();
    if (frames) requestAnimationFrame(() => hold(scroll, frames - 1, since));
  }

  // An address that was not come to before has no state yet; Back and reload lead to where the reader was. The browser keeps that in
  // pixels of a layout that is gone, and within a page some go back to the clause of the address.
  function arrive() {
    if (history.state?.arrived) return;
    history.replaceState({ arrived: true }, "");
    hold(() => body.querySelector(":target")?.scrollIntoView());
  }
  function keepPlace() {
    if (!history.state?.arrived) return;
    const clause = clauseInView();
    history.replaceState({ arrived: true, clause: clause?.id, top: clause?.getBoundingClientRect().top }, "");
  }
  function returnTo({ clause, top }) {
    const place = document.getElementById(clause);
    if (place) hold(() => scrollBy({ top: place.getBoundingClientRect().top - top, behavior: "instant" }));
  }
  addEventListener("load", () => { if (history.state?.clause) returnTo(history.state); else arrive(); });
  addEventListener("popstate", (event) => { if (event.state?.clause) returnTo(event.state); });
  let resting;
  addEventListener("scroll", () => { clearTimeout(resting); resting = setTimeout(keepPlace, 200); }, { passive: true });
  document.addEventListener("click", (event) => { if (event.target.closest("a[href]")) keepPlace(); }, { capture: true });

  // --- What is selected in the text is copied clean ------------------------------------------------------------------------------
  // Word takes over the page's fonts, colours and links to this server; a table keeps its own form.
  body.addEventListener("copy", (event) => {
    const selection = getSelection();
    if (!selection.rangeCount || selection.getRangeAt(0).cloneContents().querySelector("td")) return;
    const text = selection.toString().normalize("NFC").replace(/\n{2,}/g, "\n").trim();
    if (!text) return;
    const holder = document.createElement("div");
    text.split("\n").forEach((line) => {
      const paragraph = document.createElement("p");
      paragraph.textContent = line;
      holder.append(paragraph);
    });
    event.clipboardData.setData("text/plain", text);
    event.clipboardData.setData("text/html", holder.innerHTML.replaceAll("<p>", `<p style="font-family:'Times New Roman',serif">`));
    event.preventDefault();
  });
})();
