// What the pages do better with a script; everything works without it.
"use strict";

(() => {
  const root = document.documentElement;
  const messages = document.body.dataset;
  const live = document.getElementById("kg-live");
  root.classList.add("scripted");

  let silence;
  function say(message) {
    live.textContent = "";
    // A new task, so that the same message twice is announced twice.
    setTimeout(() => { live.textContent = message; }, 30);
    clearTimeout(silence);
    silence = setTimeout(() => { live.textContent = ""; }, 4000);
  }

  // --- Copying -------------------------------------------------------------------------------------------------------
  // On an intranet without TLS navigator.clipboard does not exist, and it cannot write HTML everywhere; the copy event can.
  function asHtml(text) {
    const span = document.createElement("span");
    text.split("\n").forEach((line, number) => {
      if (number) span.append(document.createElement("br"));
      span.append(line);
    });
    // Inline, because Word reads no style sheet and would take the page's font.
    return `<span style="font-family:'Times New Roman',serif">${span.innerHTML}</span>`;
  }

  function copy(source) {
    const text = source.textContent.trim().normalize("NFC");
    let written = false;
    const write = (event) => {
      event.clipboardData.setData("text/plain", text);
      event.clipboardData.setData("text/html", asHtml(text));
      event.preventDefault();
      written = true;
    };
    // Some browsers fire the event only where something is selected; if all fails it stays selected for Ctrl+C.
    const folded = source.closest("details:not([open])");
    if (folded) folded.open = true;
    const selection = getSelection();
    selection.selectAllChildren(source);
    document.addEventListener("copy", write);
    try {
      document.execCommand("copy");
    } catch {
      written = false;
    }
    document.removeEventListener("copy", write);
    if (written) {
      selection.removeAllRanges();
      if (folded) folded.open = false;
    }
    say(written ? messages.copied : messages.copyFailed);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-copy]");
    if (button) copy((button.closest(".cite-form") || button.closest(".cite")).querySelector(".cite-text"));
  });

  // --- Filters and contents stand open beside a wide page (browsers without ::details-content) -------------------------
  const wide = matchMedia("(min-width: 62rem)");
  const unfold = () => document.querySelectorAll("details.wide-open").forEach((details) => { details.open = wide.matches; });
  wide.addEventListener("change", unfold);
  if (wide.matches) unfold();

  // --- Filtering the contents: marks do not matter ---------------------------------------------------------------------
  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replaceAll("đ", "d");
  const filter = document.getElementById("kg-contents-filter");
  if (filter) {
    const entries = [...document.querySelectorAll("#kg-contents > li")].map((item) => [item, fold(item.textContent)]);
    let waiting;
    filter.addEventListener("input", () => {
      // Input methods delete and type again; what counts is what stands there when the hand rests.
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        const wanted = fold(filter.value.trim());
        entries.forEach(([item, text]) => { item.hidden = !text.includes(wanted); });
      }, 200);
    });
  }

  // --- From mark to mark -------------------------------------------------------------------------------------------------
  let place = -1;
  addEventListener("hashchange", () => { place = -1; });

  // The mark from which the first step goes: who opened a clause goes on from there, not from the beginning of the document.
  function placeBefore(marks, step) {
    const clause = document.querySelector("main :target");
    const after = Node.DOCUMENT_POSITION_FOLLOWING;
    const from = clause ? marks.findIndex((mark) => clause.compareDocumentPosition(mark) & after) : 0;
    if (step > 0) return from - 1;
    return from < 0 ? marks.length : from;
  }

  function jump(step) {
    const marks = [...document.querySelectorAll("main mark")].filter((mark) => mark.checkVisibility());
    if (!marks.length) return;
    document.querySelector("mark.current")?.classList.remove("current");
    if (place < 0) place = placeBefore(marks, step);
    place = (place + step + marks.length) % marks.length;
    marks[place].classList.add("current");
    marks[place].scrollIntoView({ block: "center" });
    say(messages.match.replace("{n}", place + 1).replace("{total}", marks.length));
  }
  document.querySelectorAll("[data-jump]").forEach((button) => {
    button.addEventListener("click", () => jump(Number(button.dataset.jump)));
  });

  // --- Keys: never while something is typed or composed -----------------------------------------------------------------
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    if (event.key === "n") jump(1);
    else if (event.key === "p") jump(-1);
  });
})();
