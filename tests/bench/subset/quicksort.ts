// Quicksort of 32-bit words. The language has no recursion: the larger part waits on a stack, which 32 entries suffice for.

const LIMIT = 65536;
const STACK = 32;
/** Shorter pieces are sorted by insertion. */
const SHORT = 16;

const words = new Uint32Array(LIMIT);
const lows = new Uint32Array(STACK);
const highs = new Uint32Array(STACK);

/** Sorts the words of `input` into `work`. */
export function run(input: Bytes, work: Bytes): u32 {
  const count: u32 = input.length >>> 2;
  for (let i: u32 = 0; i < count; i++) words[i] = input.u32le(i * 4);
  sort(count);
  for (let i: u32 = 0; i < count; i++) work.setU32le(i * 4, words[i]);
  return count;
}

function sort(count: u32): void {
  let depth: u32 = 0;
  let low: u32 = 0;
  let high: u32 = count;
  while (true) {
    while (high - low > SHORT) {
      const middle = partition(low, high);
      if (middle - low > high - middle) {
        lows[depth] = low;
        highs[depth] = middle;
        low = middle;
      } else {
        lows[depth] = middle;
        highs[depth] = high;
        high = middle;
      }
      depth++;
    }
    insert(low, high);
    if (depth === 0) return;
    depth--;
    low = lows[depth];
    high = highs[depth];
  }
}

/** Hoare's: everything from the returned place on is no less than what stands before it; neither part is empty. */
function partition(low: u32, high: u32): u32 {
  const pivot = words[(low + high - 1) >>> 1];
  let left: u32 = low;
  let right: u32 = high - 1;
  while (true) {
    while (words[left] < pivot) left++;
    while (words[right] > pivot) right--;
    if (left >= right) return right + 1;
    const moved = words[left];
    words[left] = words[right];
    words[right] = moved;
    left++;
    right--;
  }
}

function insert(low: u32, high: u32): void {
  for (let i: u32 = low + 1; i < high; i++) {
    const word = words[i];
    let at: u32 = i;
    while (at > low && words[at - 1] > word) {
      words[at] = words[at - 1];
      at--;
    }
    words[at] = word;
  }
}
