// The form of a contact while somebody is on the telephone: a row more with the Tab key, who each child may be once its
// row is left, and earlier referrers as one types. Without scripts the buttons of the form do the same.
const form = document.getElementById("contact-form");
const rows = document.getElementById("child-rows");
const blank = document.getElementById("child-row").innerHTML;
const said = document.getElementById("row-said");
const KEPT = ["surname", "address", "school"];
const ASKED_BY = ["forename", "surname", "birth_date", "about_age", "due_date", "sex", "nhs_number", "upn", "address"];
const REACHED = "input:not([type=hidden]), select, textarea, button, summary, a[href]";

const all = () => [...rows.querySelectorAll(":scope > fieldset")];
const numberOf = (row) => all().indexOf(row);
const field = (row, name) => row.querySelector(`[id="children.${numberOf(row)}.${name}"]`);
const mark = (row) => row.querySelector('input[name$=".empty"]');

// --- rows ------------------------------------------------------------------------------------------------------------

// Until something is typed into it, it says that it is left out: nobody may record a child by a key too many.
function add() {
  const above = all().at(-1);
  const number = all().length;
  if (number >= Number(rows.dataset.most)) return null;
  const html = blank
    .replaceAll("children.ROW", `children.${number}`)
    .replaceAll("remove-ROW", `remove-${number}`)
    .replaceAll("Child NUMBER", `Child ${number + 1}`)
    .replaceAll("child number", `child ${number + 1}`);
  rows.insertAdjacentHTML("beforeend", html);
  const row = all().at(-1);
  for (const name of KEPT) field(row, name).value = field(above, name)?.value ?? "";
  const kept = KEPT.slice(1).map((name) => field(row, name).value).filter(Boolean).join(", ");
  row.querySelector(".app-row__kept").textContent = kept ? `: ${kept}` : "";
  row.insertAdjacentHTML("beforeend", `<input type="hidden" name="children.${number}.empty" value="yes">`);
  row.insertAdjacentHTML("beforeend", '<p class="govuk-hint app-row__empty">Nothing is typed here yet: left out.</p>');
  asked.set(row, signature(row));
  field(row, "forename").focus();
  return row;
}

function typed({ target }) {
  const row = target.closest(".app-row");
  if (!row || target.name.includes(".known.")) return;
  row.dataset.typed = "yes";
  mark(row)?.remove();
  row.querySelector(".app-row__empty")?.remove();
}

// Only while a row is being typed: whoever goes through the form with the Tab key passes by.
function next(event) {
  if (event.key !== "Tab" || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
  const row = all().at(-1);
  if (!row.contains(event.target) || !row.dataset.typed) return;
  const last = [...row.querySelectorAll(REACHED)].filter((one) => one.checkVisibility()).at(-1);
  if (event.target === last && add()) event.preventDefault();
}

rows.addEventListener("input", typed);
rows.addEventListener("keydown", next);
document.getElementById("add-child").addEventListener("click", (event) => {
  const last = all().at(-1);
  if (mark(last)) field(last, "forename").focus();
  else if (!add()) return;
  event.preventDefault();
});

// --- who each child may be -------------------------------------------------------------------------------------------

const asked = new Map();
const signature = (row) => ASKED_BY.map((name) => field(row, name)?.value ?? "").join("\n");
for (const row of all()) asked.set(row, signature(row)); // what stands beside them came with the page

function put(place, html) {
  const chosen = [...place.querySelectorAll("input:checked")].map((one) => one.id);
  const active = place.contains(document.activeElement) ? document.activeElement.id : "";
  place.innerHTML = html;
  for (const id of chosen) if (document.getElementById(id)) document.getElementById(id).checked = true;
  if (active) document.getElementById(active)?.focus();
}

async function ask(row) {
  const now = signature(row);
  if (asked.get(row) === now || mark(row)) return;
  asked.set(row, now);
  const number = numberOf(row);
  const body = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
  body.append("row", number + 1);
  try {
    const answer = await fetch(rows.dataset.known, { method: "POST", body, redirect: "error" });
    if (!answer.ok) throw new Error(answer.status);
    const told = await answer.json();
    if (asked.get(row) !== now) return; // the row was typed into again, and asked about again
    put(document.getElementById(`children.${number}.known`), told.beside);
    if (told.call !== null) put(document.getElementById("same-call"), told.call);
    if (told.said) said.textContent = told.said;
  } catch {
    asked.delete(row); // asked again when the row is left again; "Check what I typed" says the same
  }
}

rows.addEventListener("focusout", ({ target, relatedTarget }) => {
  const row = target.closest(".app-row");
  if (row && !row.contains(relatedTarget)) ask(row);
});

// --- who is calling --------------------------------------------------------------------------------------------------

const OFFERED = { referrer_name: "referrers", referrer_agency: "agencies" };
const LABELS = {
  referrer_agency: "agency",
  source_code: "source",
  referrer_role: "role",
  referrer_phone: "telephone",
  referrer_email: "e-mail",
  referrer_address: "postal address",
};
const PAUSE = 150;
const offers = new Map();
let waiting;

// What was typed by hand stays; what an earlier choice filled in gives way.
function fill(input, offer) {
  input.value = offer.fields[input.name];
  const filled = [];
  for (const [name, value] of Object.entries(offer.fields)) {
    const other = form.elements[name];
    if (other === input || !(other.value === "" || other.value === other.dataset.filled)) continue;
    other.value = value;
    other.dataset.filled = value;
    if (value) filled.push(name === "referrer_address" ? `${LABELS[name]} (${value})` : LABELS[name]);
  }
  const words = filled.length ? `Filled in from an earlier contact: ${filled.join(", ")}.` : "";
  document.getElementById("caller-said").textContent = words;
}

async function offer(input) {
  const begins = input.value;
  try {
    const at = `${rows.dataset.offers}?begins=${encodeURIComponent(begins)}`;
    const answer = await fetch(at, { headers: { Accept: "application/json" }, redirect: "error" });
    if (!answer.ok || input.value !== begins) return;
    const found = (await answer.json())[OFFERED[input.name]] ?? [];
    offers.set(input.name, found);
    const options = found.map(({ line }) => Object.assign(document.createElement("option"), { value: line }));
    input.list.replaceChildren(...options);
  } catch {
    // Nothing is offered for now; it can be typed.
  }
}

for (const name of Object.keys(OFFERED)) {
  const input = form.elements[name];
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    const chosen = (offers.get(name) ?? []).find(({ line }) => line === input.value);
    if (chosen) fill(input, chosen);
    else if (input.value.trim().length > 1) waiting = setTimeout(() => offer(input), PAUSE);
  });
}

// --- what is folded away says what it holds --------------------------------------------------------------------------

const arrival = ["received_at", "received_at_time", "channel"].map((name) => form.elements[name]);
const summary = arrival[0].closest("details").querySelector(".govuk-details__summary-text");
for (const one of arrival) {
  one.addEventListener("change", () => {
    const [day, time, channel] = arrival.map(({ value }) => value);
    summary.textContent = `When and how it arrived: ${day} ${time}, ${channel}`;
  });
}
