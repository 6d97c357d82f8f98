// The queue by keyboard: j and k go from card to card, Enter opens the conversation, c takes it on, ? shows the keys.
// Nothing else in the pages needs a script of ours. It acts only while the page says so (.keys-on, drawn by keyboard.py), and
// never while somebody writes, chooses from a menu or has a dialog open. It presses what a mouse could press, and no more.
"use strict";

(() => {
  if (window.mutualsKeyboard) return; // drawn again with every run of the page
  window.mutualsKeyboard = true;

  const CARD = "[class*='st-key-card-']";
  const WRITING = "input, textarea, select, [contenteditable='true'], [role=textbox], [role=combobox], [role=listbox], [role=menu]";
  const OPEN = "[role=dialog], [role=menu], [role=listbox]";
  let name = ""; // of the card one stands on
  let place = -1; // the last card, counted from the top: where it has gone, the next one stands there

  const cards = () => [...document.querySelectorAll(CARD)].filter((card) => card.checkVisibility());
  const here = () => document.activeElement?.closest(CARD);
  const press = (within, selector) => within?.querySelector(selector)?.click();

  const go = (step) => {
    const all = cards();
    if (all.length === 0) return;
    const at = all.indexOf(here());
    const wanted = at >= 0 ? at + step : place < 0 ? 0 : step > 0 ? place : place - 1;
    place = Math.max(0, Math.min(wanted, all.length - 1));
    stand(all[place]);
    all[place].scrollIntoView({ block: all[place].offsetHeight > innerHeight * 0.8 ? "start" : "center" });
  };

  const stand = (card) => {
    name = [...card.classList].find((one) => one.startsWith("st-key-card-"));
    card.tabIndex = -1;
    card.setAttribute("role", "group");
    card.setAttribute("aria-label", card.querySelector("h3")?.textContent ?? "");
    card.focus({ preventScroll: true });
  };

  // The page may draw a card anew while one stands on it, and the focus falls to nobody: give it back.
  new MutationObserver(() => {
    if (name === "" || document.activeElement !== document.body) return;
    const again = document.querySelector(`.${name}`);
    if (again) stand(again);
  }).observe(document.body, { childList: true, subtree: true });
  document.addEventListener("focusin", (event) => { if (!event.target.matches(CARD)) name = ""; });
  document.addEventListener("pointerdown", () => { name = ""; });

  const KEYS = {
    j: () => go(1),
    k: () => go(-1),
    c: () => press(here(), "[class*='st-key-claim-'] button"),
    "?": () => press(document, ".st-key-keys-box button"),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat && event.key === "c") return;
    if (!document.querySelector(".keys-on") || event.target.closest?.(WRITING) || document.querySelector(OPEN)) return;
    if (event.key === "Enter" && event.target.matches?.(CARD)) press(event.target, "[class*='st-key-thread-'] summary");
    else if (KEYS[event.key]) KEYS[event.key]();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
})();
