/** Generic interfaces, and functions that take them, for the classes of other modules. */

export interface Source<T> {
  get(at: u32): T;
  size(): u32;
}

/** What can be written too. */
export interface Store<T> extends Source<T> {
  put(at: u32, value: T): void;
}

export function copyAll<T>(from: Source<T>, to: Store<T>): u32 {
  let count: u32 = 0;
  while (count < from.size() && count < to.size()) {
    to.put(count, from.get(count));
    count++;
  }
  return count;
}

export function lastOf<T>(store: Source<T>): T {
  return store.get(store.size() - 1);
}
