// What is written but not yet confirmed by the server, kept on this device. It is keyed
// by person and submission: another person on the device never meets it.

const PREFIX = "portal-draft";
const DAYS_KEPT = 30;

export class LocalCopy {
  constructor(user, key) {
    this.name = `${PREFIX}:${user}:${key}`;
    this.other = `${this.name}:unchosen`;
  }

  /** Keeps the fields; false when the device refuses (full, or a private window). */
  keep(fields, more = {}) {
    return write(this.name, { ...more, fields, at: Date.now() });
  }

  /** {fields, at, and what else was kept} or null. */
  read() {
    return read(this.name);
  }

  forget() {
    remove(this.name);
  }

  /** The text that was not chosen when two stood against each other. */
  keepUnchosen(text) {
    write(this.other, { text, at: Date.now() });
  }

  unchosen() {
    const kept = read(this.other);
    return kept ? kept.text : null;
  }

  forgetAll() {
    remove(this.name);
    remove(this.other);
  }
}

/** Throws away copies that nobody came back for. */
export function sweep(now = Date.now()) {
  try {
    Object.keys(localStorage)
      .filter((name) => name.startsWith(`${PREFIX}:`))
      .filter((name) => {
        const kept = read(name);
        return !kept || now - kept.at > DAYS_KEPT * 86400000;
      })
      .forEach(remove);
  } catch (error) {
    // no storage here: nothing to throw away
  }
}

function write(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
    return true;
  } catch (error) {
    return false;
  }
}

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch (error) {
    return null;
  }
}

function remove(name) {
  try {
    localStorage.removeItem(name);
  } catch (error) {
    // no storage here
  }
}
