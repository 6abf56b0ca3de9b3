// What rings when a child is in immediate danger, where somebody chose it on this device. Nothing here names anybody.
const WORDS = "A child is in immediate danger";

// Storage can be forbidden; then nothing is remembered, and nothing rings.
export function recall(store, key) {
  try {
    return window[store].getItem(`pathway-danger-${key}`) ?? "";
  } catch {
    return "";
  }
}

export function remember(store, key, text) {
  try {
    window[store].setItem(`pathway-danger-${key}`, text);
  } catch {
    // As above.
  }
}

// Those of the alerts that this store has not been told of; from now on it has.
export function unheard(store, key, alerts) {
  const heard = recall(store, key).split(" ");
  const more = alerts.filter((one) => !heard.includes(one));
  if (more.length) remember(store, key, [...heard, ...more].slice(-100).join(" ").trim());
  return more;
}

export function sound() {
  const audio = new AudioContext();
  for (const turn of [0, 1, 2]) {
    const [tone, volume] = [audio.createOscillator(), audio.createGain()];
    const begins = audio.currentTime + turn * 0.4;
    tone.frequency.value = turn === 1 ? 660 : 880;
    volume.gain.value = 0.3;
    tone.connect(volume).connect(audio.destination);
    tone.start(begins);
    tone.stop(begins + 0.25);
  }
  setTimeout(() => audio.close(), 2000);
}

export function notice() {
  if (Notification.permission !== "granted") return;
  const shown = new Notification("Pathway", { body: WORDS, tag: "pathway-danger", renotify: true, requireInteraction: true });
  shown.onclick = () => {
    window.focus();
    shown.close();
  };
}

// Once a browser, whichever of its tabs hears first.
export function ring(alerts) {
  if (!unheard("localStorage", "rung", alerts).length) return;
  for (const [name, act] of Object.entries({ sound, notice })) {
    if (recall("localStorage", name) !== "yes") continue;
    try {
      act();
    } catch {
      // A browser without sound, or one that shows notices in another way only.
    }
  }
}
