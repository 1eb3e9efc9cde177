"use strict";
/* The form of a check saves itself: kept on the phone first, then sent, again until it arrived. */

(() => {
  const {view} = Kept;
  const {says} = view;
  const {key, save} = view.check;
  const REST_MS = 2500;
  const AGAIN_MS = 15000;
  const form = document.getElementById("check");
  const state = document.getElementById("state");
  const conflict = document.getElementById("conflict");
  let {version} = view.check;
  let timer = null;
  let busy = false;
  let dirty = false;
  let stopped = false;

  /** Every field that is sent, as text. */
  function fields() {
    const found = {};
    for (const [name, value] of new FormData(form)) if (name !== "version") found[name] = String(value);
    return found;
  }

  function fill(found) {
    for (const each of form.elements) {
      if (!each.name || !(each.name in found) || each.type === "submit") continue;
      if (each.type === "radio") each.checked = each.value === found[each.name];
      else each.value = found[each.name];
    }
    for (const note of form.querySelectorAll("details")) if (note.querySelector("textarea").value) note.open = true;
    Place.show();
  }

  function say(text, trouble = false) {
    state.textContent = text;
    state.classList.toggle("trouble", trouble);
  }

  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  function changed(event) {
    if (event.target.type === "file") return;
    dirty = true;
    const kept = Kept.write(key, {version, fields: fields()});
    if (!stopped) say(kept ? says.waits : says.full, !kept);
    Place.show();
    clearTimeout(timer);
    timer = setTimeout(send, REST_MS);
  }

  async function send() {
    clearTimeout(timer);
    if (busy || stopped || !dirty) return;
    busy = true;
    const sent = fields();
    say(says.saving);
    let answer = null;
    let told = null;
    try {
      answer = await fetch(save, {method: "POST", body: new URLSearchParams({...sent, version, deed: "save"})});
      told = await answer.json();
    } catch {
      answer = null;
    }
    busy = false;
    if (answer === null || answer.status >= 500) wait();
    else if (answer.ok) settled(told, sent);
    else if (answer.status === 409 && told.html) clash(told);
    else if (answer.status === 401) say(says.sign_in, true);
    else refuse(told.error);
  }

  function wait() {
    const kept = Kept.write(key, {version, fields: fields()});
    say(kept ? says.lost : says.full, true);
    timer = setTimeout(send, AGAIN_MS);
  }

  function settled(told, sent) {
    if (told.next) {
      Kept.write(key, null);
      location.assign(told.next);
      return;
    }
    version = told.version;
    form.elements.version.value = version;
    dirty = !same(sent, fields());
    Kept.write(key, dirty ? {version, fields: fields()} : null);
    Place.show(told.place);
    say(dirty ? says.waits : says.saved.replace("%(at)s", told.at));
    if (dirty) timer = setTimeout(send, REST_MS);
  }

  /** What is refused stays in the form and on the phone until it is mended. */
  function refuse(why) {
    Kept.write(key, {version, fields: fields()});
    say(why, true);
  }

  function clash(told) {
    stopped = true;
    conflict.innerHTML = told.html;
    conflict.append(choice(says.keep_mine, () => true), " ", choice(says.take_theirs, () => {
      fill(told.theirs);
      return false;
    }));
    conflict.hidden = false;
    say(says.waits, true);
    conflict.scrollIntoView({block: "center"});

    function choice(text, choose) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button light";
      button.textContent = text;
      button.addEventListener("click", () => {
        ({version} = told);
        form.elements.version.value = version;
        stopped = false;
        conflict.hidden = true;
        dirty = choose();
        Kept.write(key, dirty ? {version, fields: fields()} : null);
        say(dirty ? says.waits : "");
        send();
      });
      return button;
    }
  }

  form.addEventListener("input", changed);
  form.addEventListener("submit", (event) => {
    if (stopped) {
      event.preventDefault();
      conflict.scrollIntoView({block: "center"});
      return;
    }
    if (event.submitter?.value !== "finish") {
      event.preventDefault();
      dirty = true;
      send();
      return;
    }
    finish(event);
  });

  /** End the check by the same way as it is saved, so that a lost line loses nothing. */
  async function finish(event) {
    event.preventDefault();
    if (busy) return;
    clearTimeout(timer);
    busy = true;
    Kept.write(key, {version, fields: fields()});
    say(says.saving);
    try {
      const body = new URLSearchParams({...fields(), version, deed: "finish"});
      const answer = await fetch(save, {method: "POST", body});
      const told = await answer.json();
      busy = false;
      if (answer.ok) {
        Kept.write(key, null);
        location.assign(told.next);
      } else if (answer.status === 409 && told.html) clash(told);
      else if (answer.status === 401) say(says.sign_in, true);
      else if (answer.status >= 500) wait();
      else refuse(told.error);
    } catch {
      busy = false;
      dirty = true;
      say(says.lost, true);
    }
  }

  addEventListener("online", send);
  document.addEventListener("visibilitychange", () => { if (document.hidden) send(); });

  const kept = Kept.read(key);
  say("");
  if (kept && !same(kept.fields, fields())) {
    fill(kept.fields);
    ({version} = kept); // what was written meanwhile by others must not be slipped past
    dirty = true;
    say(says.restored);
    timer = setTimeout(send, REST_MS);
  } else if (kept) Kept.write(key, null);
  Place.show();
})();
