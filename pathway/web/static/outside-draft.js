// The draft of the form for professionals stays in this browser alone: nothing is sent before the form is. It is thrown away
// when the form was sent, on request, and after seven days.
const KEY = "pathway-draft-from-outside";
const LONGEST = 7 * 24 * 60 * 60 * 1000;
const PAUSE = 400;

function stored() {
  try {
    const draft = JSON.parse(localStorage.getItem(KEY) ?? "null");
    if (draft && Array.isArray(draft.fields) && Date.now() - draft.at < LONGEST) return draft;
    localStorage.removeItem(KEY);
  } catch {
    // Kept by nobody: private windows may refuse, and what was kept may be broken.
  }
  return null;
}

function forget() {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // There was nothing to forget.
  }
}

function element(tag, words, kind) {
  const made = document.createElement(tag);
  made.textContent = words;
  made.className = kind;
  return made;
}

function button(words, act) {
  const made = element("button", words, "govuk-button govuk-button--secondary");
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

function blocks(draft, kind) {
  const numbers = draft.fields.map(([name]) => name.match(new RegExp(`^${kind}\\.(\\d+)\\.`))).filter(Boolean);
  return Math.max(0, ...numbers.map((found) => Number(found[1]) + 1));
}

function fill(form, draft) {
  const given = new Map(draft.fields);
  for (const field of form.elements) {
    if (!given.has(field.name)) continue;
    if (field.type === "checkbox") field.checked = true;
    else field.value = given.get(field.name);
  }
}

function watch(form) {
  const place = document.getElementById("draft");
  place.replaceChildren();
  const status = element("p", "", "govuk-hint app-kept");
  status.setAttribute("role", "status");
  let [timer, sent, asked] = [0, false, false];

  function keep() {
    clearTimeout(timer);
    timer = 0;
    if (asked) {
      status.textContent = "Say above what becomes of the draft that you did not send: until then nothing else is kept.";
      return;
    }
    const fields = [...new FormData(form)].filter(([name, value]) => name !== "request_id" && value !== "");
    try {
      localStorage.setItem(KEY, JSON.stringify({ at: Date.now(), fields }));
      status.textContent = "Your draft is kept in this browser alone. Do not leave it on a computer that others use.";
      away.hidden = false;
    } catch {
      status.textContent = "This browser keeps no draft: send the form before you leave the page.";
    }
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  }

  function throwAway() {
    clearTimeout(timer);
    sent = true;
    forget();
    location.assign("/refer");
  }

  const away = button("Throw the draft away", throwAway);
  away.hidden = true;
  form.append(status, away);
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", keep);
  addEventListener("pagehide", () => {
    if (timer && !sent) keep();
  });

  const draft = stored();
  if (form.dataset.fresh !== "yes") {
    keep();
    return;
  }
  if (!draft) return;
  const need = { children: Math.max(1, blocks(draft, "children")), adults: blocks(draft, "adults") };
  const fits = need.children <= Number(form.dataset.children) && need.adults <= Number(form.dataset.adults);
  if (location.hash === "#draft" && fits) {
    fill(form, draft);
    away.hidden = false;
    status.textContent = "Your draft is kept in this browser alone. Do not leave it on a computer that others use.";
    return;
  }
  const offer = element("section", "", "app-outside__draft");
  offer.setAttribute("aria-label", "Your draft");
  const when = new Date(draft.at).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
  offer.append(element("p", `This browser has a draft that you did not send, of ${when}.`, "govuk-body"));
  const actions = element("div", "", "app-actions");
  actions.append(
    button("Go on with the draft", () => {
      location.assign(`/refer?children=${need.children}&adults=${need.adults}#draft`);
    }),
    button("Throw it away", throwAway),
  );
  offer.append(actions);
  place.append(offer);
  asked = true;
}

if (document.getElementById("draft-sent")) forget();
const form = document.getElementById("refer-form");
if (form) watch(form);
