"use strict";
/* Photos: made small on the phone, kept there until the service has them, sent one after the other. */

const Photos = (() => {
  const {view} = Kept;
  const {says} = view;
  const {key, files} = view.check;
  const LONGEST = 1600;
  const AGAIN_MS = 15000;
  const list = document.getElementById("photos-list");
  const status = document.getElementById("photo-status");
  const inputs = ["camera", "gallery"].map((each) => document.getElementById(each));
  const held = []; // where the browser keeps nothing, the page does
  let busy = false;
  let refused = "";

  /** A photo as a small JPEG; as it is where the browser cannot make it so. */
  async function small(file) {
    try {
      const seen = await createImageBitmap(file, {imageOrientation: "from-image"});
      const share = Math.min(1, LONGEST / Math.max(seen.width, seen.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(seen.width * share);
      canvas.height = Math.round(seen.height * share);
      canvas.getContext("2d").drawImage(seen, 0, 0, canvas.width, canvas.height);
      seen.close();
      const body = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.82); });
      return body ?? file;
    } catch {
      return file;
    }
  }

  async function take(event) {
    const chosen = [...event.currentTarget.files];
    event.currentTarget.value = "";
    for (const file of chosen) {
      const body = await small(file);
      const kept = await Kept.keepPhoto(key, file.name, body);
      if (kept === null) held.push({id: null, name: file.name, body});
    }
    refused = "";
    send();
  }

  const waiting = async () => [...await Kept.waiting((each) => each === key), ...held];

  async function drop(one) {
    if (one.id === null) held.splice(held.indexOf(one), 1);
    else await Kept.dropPhoto(one.id);
  }

  async function send() {
    if (busy) return;
    busy = true;
    let sent = 0;
    for (let all = await waiting(); all.length; all = await waiting()) {
      say(all.length, true);
      const done = await post(all[0]);
      if (!done) {
        busy = false;
        say(all.length, false);
        setTimeout(send, AGAIN_MS);
        return;
      }
      await drop(all[0]);
      sent += 1;
    }
    busy = false;
    say(0, false, sent);
  }

  /** Send one; true when it need not be sent again: it is there, or it cannot be taken. */
  async function post(one) {
    const form = new FormData();
    form.append("what", "photo");
    form.append("file", one.body, one.name || "photo.jpg");
    let answer = null;
    let told = null;
    try {
      answer = await fetch(files, {method: "POST", body: form});
      told = await answer.json();
    } catch {
      return false;
    }
    if (answer.ok) {
      const frame = document.createElement("template");
      for (const html of told.html) frame.innerHTML += html;
      for (const each of [...frame.content.children]) {
        const address = each.querySelector("a").getAttribute("href");
        if (![...list.querySelectorAll("a")].some((link) => link.getAttribute("href") === address)) list.append(each);
      }
      return true;
    }
    if (answer.status >= 500 || [401, 403, 404, 429].includes(answer.status)) return false;
    refused = says.photo_refused.replace("%(why)s", told.error);
    return true;
  }

  function say(count, sends, sent = 0) {
    const waits = count ? (sends ? says.photo_sends : says.photo_waits.replace("%(count)s", count)) : "";
    status.textContent = [refused, waits || (sent ? says.photo_sent : "")].filter(Boolean).join(" ");
    status.classList.toggle("trouble", Boolean(refused));
  }

  document.getElementById("photo-tools").hidden = false;
  document.querySelector("p.plain").hidden = true;
  for (const each of inputs) each.addEventListener("change", take);
  addEventListener("online", send);
  Kept.loaded.then(send);
  return {send};
})();
