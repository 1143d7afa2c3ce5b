// UTF-16LE to UTF-8: what is not valid becomes U+FFFD, what does not fit is left out.

function lengthOf(point: u32): usize {
  return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

function put(point: u32, to: usize, length: usize): void {
  if (length == 1) {
    store<u8>(to, point);
    return;
  }
  for (let at = length - 1; at > 0; at--) {
    store<u8>(to + at, 0x80 | (point & 0x3f));
    point >>= 6;
  }
  store<u8>(to, ((0xf00 >> (<u32>length)) & 0xff) | point);
}

export function utf8FromUtf16(source: usize, length: usize, target: usize, room: usize): usize {
  let from: usize = 0;
  let to: usize = 0;
  while (length - from >= 2) {
    let point: u32 = load<u16>(source + from);
    if (point == 0) break;
    from += 2;
    if ((point & 0xf800) == 0xd800) {
      const isHigh = (point & 0xfc00) == 0xd800;
      if (isHigh && length - from >= 2 && (load<u16>(source + from) & 0xfc00) == 0xdc00) {
        point = 0x10000 + (((point & 0x3ff) << 10) | (load<u16>(source + from) & 0x3ff));
        from += 2;
      } else point = 0xfffd;
    }
    const bytes = lengthOf(point);
    if (bytes > room - to) break;
    put(point, target + to, bytes);
    to += bytes;
  }
  return to;
}
