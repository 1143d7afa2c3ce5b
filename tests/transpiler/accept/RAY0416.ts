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

export function main(): void {
  let total: u32 = 0;
  keep((index) => assert(index < 5));
  choose(true, (index) => (total += index));
  choose(false, (index) => (total += index));
  assert(total === 1);
}
