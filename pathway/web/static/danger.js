// Asks every half minute, and when somebody comes back to the page, whether a child is in immediate danger. Only the
// banner changes: what is being typed stays. Without scripts the next page shows it.
const place = document.getElementById("danger-banner");
let shown = place.innerHTML.trim();

async function look() {
  try {
    // A sign-in page, to which an ended session is sent, must not land in the banner.
    const answer = await fetch("/danger-banner", { redirect: "error", headers: { Accept: "text/html" } });
    const html = answer.ok ? (await answer.text()).trim() : shown;
    if (html !== shown) {
      place.innerHTML = html;
      shown = html;
    }
  } catch {
    // The server is away for a moment: the next turn asks again.
  }
}

setInterval(look, 30_000);
window.addEventListener("focus", look);
