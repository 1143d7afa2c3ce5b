/* Pictures with alpha drawn onto a screen of 1024 x 768: clipped at its borders, blended pixel by pixel. */
#include "bench.h"

enum { SCREEN_WIDTH = 1024, SCREEN_HEIGHT = 768, WIDTH = 128, HEIGHT = 96, HEAD = 16, DRAW = 16 };

static uint32_t blend(uint32_t over, uint32_t under) {
  uint32_t alpha = (over >> 24) + (over >> 31);
  uint32_t rest = 256 - alpha;
  uint32_t outer = ((over & 0xff00ff) * alpha + (under & 0xff00ff) * rest) >> 8;
  uint32_t middle = ((over >> 8) & 0xff) * alpha + ((under >> 8) & 0xff) * rest;
  return (outer & 0xff00ff) | (middle & 0xff00);
}

static uint32_t blit(const uint8_t *picture, uint8_t *screen, int32_t x, int32_t y) {
  int32_t left = x > 0 ? x : 0;
  int32_t top = y > 0 ? y : 0;
  int32_t right = x + WIDTH < SCREEN_WIDTH ? x + WIDTH : SCREEN_WIDTH;
  int32_t bottom = y + HEIGHT < SCREEN_HEIGHT ? y + HEIGHT : SCREEN_HEIGHT;
  if (left >= right || top >= bottom) return 0;
  size_t row_bytes = (size_t)(right - left) * 4;
  for (int32_t row = top; row < bottom; row++) {
    const uint8_t *source = picture + ((row - y) * WIDTH + left - x) * 4;
    uint8_t *target = screen + (row * SCREEN_WIDTH + left) * 4;
    for (size_t at = 0; at < row_bytes; at += 4)
      store32(target + at, blend(load32(source + at), load32(target + at)));
  }
  return (uint32_t)((right - left) * (bottom - top));
}

uint32_t run(const uint8_t *input, size_t input_length, uint8_t *work) {
  (void)input_length;
  uint32_t draws = load32(input);
  const uint8_t *pictures = input + HEAD + draws * DRAW;
  uint32_t touched = 0;
  for (uint32_t i = 0; i < draws; i++) {
    const uint8_t *draw = input + HEAD + i * DRAW;
    const uint8_t *picture = pictures + load32(draw + 8) * (WIDTH * HEIGHT * 4);
    touched += blit(picture, work, (int32_t)load32(draw), (int32_t)load32(draw + 4));
  }
  return touched;
}
