// Pictures with alpha drawn onto a screen of 1024 × 768: clipped at its borders, blended pixel by pixel.

const SCREEN_WIDTH: i32 = 1024;
const SCREEN_HEIGHT: i32 = 768;
const WIDTH: i32 = 128;
const HEIGHT: i32 = 96;

function blend(over: u32, under: u32): u32 {
  const alpha = (over >> 24) + (over >> 31);
  const rest: u32 = 256 - alpha;
  const outer = ((over & 0xff00ff) * alpha + (under & 0xff00ff) * rest) >> 8;
  const middle = ((over >> 8) & 0xff) * alpha + ((under >> 8) & 0xff) * rest;
  return (outer & 0xff00ff) | (middle & 0xff00);
}

function blit(picture: usize, screen: usize, x: i32, y: i32): u32 {
  const left = max(x, 0);
  const top = max(y, 0);
  const right = min(x + WIDTH, SCREEN_WIDTH);
  const bottom = min(y + HEIGHT, SCREEN_HEIGHT);
  if (left >= right || top >= bottom) return 0;
  const rowBytes: usize = (right - left) * 4;
  for (let row = top; row < bottom; row++) {
    const source = picture + ((row - y) * WIDTH + left - x) * 4;
    const target = screen + (row * SCREEN_WIDTH + left) * 4;
    for (let at: usize = 0; at < rowBytes; at += 4)
      store<u32>(target + at, blend(load<u32>(source + at), load<u32>(target + at)));
  }
  return (right - left) * (bottom - top);
}

export function run(input: usize, length: usize, work: usize): u32 {
  const draws = load<u32>(input);
  const pictures = input + 16 + draws * 16;
  let touched: u32 = 0;
  for (let i: u32 = 0; i < draws; i++) {
    const draw = input + 16 + i * 16;
    const picture = pictures + load<u32>(draw + 8) * (WIDTH * HEIGHT * 4);
    touched += blit(picture, work, load<i32>(draw), load<i32>(draw + 4));
  }
  return touched;
}
