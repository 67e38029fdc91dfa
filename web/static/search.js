// Suggestions under the search box, after the combobox pattern of the ARIA Authoring Practices: the box keeps what was typed, arrows
// choose from the list. Without a script, or without an answer, the box is a form like any other.
"use strict";

(() => {
  const WAIT = 200;
  const MOST_TYPED = 200;

  const box = document.getElementById("kg-q");
  const form = box?.form;
  if (!form?.dataset.suggestions) return;

  const list = document.createElement("ul");
  list.id = "kg-suggestions";
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.dataset.suggestions);
  const status = document.createElement("span");
  status.className = "unseen";
  status.setAttribute("role", "status");
  form.append(list, status);
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  box.setAttribute("aria-expanded", "false");

  let found = [];
  let foundFor = "";
  let active = -1;
  let waiting;
  let asking;

  function activate(place) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = place;
    const option = list.children[active];
    if (option) {
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      box.setAttribute("aria-activedescendant", option.id);
    } else {
      box.removeAttribute("aria-activedescendant");
    }
  }

  function show(open) {
    activate(-1);
    list.hidden = !open;
    box.setAttribute("aria-expanded", String(open));
    if (!open) status.textContent = "";
  }

  function close() {
    clearTimeout(waiting);
    asking?.abort();
    show(false);
  }

  function part(className, text) {
    return Object.assign(document.createElement("span"), { className, textContent: text });
  }

  function option(suggestion, place) {
    const item = document.createElement("li");
    item.id = `kg-suggestion-${place}`;
    item.className = `suggestion-${suggestion.kind}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.append(part("suggested", suggestion.text), " ", part("kind", form.dataset[suggestion.kind] ?? ""));
    if (suggestion.detail) item.append(" ", part("detail", suggestion.detail));
    return item;
  }

  function render(suggestions, typed) {
    found = suggestions;
    foundFor = typed;
    list.replaceChildren(...found.map(option));
    show(found.length > 0);
    status.textContent = found.length ? form.dataset.some.replace("{n}", found.length) : "";
  }

  async function ask() {
    const typed = box.value;
    asking?.abort();
    if (!typed.trim() || typed.length > MOST_TYPED) return show(false);
    if (typed === foundFor) return show(found.length > 0);
    asking = new AbortController();
    try {
      const response = await fetch(`/api/v1/suggest?q=${encodeURIComponent(typed)}`, { signal: asking.signal });
      if (!response.ok) throw new Error(response.statusText);
      const { suggestions } = await response.json();
      // The hand went on, or away, while the server thought.
      if (box.value === typed && document.activeElement === box) render(suggestions, typed);
    } catch (error) {
      if (error.name !== "AbortError") show(false);
    }
  }

  function askSoon() {
    // Input methods delete and type again, some without a word about composing: what counts is what stands there when the hand rests.
    // Until then the old suggestions stay, but none of them is chosen any more.
    clearTimeout(waiting);
    activate(-1);
    if (!box.value.trim()) close();
    else waiting = setTimeout(ask, WAIT);
  }

  function choose(suggestion) {
    close();
    if (suggestion.kind === "document") {
      location.assign(suggestion.url);
    } else {
      box.value = suggestion.text;
      form.requestSubmit();
    }
  }

  function move(step) {
    // Below the last one and above the first one is what was typed itself.
    if (list.hidden) return ask();
    const places = found.length + 1;
    activate(((active + 1 + step + places) % places) - 1);
  }

  const keys = {
    ArrowDown: () => move(1),
    ArrowUp: () => (list.hidden ? false : move(-1)),
    Enter: () => (list.hidden || active < 0 ? false : choose(found[active])),
    Escape: () => (list.hidden ? false : close()),
  };

  box.addEventListener("input", askSoon);
  box.addEventListener("compositionend", askSoon);
  box.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const act = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
    if (act && act() !== false) event.preventDefault();
  });
  box.addEventListener("blur", close);
  form.addEventListener("submit", close);
  // A press on the list must not take the focus from the box.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const place = [...list.children].indexOf(event.target.closest("[role=option]"));
    if (place >= 0) choose(found[place]);
  });
  addEventListener("pageshow", close);
})();

// The latest years are what is mostly asked for: where the bars do not fit, their end is seen first.
(() => {
  const bars = document.querySelector(".bars");
  if (!bars) return;
  const chosen = bars.querySelector("[aria-current]");
  bars.scrollLeft = chosen ? chosen.parentElement.offsetLeft - bars.clientWidth / 2 : bars.scrollWidth;
})();
