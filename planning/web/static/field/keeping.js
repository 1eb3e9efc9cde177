"use strict";
/* What waits on this phone to be sent: of whom, of which proposal; gone when its owner signs out. */

const Kept = (() => {
  const STEM = "diemthu-check:";
  const NAME = "diemthu-photos";
  const page = document.getElementById("view");
  const view = page ? JSON.parse(page.textContent) : null;
  const main = document.getElementById("main");
  const user = view ? view.check.user : main.dataset.user;
  const leaving = view ? view.says.leave : main.dataset.leave;

  /** What was written and not saved, as {version, fields}; null where nothing waits. */
  function read(key) {
    try {
      return JSON.parse(localStorage.getItem(STEM + key));
    } catch {
      return null;
    }
  }

  /** Keep it; false where the phone has no room or allows none. */
  function write(key, value) {
    try {
      if (value) localStorage.setItem(STEM + key, JSON.stringify(value));
      else localStorage.removeItem(STEM + key);
      return true;
    } catch {
      return false;
    }
  }

  function keys() {
    try {
      return Object.keys(localStorage).filter((each) => each.startsWith(STEM)).map((each) => each.slice(STEM.length));
    } catch {
      return [];
    }
  }

  /** The store of photos that wait, or null where the browser has none. */
  function open() {
    return new Promise((done) => {
      try {
        const asked = indexedDB.open(NAME, 1);
        asked.onupgradeneeded = () => asked.result.createObjectStore("photos", {autoIncrement: true});
        asked.onsuccess = () => done(asked.result);
        asked.onerror = () => done(null);
      } catch {
        done(null);
      }
    });
  }

  /** Do something with the photos and return what it gives; null where there is no store. */
  async function photos(mode, act) {
    const db = await open();
    if (!db) return null;
    return new Promise((done) => {
      const work = db.transaction("photos", mode);
      const asked = act(work.objectStore("photos"));
      work.oncomplete = () => { db.close(); done(asked.result ?? true); };
      work.onabort = work.onerror = () => { db.close(); done(null); };
    });
  }

  const keepPhoto = (key, name, body) => photos("readwrite", (store) => store.add({key, name, body}));
  const dropPhoto = (id) => photos("readwrite", (store) => store.delete(id));

  /** Photos that wait for one check, oldest first, each as {id, key, name, body}. */
  async function waiting(wanted) {
    const found = [];
    await photos("readonly", (store) => {
      const walk = store.openCursor();
      walk.onsuccess = () => {
        const at = walk.result;
        if (!at) return;
        if (wanted(at.value.key)) found.push({id: at.key, ...at.value});
        at.continue();
      };
      return walk;
    });
    return found;
  }

  const isOf = (key) => key.startsWith(`${user}/`);

  /** Forget everything of whoever a test names. */
  async function forget(whose) {
    for (const key of keys().filter(whose)) write(key, null);
    for (const each of await waiting(whose)) await dropPhoto(each.id);
  }

  const loaded = forget((key) => !isOf(key)); // a phone may have several users

  const leave = document.querySelector('form[action$="/sign-out"]');
  leave?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const waits = keys().some(isOf) || (await waiting(isOf)).length > 0;
    if (waits && !confirm(leaving)) return;
    await forget(isOf);
    leave.submit();
  });

  for (const link of document.querySelectorAll("a[data-number]")) {
    const key = keys().find((each) => isOf(each) && each.endsWith(`/${link.dataset.number}`));
    if (!key) continue;
    const told = document.createElement("span");
    told.className = "unsent";
    told.textContent = main.dataset.unsent;
    link.append(told);
  }

  return {view, read, write, waiting, keepPhoto, dropPhoto, loaded};
})();
