// Remembered: what was found in a text, by the text's name, as long as the text is the same. From one round of a compiler that
// watches to the next most texts are. Nothing is kept but what the last two programs had.

interface Known<T> {
  readonly text: string;
  readonly found: T;
}

export class Remembered<T> {
  private before: ReadonlyMap<string, Known<T>> = new Map();
  private now = new Map<string, Known<T>>();

  constructor(private readonly find: (text: string) => T) {}

  /** Another program begins. */
  begin(): void {
    [this.before, this.now] = [this.now, new Map()];
  }

  of(name: string, text: string): T {
    const known = this.now.get(name) ?? this.before.get(name);
    const found = known?.text === text ? known.found : this.find(text);
    this.now.set(name, { text, found });
    return found;
  }
}
