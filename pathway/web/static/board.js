// The board refreshes itself every 15 seconds while somebody looks at it. Only the cards that read differently are
// replaced, what has the focus keeps it, and what is new is said when the reader has finished speaking. Without scripts,
// and where it was stopped, "Refresh" does the same.
const EVERY = 15_000;
const KEY = "pathway-board-stopped";
const board = document.getElementById("board");
const when = document.getElementById("board-when");
const said = document.getElementById("board-said");
const stop = document.getElementById("board-stop");
let { mark, look } = board.dataset;
let at = when.textContent.match(/\d\d:\d\d/)?.[0] ?? "";
let asking = false;
let stopped = recall() === "yes";

// Storage can be forbidden; then the choice lasts as long as the page.
function recall() {
  try {
    return window.sessionStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

function remember(text) {
  try {
    window.sessionStorage.setItem(KEY, text);
  } catch {
    // As above.
  }
}

const counted = (number, words) => (number ? [`${number} ${number === 1 ? "family has" : "families have"} ${words}`] : []);
const cardsIn = (list) => new Map([...(list?.children ?? [])].map((card) => [card.id, card]));

function replace(old, now) {
  if (old.dataset.mark === now.dataset.mark) return old;
  old.replaceWith(now);
  return now;
}

// Cards that stay as they are stay in the page, so that what is read, selected or focused in them does too.
function swap(list, fresh) {
  const [before, after] = [cardsIn(list), cardsIn(fresh)];
  const changed = [...after].filter(([id, card]) => before.has(id) && before.get(id).dataset.tells !== card.dataset.tells);
  const come = [...after.keys()].filter((id) => !before.has(id));
  const gone = [...before.keys()].filter((id) => !after.has(id));
  for (const id of gone) before.get(id).remove();
  let last = null;
  for (const [id, card] of after) {
    const shown = before.has(id) ? replace(before.get(id), card) : card;
    const place = last ? last.nextElementSibling : list.firstElementChild;
    if (place !== shown) list.insertBefore(shown, place);
    last = shown;
  }
  return [...counted(come.length, "come"), ...counted(gone.length, "left"), ...counted(changed.length, "changed")];
}

function put(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const focused = board.contains(document.activeElement) ? document.activeElement.id : "";
  replace(document.getElementById("board-counters"), fresh.getElementById("board-counters"));
  const [list, now] = [document.getElementById("board-list"), fresh.getElementById("board-list")];
  const [cards, nowCards] = [list.querySelector("#families"), now.querySelector("#families")];
  const whole = !cards || !nowCards || list.dataset.further !== now.dataset.further;
  let news = [];
  if (cards && nowCards) news = swap(cards, nowCards);
  else if (cards || nowCards) news = [cards ? "No family is left here" : "Families have come"];
  if (whole) {
    if (cards && nowCards) nowCards.replaceWith(cards);
    if (cards || nowCards || list.dataset.mark !== now.dataset.mark) list.replaceWith(now);
  }
  at = fresh.querySelector("[data-at]").dataset.at;
  keepFocus(focused);
  if (news.length) said.textContent = `Board at ${at}: ${news.join(", ")}.`;
}

// What had the focus and is gone leaves it to the title of the list, not to the top of the page.
function keepFocus(id) {
  if (!id || document.activeElement?.id === id) return;
  (document.getElementById(id) ?? document.getElementById("board-title")).focus({ preventScroll: true });
}

function tell(reached) {
  const ends = stopped ? "It does not refresh itself." : "It refreshes itself every 15 seconds.";
  when.textContent = reached ? `As it was at ${at}. ${ends}` : `Not refreshed since ${at}: Pathway does not answer, or you are signed out.`;
  when.classList.toggle("app-late", !reached);
  stop.textContent = stopped ? "Refresh by itself again" : "Stop refreshing";
}

async function ask() {
  if (asking) return;
  asking = true;
  let reached = false;
  try {
    // A sign-in page, to which an ended session is sent, must not land on the board.
    const headers = { Accept: "text/html", "If-None-Match": `"${mark}"` };
    const signal = AbortSignal.timeout(10_000);
    const answer = await fetch(`${board.dataset.changes}&look=${look}`, { redirect: "error", headers, signal });
    if (answer.ok) {
      put(await answer.text());
      look = answer.headers.get("Pathway-Look") ?? look;
      mark = (answer.headers.get("ETag") ?? "").replace(/^W\/|"/g, "");
    }
    reached = answer.ok || answer.status === 304;
    if (answer.status === 304) at = new Date().toLocaleTimeString("en-GB", { timeZone: "Europe/London", hour: "2-digit", minute: "2-digit" });
  } catch {
    // The server is away for a moment: the next turn asks again.
  }
  asking = false;
  tell(reached);
}

function turn() {
  if (!stopped && !document.hidden) ask();
}

// "I am on it" leaves the page as it is; what is refused, and why, is a page of its own.
async function send(event) {
  const form = event.target;
  event.preventDefault();
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" });
    if (answer.type !== "opaqueredirect") form.submit();
    else await ask();
  } catch {
    form.submit();
  }
}

stop.addEventListener("click", () => {
  stopped = !stopped;
  remember(stopped ? "yes" : "");
  said.textContent = stopped ? "The board does not refresh itself any more." : "The board refreshes itself again.";
  tell(true);
  turn();
});
board.addEventListener("submit", send);
document.addEventListener("visibilitychange", turn);
stop.hidden = false;
tell(true);
setInterval(turn, EVERY);
