interface Store<T> {
  put(at: u32, value: T): T;
}

class Cell<T> implements Store<T> {
  constructor(public value: T) {}

  put(at: u32, value: T): T {
    const old = this.value;
    if (at === 0) this.value = value;
    return old;
  }

  /** In no table: it may have type parameters of its own. */
  choose<U>(flag: boolean, left: U, right: U): U {
    return flag ? left : right;
  }
}

const cell = new Cell<u32>(3);
const flag = new Cell(true);

function swapped<T>(store: Store<T>, value: T): T {
  return store.put(0, value);
}

export function main(): void {
  const store: Store<boolean> = flag;
  assert(swapped(cell, 4) === 3 && cell.value === 4);
  assert(store.put(1, false) && flag.value);
  assert(cell.choose(true, flag, flag).value && cell.choose<u8>(false, 1, 2) === 2);
}
