// Asks every four seconds whether a child is in immediate danger, in a tab that nobody looks at too. Only the bar, the
// tab's title and what rings change: what is being typed stays. Without scripts the next page shows it.
import { ring, unheard } from "./danger-bell.js";

const EVERY = 4000;
const place = document.getElementById("danger-banner");
const said = document.createElement("div");
said.className = "govuk-visually-hidden";
said.setAttribute("role", "alert");
document.body.append(said);
let mark = place.dataset.mark;
let asking = false;

const here = () => encodeURIComponent(location.pathname + location.search);

function tell() {
  const bar = place.querySelector(".app-danger");
  document.documentElement.classList.toggle("app-in-danger", bar !== null);
  document.title = (bar?.dataset.title ?? "") + document.title.replace(/^\(\d+\) DANGER /, "");
  if (!bar) return;
  const alerts = bar.dataset.alerts.split(" ");
  // Read out once a tab, on whichever page it is first; what changes afterwards is read by those who go there.
  if (unheard("sessionStorage", "said", alerts).length) said.textContent = bar.querySelector("strong").textContent;
  ring(alerts);
}

// What is open, typed or has the focus in the bar stays so.
function put(html, now) {
  const active = place.contains(document.activeElement) ? document.activeElement : null;
  const open = place.querySelector("details")?.open ?? false;
  const typed = [...place.querySelectorAll("input[id]")].map(({ id, value }) => [id, value]);
  place.innerHTML = html;
  mark = now;
  if (open) place.querySelector("details")?.setAttribute("open", "");
  for (const [id, value] of typed) if (document.getElementById(id)) document.getElementById(id).value = value;
  if (active) (document.getElementById(active.id) ?? place.querySelector("summary"))?.focus();
  tell();
}

async function look() {
  if (asking) return;
  asking = true;
  try {
    // A sign-in page, to which an ended session is sent, must not land in the bar.
    const signal = AbortSignal.timeout(10_000);
    const headers = { Accept: "text/html", "If-None-Match": `"${mark}"` };
    const answer = await fetch(`/danger-banner?at=${here()}`, { redirect: "error", headers, signal });
    if (answer.ok) put((await answer.text()).trim(), markOf(answer));
  } catch {
    // The server is away for a moment: the next turn asks again.
  }
  asking = false;
}

const markOf = (answer) => (answer.headers.get("ETag") ?? "").replace(/^W\/|"/g, "");

// "I have it" and the note leave the page as it is, with what is being typed in another form of it.
async function send(event) {
  const form = event.target;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form));
  body.set("back", `/danger-banner?at=${here()}`);
  try {
    const answer = await fetch(form.action, { method: "POST", body });
    const ours = new URL(answer.url).pathname === "/danger-banner";
    if (answer.ok && ours) put((await answer.text()).trim(), markOf(answer));
    else if (answer.status === 409) await look();
    else form.submit();
  } catch {
    form.submit();
  }
}

// The page scrolls what has the focus clear of the bar by itself (scroll-padding), but of a large text field only the line
// with the cursor.
function clear({ target }) {
  const bar = place.querySelector(".app-danger");
  if (!bar || bar.contains(target)) return;
  const [over, under] = [bar.getBoundingClientRect(), target.getBoundingClientRect()];
  const covered = under.bottom - over.top;
  if (covered > 0 && under.top < over.bottom) scrollBy(0, Math.min(covered + 8, under.top));
}

function tick() {
  try {
    new Worker(place.dataset.tick).addEventListener("message", look);
  } catch {
    setInterval(look, EVERY);
  }
}

place.addEventListener("submit", send);
document.addEventListener("focusin", clear);
window.addEventListener("focus", look);
document.addEventListener("visibilitychange", look);
document.addEventListener("keydown", ({ key }) => {
  if (key === "Escape" && place.contains(document.activeElement)) place.querySelector("details")?.removeAttribute("open");
});
tell();
tick();
