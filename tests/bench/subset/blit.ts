// Pictures with alpha drawn onto a screen of 1024 × 768: clipped at its borders, blended pixel by pixel.
//
// The input holds draws of 16 bytes (x, y: signed; which picture), then the pictures: 128 × 96 pixels of 32 bits,
// blue, green, red, alpha.

const SCREEN_WIDTH = 1024;
const SCREEN_HEIGHT = 768;
const PICTURE_WIDTH = 128;
const PICTURE_HEIGHT = 96;
const PIXEL_BYTES = 4;
const PICTURE_BYTES = PICTURE_WIDTH * PICTURE_HEIGHT * PIXEL_BYTES;

const HEAD_BYTES = 16;
const DRAW_BYTES = 16;

/** Makes all draws onto the screen `work`; how many pixels were touched. */
export function run(input: Bytes, work: Bytes): u32 {
  const draws = input.u32le(0);
  const pictures: u32 = HEAD_BYTES + draws * DRAW_BYTES;
  let touched: u32 = 0;
  for (let i: u32 = 0; i < draws; i++) {
    const draw = input.slice(HEAD_BYTES + i * DRAW_BYTES, DRAW_BYTES);
    const x = draw.u32le(0) | 0;
    const y = draw.u32le(4) | 0;
    const picture = input.slice(pictures + draw.u32le(8) * PICTURE_BYTES, PICTURE_BYTES);
    touched += blit(picture, work, i32(x), i32(y));
  }
  return touched;
}

function blit(picture: Bytes, screen: Bytes, x: i32, y: i32): u32 {
  const left = Math.max(x, 0);
  const top = Math.max(y, 0);
  const right = Math.min(x + PICTURE_WIDTH, SCREEN_WIDTH);
  const bottom = Math.min(y + PICTURE_HEIGHT, SCREEN_HEIGHT);
  if (left >= right || top >= bottom) return 0;
  const rowBytes = u32((right - left) * PIXEL_BYTES);
  for (let row: i32 = i32(top); row < bottom; row++) {
    const source = picture.slice(((row - y) * PICTURE_WIDTH + left - x) * PIXEL_BYTES, rowBytes);
    const target = screen.slice((row * SCREEN_WIDTH + left) * PIXEL_BYTES, rowBytes);
    blendRow(source, target);
  }
  return u32((right - left) * (bottom - top));
}

function blendRow(source: Bytes, target: Bytes): void {
  assert(source.length === target.length);
  for (let at: u32 = 0; at + PIXEL_BYTES <= source.length; at += PIXEL_BYTES) {
    target.setU32le(at, blend(source.u32le(at), target.u32le(at)));
  }
}

/** Two channels at a time, in the halves of a word; alpha 255 counts as 256. */
function blend(over: u32, under: u32): u32 {
  const alpha = (over >>> 24) + (over >>> 31);
  const rest = 256 - alpha;
  const outer = (Math.imul(over & 0xff00ff, alpha) + Math.imul(under & 0xff00ff, rest)) >>> 8;
  const middle = Math.imul((over >>> 8) & 0xff, alpha) + Math.imul((under >>> 8) & 0xff, rest);
  return ((outer & 0xff00ff) | (middle & 0xff00)) >>> 0;
}
