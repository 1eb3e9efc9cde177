"use strict";
/* Sending what was done: one at a time, in order; kept in the page until the service has it. */

Diemthu.sending = (() => {
  const view = JSON.parse(document.getElementById("view").textContent);
  const {deeds, number} = view.scenario;
  const STORE = `scenario-${number}-waiting`;
  const RETRY_MS = 5000;
  const state = {version: view.scenario.version, busy: false, trouble: false,
    done: () => {}, refused: () => {}, stale: () => {}, lost: () => {}, sending: () => {}};
  let waiting = kept();

  function kept() {
    try {
      return JSON.parse(sessionStorage.getItem(STORE)) ?? [];
    } catch {
      return [];
    }
  }

  function keep() {
    try {
      if (waiting.length) sessionStorage.setItem(STORE, JSON.stringify(waiting));
      else sessionStorage.removeItem(STORE);
    } catch { /* a full or forbidden store: the page itself still holds them */ }
  }

  /** A name for a request, so that one whose answer was lost is not done twice. */
  function token() {
    const parts = crypto.getRandomValues(new Uint32Array(4));
    return [...parts].map((each) => each.toString(16)).join("-");
  }

  /** Put a deed at the end of what is to be sent. */
  function send(deed, fields) {
    waiting.push({deed, fields: {...fields, token: token()}, version: null});
    keep();
    return next();
  }

  async function next() {
    if (state.busy || !waiting.length) return;
    state.busy = true;
    const one = waiting[0];
    // The version it was made for stays with it: a second sending must not slip past a change.
    one.version ??= state.version;
    keep();
    state.sending(true);
    let answer = null;
    try {
      const {place: places, ...fields} = one.fields;
      const body = new URLSearchParams({...fields, version: one.version});
      for (const place of places ?? []) body.append("place", place);
      answer = await fetch(deeds[one.deed], {method: "POST", body});
      const content = await answer.json();
      settle(answer, content, one);
    } catch {
      lost(false);
    }
    state.busy = false;
    state.sending(false);
    if (waiting.length && !state.trouble) next();
  }

  function settle(answer, content, one) {
    if (answer.status >= 500) {
      lost(true);
      return;
    }
    waiting.shift();
    state.trouble = false;
    if (answer.ok) {
      state.version = content.version;
      keep();
      state.done(content, one, waiting.length);
    } else if (answer.status === 409 || answer.status === 410) {
      waiting = []; // they were made for a state that is no more
      keep();
      state.stale(content.error);
    } else {
      keep();
      state.refused(content.error, one);
    }
  }

  function lost(fault) {
    state.trouble = true;
    state.lost(waiting.length, fault);
    setTimeout(() => { if (state.trouble) again(); }, RETRY_MS);
  }

  function again() {
    state.trouble = false;
    return next();
  }

  /** Ask what one more change would do; null when another answer is on its way. */
  let asking = false;
  async function preview(fields) {
    if (asking || state.busy) return null;
    asking = true;
    try {
      const body = new URLSearchParams({...fields, version: state.version});
      const answer = await fetch(deeds.preview, {method: "POST", body});
      return answer.ok ? (await answer.json()).html : null;
    } catch {
      return null;
    } finally {
      asking = false;
    }
  }

  addEventListener("online", () => { if (waiting.length) again(); });
  return {state, send, again, preview, waits: () => waiting, view};
})();
