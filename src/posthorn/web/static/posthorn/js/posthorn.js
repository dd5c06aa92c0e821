// What pages do beyond what the browser does by itself. Everything here is an addition:
// without scripts each link leads to a page and each form is sent as it stands.
"use strict";

(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const dialog = () => document.getElementById("dialog");

  // Dialogs: a link with data-dialog shows its page's content without leaving this one.
  // A button with data-dialog sends its form, and shows what is asked in return.
  const openDialog = async (address, form = null) => {
    const headers = { "HX-Request": "true", "X-Dialog": "true" };
    const sent = form ? { method: "POST", body: form } : {};
    const answer = await fetch(address, { headers, credentials: "same-origin", ...sent });
    if (!answer.ok || answer.redirected) {
      location.assign(form ? (answer.redirected ? answer.url : location.href) : address);
      return;
    }
    const box = dialog();
    box.innerHTML = await answer.text();
    htmx.process(box);
    box.showModal();
    const heading = box.querySelector("h1, h2");
    if (heading) heading.id = "dialog-title";
    const first = box.querySelector("[autofocus], input:not([type=hidden]), select, textarea, button, a");
    if (first) first.focus();
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-dialog]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      openDialog(link.href);
    }
    if (event.target.closest("[data-close]") && dialog().open) {
      event.preventDefault();
      dialog().close();
    }
    const dismissed = event.target.closest("[data-dismiss]");
    if (dismissed) dismissed.closest(".toast").remove();
    const copied = event.target.closest("[data-copy]");
    if (copied) navigator.clipboard.writeText(copied.dataset.copy);
    const cleared = event.target.closest("[data-clear]");
    if (cleared) {
      cleared.closest(".preview").replaceChildren();
      const row = document.querySelector("tr.is-current a[data-open]");
      if (row) row.focus();
    }
    const row = event.target.closest("tr[data-row]");
    if (row) rows().forEach((one) => one.classList.toggle("is-current", one === row));
  });
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button || !button.matches("button[data-dialog]")) return;
    event.preventDefault();
    const address = button.hasAttribute("formaction") ? button.formAction : event.target.action;
    openDialog(address, new FormData(event.target, button));
  });

  // Toasts of good news go by themselves, unless they offer an undo or somebody reads them.
  const tend = (toast) => {
    const button = toast.querySelector("[data-dismiss]");
    if (button) button.hidden = false;
    if (!toast.matches(".good") || toast.querySelector("form")) return;
    setTimeout(() => { if (!toast.matches(":hover, :focus-within")) toast.remove(); }, 8000);
  };

  // Choosing rows: each box counts, shift chooses a range, the head chooses all.
  let lastBox = null;
  const countChosen = (form) => {
    const boxes = all("input[data-choose]", form);
    const chosen = boxes.filter((box) => box.checked).length;
    all("[data-bulk]", form).forEach((bar) => { bar.hidden = chosen === 0; });
    all("[data-chosen]", form).forEach((place) => { place.textContent = chosen; });
    const head = form.querySelector("input[data-choose-all]");
    if (head) {
      head.checked = chosen > 0 && chosen === boxes.length;
      head.indeterminate = chosen > 0 && chosen < boxes.length;
    }
  };
  document.addEventListener("click", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || !box.form) return;
    if (box.matches("[data-choose-all]")) {
      all("input[data-choose]", box.form).forEach((one) => { one.checked = box.checked; });
      countChosen(box.form);
    } else if (box.matches("[data-choose]")) {
      const boxes = all("input[data-choose]", box.form);
      if (event.shiftKey && lastBox && boxes.includes(lastBox)) {
        const [from, to] = [boxes.indexOf(lastBox), boxes.indexOf(box)].sort((a, b) => a - b);
        boxes.slice(from, to + 1).forEach((one) => { one.checked = box.checked; });
      }
      lastBox = box;
      countChosen(box.form);
    }
  });

  // Rows open by a double-click as by their link.
  document.addEventListener("dblclick", (event) => {
    const row = event.target.closest("tr[data-row]");
    if (row && !event.target.closest("a, button, input, label")) row.querySelector("a[data-open]").click();
  });

  // Forms whose change is sent at once (filters) and fields shown by another field's value.
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-at-once]");
    if (form) form.requestSubmit();
    showFields(event.target.form);
  });
  const showFields = (form) => {
    if (!form) return;
    all("[data-shown-when]", form).forEach((place) => {
      const [name, wanted] = place.dataset.shownWhen.split("=");
      const fields = all(`[name="${CSS.escape(name)}"]`, form);
      const boxes = fields.filter((one) => ["checkbox", "radio"].includes(one.type));
      const isSwitch = boxes.length === 1 && boxes[0].type === "checkbox";
      const field = boxes.find((one) => one.checked) || fields.find((one) => !boxes.includes(one));
      const value = isSwitch ? (boxes[0].checked ? "on" : "off") : (field ? field.value : "");
      const isHidden = value !== wanted || Boolean(document.getElementById(`field-${name}`)?.hidden);
      place.hidden = isHidden;
      all("input, select, textarea", place).forEach((one) => { one.disabled = isHidden; });
    });
  };

  // Keys: g and a letter goes, / searches, j and k move, x chooses, Enter opens, ? tells.
  let isGoing = false;
  const rows = () => all("tr[data-row]");
  const move = (step) => {
    const found = rows();
    if (!found.length) return;
    const at = found.findIndex((row) => row.matches(".is-current"));
    const next = found[Math.min(found.length - 1, Math.max(0, at + step))];
    found.forEach((row) => row.classList.toggle("is-current", row === next));
    const link = next.querySelector("a[data-open]");
    if (link) link.focus();
    if (next.dataset.preview) htmx.trigger(next, "preview");
  };
  const press = (selector) => {
    const found = document.querySelector(selector);
    if (found) found.click();
    return Boolean(found);
  };
  // The list of keys names those that do something here, and the buttons that have one.
  const tellKeys = (box) => {
    const ours = (selector) => all(selector).filter((one) => !box.contains(one));
    all("[data-works-with]", box).forEach((line) => { line.hidden = !ours(line.dataset.worksWith).length; });
    all("[data-key-of-button]", box).forEach((line) => line.remove());
    const sample = box.querySelector("[data-keys-of-buttons]");
    sample.hidden = true;
    const told = new Set();
    ours("[data-key]").forEach((button) => {
      if (told.has(button.dataset.key)) return;
      told.add(button.dataset.key);
      const line = sample.cloneNode(true);
      line.removeAttribute("data-keys-of-buttons");
      line.removeAttribute("data-works-with");
      line.setAttribute("data-key-of-button", "");
      line.hidden = false;
      line.querySelector("kbd").textContent = button.dataset.key;
      line.querySelector("dd").textContent = button.getAttribute("aria-label") || button.textContent.trim();
      sample.before(line);
    });
  };
  document.addEventListener("beforetoggle", (event) => {
    if (event.target.id === "keys" && event.newState === "open") tellKeys(event.target);
  }, true);
  const inRow = (selector) => press(`tr.is-current ${selector}`);
  const keys = {
    "/": () => { const box = document.querySelector("input[type=search]"); if (box) { box.focus(); box.select(); } return Boolean(box); },
    "?": () => press("[data-keys]"),
    j: () => { move(1); return true; },
    k: () => { move(-1); return true; },
    x: () => inRow("input[data-choose]"),
    "[": () => press("[data-key-previous]"),
    "]": () => press("[data-key-next]"),
  };
  document.addEventListener("keydown", (event) => {
    if (document.body.dataset.keyboard === "off" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable], dialog")) return;
    if (isGoing) {
      isGoing = false;
      if (press(`a[data-go="${CSS.escape(event.key)}"]`)) event.preventDefault();
      return;
    }
    if (event.key === "g") {
      isGoing = true;
      setTimeout(() => { isGoing = false; }, 1500);
    } else if (keys[event.key] ? keys[event.key]() : press(`[data-key="${CSS.escape(event.key)}"]`)) {
      event.preventDefault();
    }
  });

  // Files dropped on a field count as chosen in it.
  document.addEventListener("dragover", (event) => {
    const drop = event.target.closest("[data-drop]");
    if (!drop) return;
    event.preventDefault();
    drop.classList.add("is-over");
  });
  document.addEventListener("dragleave", (event) => {
    const drop = event.target.closest("[data-drop]");
    if (drop) drop.classList.remove("is-over");
  });
  document.addEventListener("drop", (event) => {
    const drop = event.target.closest("[data-drop]");
    if (!drop) return;
    event.preventDefault();
    drop.classList.remove("is-over");
    const field = drop.querySelector("input[type=file]");
    field.files = event.dataTransfer.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });

  // A passkey that was not used: the sign-in package reports it, the page says it.
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    all("[data-passkey-problem]").forEach((place) => { place.hidden = false; });
  });

  // Who types a client anew means none of those that were offered before.
  document.addEventListener("input", (event) => {
    const picker = event.target.closest("[data-picker]");
    if (!picker || event.target.type === "radio") return;
    all("input[type=radio]", picker).forEach((one) => { one.checked = false; });
  });

  // A long list of boxes: what is typed above it leaves only the lines that hold it.
  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-narrow]")) return;
    const wanted = event.target.value.toLocaleLowerCase().split(/\s+/);
    all(`#${CSS.escape(event.target.dataset.narrow)} > li`).forEach((line) => {
      const words = line.textContent.toLocaleLowerCase();
      line.hidden = !wanted.every((word) => words.includes(word));
    });
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-tick]");
    if (!button) return;
    all(`#${CSS.escape(button.dataset.tick)} > li:not([hidden]) input[type=checkbox]`).forEach((box) => {
      box.checked = button.value === "on";
    });
  });

  // What follows by itself stays as it is while nobody looks, and while somebody works in it.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const part = event.target.closest("[data-live]");
    if (!part) return;
    const isUsed = part.contains(document.activeElement) || part.querySelector("dialog[open], [popover]:popover-open");
    if (document.hidden || isUsed) event.preventDefault();
  });

  const arrange = (root) => {
    all("[data-scripted]", root).forEach((one) => { one.hidden = false; });
    all(".toast", root).forEach(tend);
    all("[data-keys]", root).forEach((button) => { button.hidden = false; });
    all("form", root).forEach((form) => { countChosen(form); showFields(form); });
    // What was swapped may be a part of a form.
    if (root instanceof Element) showFields(root.closest("form"));
  };
  document.addEventListener("DOMContentLoaded", () => arrange(document));
  document.addEventListener("htmx:afterSettle", (event) => arrange(event.target.parentElement || document));
})();
