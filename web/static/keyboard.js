// Keys for what is done all day: the list of them, the search box, from hit to hit, the citation of the one in focus. Words marked in a
// text have their keys in kgsearch.js, clauses in reading.js. Never while something is typed or composed; and who dictates, or types with
// one finger, can turn all single keys off.
"use strict";

(() => {
  const STORED = "kgsearch-single-keys";
  const ITEMS = ".hit :is(h2, h3) > a, .document-line > a, .citing > li > a, .related > li > a, .reports > li > a, .compare .where > a";

  const main = document.getElementById("kg-main");
  const box = document.getElementById("kg-q");
  const list = document.getElementById("kg-keys");
  const choice = document.getElementById("kg-keys-on");

  // --- On and off ------------------------------------------------------------------------------------------------------
  // Where nothing may be stored the choice holds for this page.
  let on = true;
  try {
    on = localStorage.getItem(STORED) !== "off";
  } catch {
    // Said above.
  }
  choice.setAttribute("aria-checked", String(on));
  choice.addEventListener("click", () => {
    on = !on;
    choice.setAttribute("aria-checked", String(on));
    try {
      localStorage.setItem(STORED, on ? "on" : "off");
    } catch {
      // Said above.
    }
  });

  const composed = (event) => event.isComposing || event.keyCode === 229 || event.ctrlKey || event.altKey || event.metaKey;
  const typed = (event) => event.target.closest?.("input, textarea, select, [contenteditable]");

  // Before any other listener of the page: what is behind the open list, or turned off, does not hear of the key.
  addEventListener("keydown", (event) => {
    const single = event.key?.length === 1 && event.key !== " ";
    if (single && !typed(event) && (list.open || !on)) event.stopImmediatePropagation();
  }, true);

  // --- The list of keys ------------------------------------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys]")) list.showModal();
    // A press beside the list is one on the dialog itself.
    else if (event.target === list || event.target.closest("[data-close]")) list.close();
  });

  // --- From hit to hit -------------------------------------------------------------------------------------------------
  const block = (item) => item.closest("li, tr") ?? item;

  function step(by) {
    const items = [...main.querySelectorAll(ITEMS)].filter((item) => item.checkVisibility());
    if (!items.length) return;
    const from = items.findIndex((item) => block(item).contains(document.activeElement));
    const inView = items.findIndex((item) => item.getBoundingClientRect().bottom > 0);
    const place = from < 0 ? inView : from + by;
    const item = items[Math.max(0, Math.min(items.length - 1, place))];
    item.focus({ preventScroll: true });
    block(item).scrollIntoView({ block: "nearest" });
    item.scrollIntoView({ block: "nearest" });
  }

  // Without a hit in focus it is the answer's citation, else the first hit's, which then has the focus: it is seen what was copied.
  function copyCitation() {
    const place = document.activeElement.closest(".hit, .answer") ?? main.querySelector(".answer:has([data-copy]), .hit");
    const button = place?.querySelector("[data-copy]");
    if (!button) return;
    if (!place.contains(document.activeElement)) place.querySelector("a")?.focus();
    button.click();
  }

  // A text has its own keys for its clauses.
  const text = document.querySelector(".body");
  const keys = {
    "/": () => box?.focus(),
    "?": () => list.showModal(),
    j: () => text || step(1),
    k: () => text || step(-1),
    c: () => text || copyCitation(),
  };

  document.addEventListener("keydown", (event) => {
    if (composed(event) || event.defaultPrevented) return;
    // The first Escape empties the box, the next leaves it.
    if (event.key === "Escape" && event.target === box && !box.value) box.blur();
    if (typed(event) || !Object.hasOwn(keys, event.key)) return;
    if (event.key === "/") event.preventDefault();
    keys[event.key]();
  });
})();
