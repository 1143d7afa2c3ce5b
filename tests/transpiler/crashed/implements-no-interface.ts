// What a class implements has to be an interface: an integer and another class are none.
class Number implements u32 {}

class First {
  one: u32 = 1;
}

class Second implements First {
  one: u32 = 2;
}

const first = new First();
const second = new Second();

export function main(): void {
  assert(first.one + second.one === 3);
}
