// What outlives a reload, and ends with the tab: other people may use the same computer.
export class Memory {
  /** `key` tells the servers apart that one page may talk to. */
  constructor(key) {
    this.key = `car-t-guide ${key}`;
    this.clear = () => this.keep({ token: "", greeting: null, queue: [], marked: [] });
    try {
      this.state = JSON.parse(sessionStorage.getItem(this.key));
    } catch {
      this.state = null; // storage is forbidden, or holds what we did not write
    }
    if (!Array.isArray(this.state?.queue)) this.clear();
  }

  /** Writes these parts. Where storage is forbidden or full they last until the reload. */
  keep(parts) {
    this.state = { ...this.state, ...parts };
    try {
      sessionStorage.setItem(this.key, JSON.stringify(this.state));
    } catch {
      return;
    }
  }
}
