// Sends each chosen file by itself, with its progress; without scripts the form sends all of them.
"use strict";

(() => {
  const form = document.querySelector("form[data-upload]");
  if (!form) return;
  const field = form.querySelector("input[type=file]");
  const list = form.querySelector("[data-sent]");
  const words = form.dataset;
  const AT_ONCE = 2;
  const queue = [];
  let running = 0;

  const element = (name, className, text) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  };

  const line = (file) => {
    const item = element("li", "file");
    const name = element("bdi", "", file.name);
    const state = element("span", "small muted", words.waiting);
    const bar = element("progress", "progress");
    bar.max = file.size || 1;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    item.append(name, state, bar);
    list.append(item);
    return { item, state, bar };
  };

  const end = (shown, tone, text, url) => {
    shown.bar.remove();
    shown.state.className = `state ${tone}`;
    shown.state.textContent = text;
    if (url) {
      const link = element("a", "", words.open);
      link.href = url;
      shown.item.append(link);
    }
  };
  const refuse = (shown, sentence) => {
    end(shown, "bad", words.refused);
    shown.item.append(element("p", "small", sentence));
  };

  const answered = (request, shown) => {
    let told = null;
    try { told = JSON.parse(request.responseText).files[0]; } catch { told = null; }
    if (!told) refuse(shown, words.failed);
    else if (told.refused) refuse(shown, told.refused);
    else end(shown, "good", words.taken, told.url);
  };

  const send = ({ file, shown, data }) => {
    const request = new XMLHttpRequest();
    const done = () => { running -= 1; next(); };
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      shown.bar.value = event.loaded;
      if (event.total) shown.bar.max = event.total;
    });
    request.addEventListener("load", () => { answered(request, shown); done(); });
    request.addEventListener("error", () => { refuse(shown, words.failed); done(); });
    data.append("files", file);
    shown.state.textContent = words.sending;
    request.send(data);
  };

  const next = () => {
    while (running < AT_ONCE && queue.length) {
      running += 1;
      send(queue.shift());
    }
  };

  const take = () => {
    for (const file of field.files) {
      const shown = line(file);
      if (file.size > Number(words.maxBytes)) { refuse(shown, words.tooLarge); continue; }
      const data = new FormData(form);
      data.delete("files");
      queue.push({ file, shown, data });
    }
    field.value = "";
    next();
  };

  form.addEventListener("submit", (event) => { event.preventDefault(); take(); });
})();
