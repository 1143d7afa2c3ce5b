type Visit = (index: u32) => void;

let kept: Visit = (index) => assert(index < 9);

function keep(visit: Visit): void {
  kept = visit;
}

function call(visit: Visit): void {
  visit(1);
}

function choose(flag: boolean, visit: Visit): void {
  if (flag) call(visit);
  else call(kept);
}

interface Each {
  each(visit: Visit): void;
}

class Two implements Each {
  each(visit: Visit): void {
    visit(1);
    visit(2);
  }
}

const two = new Two();

/** Of each class that it is called with the method's text stands here. */
function sumOf<E extends Each>(each: E): u32 {
  let sum: u32 = 0;
  each.each((index) => (sum += index));
  return sum;
}

export function main(): void {
  assert(sumOf(two) === 3);
  let total: u32 = 0;
  keep((index) => assert(index < 5));
  choose(true, (index) => (total += index));
  choose(false, (index) => (total += index));
  assert(total === 1);
}
