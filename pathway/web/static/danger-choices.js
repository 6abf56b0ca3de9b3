// What rings on this device when a child is in immediate danger: kept by this browser, and asked for by a click.
import { notice, recall, remember, sound } from "./danger-bell.js";

const part = document.getElementById("danger-choices");
const said = document.getElementById("danger-choices-said");
const boxes = { sound: document.getElementById("danger-sound"), notice: document.getElementById("danger-notice") };
const REFUSED = "This browser shows no notices of this site. Allow them in its settings, then choose again.";

for (const [name, box] of Object.entries(boxes)) box.checked = recall("localStorage", name) === "yes";

function keep(name) {
  remember("localStorage", name, boxes[name].checked ? "yes" : "");
  said.textContent = recall("localStorage", name) === (boxes[name].checked ? "yes" : "") ? "Kept on this device." : "This browser keeps nothing: the choice is lost.";
}

boxes.sound.addEventListener("change", () => {
  keep("sound");
  if (boxes.sound.checked) sound();
});

boxes.notice.addEventListener("change", async () => {
  const allowed = !boxes.notice.checked || ("Notification" in window && (await Notification.requestPermission()) === "granted");
  if (!allowed) boxes.notice.checked = false;
  keep("notice");
  if (!allowed) said.textContent = REFUSED;
});

document.getElementById("danger-try").addEventListener("click", () => {
  if (boxes.sound.checked) sound();
  if (boxes.notice.checked) notice();
  said.textContent = boxes.sound.checked || boxes.notice.checked ? "That is how it rings." : "Nothing is chosen.";
});

part.hidden = false;
