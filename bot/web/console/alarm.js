// The alarm for danger that nobody has taken: sound, window title and a notification, until someone claims it.
// When the service says that one has waited too long, it sounds again, also for who has silenced it.

const EVERY_MILLISECONDS = 4000;

export class Alarm {
  constructor(title) {
    this.title = title;
    this.silenced = new Set();
    this.ringing = null;
    this.audio = null;
    this.notified = new Set();
    this.overdue = new Set();
  }

  // Browsers let a page make sound only after the person has done something on it.
  prepare() {
    this.audio ??= new AudioContext();
    if ("Notification" in window && Notification.permission === "default") Notification.requestPermission();
  }

  update(dangerous, waiting, text, overdue = [], overdueText = "") {
    for (const id of overdue) if (!this.overdue.has(id)) this.silenced.delete(id);
    const loud = dangerous.filter((id) => !this.silenced.has(id));
    for (const id of this.silenced) if (!dangerous.includes(id)) this.silenced.delete(id);
    document.title = dangerous.length ? `(!) ${text}` : waiting ? `(${waiting}) ${this.title}` : this.title;
    if (loud.length && !this.ringing) {
      this.ring();
      this.ringing = setInterval(() => this.ring(), EVERY_MILLISECONDS);
    } else if (!loud.length && this.ringing) {
      clearInterval(this.ringing);
      this.ringing = null;
    }
    for (const id of dangerous) if (!this.notified.has(id)) this.notify(id, text);
    for (const id of overdue) if (!this.overdue.has(id)) this.notify(id, overdueText);
    this.overdue = new Set(overdue);
    return loud.length > 0;
  }

  silence(ids) {
    for (const id of ids) this.silenced.add(id);
  }

  notify(id, text) {
    this.notified.add(id);
    if ("Notification" in window && Notification.permission === "granted") {
      new Notification(text, { tag: id, renotify: true, requireInteraction: true });
    }
  }

  ring() {
    if (!this.audio || this.audio.state !== "running") return;
    const now = this.audio.currentTime;
    for (const [start, tone] of [[0, 880], [0.25, 660], [0.5, 880]]) {
      const oscillator = this.audio.createOscillator();
      const volume = this.audio.createGain();
      oscillator.frequency.value = tone;
      volume.gain.setValueAtTime(0.15, now + start);
      volume.gain.exponentialRampToValueAtTime(0.001, now + start + 0.22);
      oscillator.connect(volume).connect(this.audio.destination);
      oscillator.start(now + start);
      oscillator.stop(now + start + 0.23);
    }
  }
}
