// Quicksort of 32-bit words with a stack of its own.

const SHORT: u32 = 16;
const words = memory.data(65536 * 4);
const stack = memory.data(32 * 8);

function word(index: u32): u32 {
  return load<u32>(words + (index << 2));
}

function put(index: u32, value: u32): void {
  store<u32>(words + (index << 2), value);
}

function partition(low: u32, high: u32): u32 {
  const pivot = word((low + high - 1) >> 1);
  let left = low;
  let right = high - 1;
  while (true) {
    while (word(left) < pivot) left++;
    while (word(right) > pivot) right--;
    if (left >= right) return right + 1;
    const moved = word(left);
    put(left, word(right));
    put(right, moved);
    left++;
    right--;
  }
}

function insert(low: u32, high: u32): void {
  for (let i = low + 1; i < high; i++) {
    const value = word(i);
    let at = i;
    for (; at > low && word(at - 1) > value; at--) put(at, word(at - 1));
    put(at, value);
  }
}

function sort(count: u32): void {
  let depth: u32 = 0;
  let low: u32 = 0;
  let high = count;
  while (true) {
    while (high - low > SHORT) {
      const middle = partition(low, high);
      const entry = stack + (depth++ << 3);
      if (middle - low > high - middle) {
        store<u32>(entry, low);
        store<u32>(entry + 4, middle);
        low = middle;
      } else {
        store<u32>(entry, middle);
        store<u32>(entry + 4, high);
        high = middle;
      }
    }
    insert(low, high);
    if (depth == 0) return;
    depth--;
    low = load<u32>(stack + (depth << 3));
    high = load<u32>(stack + (depth << 3) + 4);
  }
}

export function run(input: usize, length: usize, work: usize): u32 {
  const count = <u32>(length >> 2);
  memory.copy(words, input, count << 2);
  sort(count);
  memory.copy(work, words, count << 2);
  return count;
}
