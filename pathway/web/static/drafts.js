// Keeps on the server what is being typed, every five seconds in which something changed, and when the page is left.
// Without scripts it is kept each time that the form is sent.
const EVERY = 5000;

function watch(form) {
  const field = (name) => form.querySelector(`input[name="${name}"]`);
  const status = document.createElement("p");
  status.className = "govuk-hint app-kept";
  status.setAttribute("role", "status");
  form.append(status);
  const began = { at: 0 };
  let [changed, sending, last] = [false, false, ""];

  function text() {
    field("draft_turn").value = Number(field("draft_turn").value) + 1;
    field("draft_age").value = began.at ? Math.round((Date.now() - began.at) / 1000) : 0;
    return new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
  }

  function send(keepalive = false) {
    changed = false;
    const of = encodeURIComponent(new URL(form.action).pathname);
    return fetch(`/drafts?of=${of}`, { method: "POST", body: text(), keepalive, redirect: "error" });
  }

  function say(words) {
    if (status.textContent !== words) status.textContent = words;
  }

  async function keep() {
    if (!changed || sending) return;
    sending = true;
    try {
      const answer = await send();
      if (!answer.ok) throw new Error(answer.status);
      const kept = await answer.json();
      field("request_id").value = kept.token;
      field("draft").value = kept.version;
      last = kept.words;
      say(last);
    } catch {
      changed = true;
      say(`Not kept at the moment; the next try is in five seconds. ${last && `Last: ${last}`}`);
    }
    sending = false;
  }

  function typed() {
    began.at ||= Date.now();
    changed = true;
  }

  form.addEventListener("input", typed);
  form.addEventListener("change", typed);
  form.addEventListener("submit", () => {
    // With files it is read only after the session was found: what was typed goes ahead of them.
    if (changed && form.enctype === "multipart/form-data") send(true).catch(() => {});
    text(); // what is still under way is older than what is sent now
    changed = false;
  });
  addEventListener("pagehide", () => {
    if (changed) send(true).catch(() => {});
  });
  setInterval(keep, EVERY);
}

for (const mark of document.querySelectorAll('form input[name="draft_mark"]')) watch(mark.form);
