type Visit = (index: u32) => void;

let kept: Visit = (index) => assert(index < 9);

function keep(visit: Visit): void {
  kept = visit;
}

function call(visit: Visit): void {
  visit(1);
}

function choose(flag: boolean, visit: Visit): void {
  call(flag ? visit : kept);
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

function handOn(each: Each, visit: Visit): void {
  each.each(visit); // error: RAY0416
}

export function main(): void {
  let total: u32 = 0;
  const all: Each = two;
  all.each((index) => (total += index)); // error: RAY0416
  handOn(two, (index) => (total += index));
  keep((index) => (total += index)); // error: RAY0416
  choose(true, (index) => (total += index)); // error: RAY0416
  assert(total === 1);
}
