/** Graphics Output (UEFI 2.10, section 12.9): where the frame buffer is, which outlives the boot services. */
import { anyProtocol } from "./boot-services.ts";
import { bytesAt, load64 } from "./memory.ts";

const GRAPHICS_OUTPUT: string = "9042A9DE-23DC-4A38-96FB-7ADED080516A";

const PROTOCOL = layout(32, { queryMode: le64(0), setMode: le64(8), blt: le64(16), mode: le64(24) });

const MODE = layout(40, {
  maxMode: le32(0),
  mode: le32(4),
  info: le64(8),
  infoBytes: le64(16),
  frameBufferBase: le64(24),
  frameBufferBytes: le64(32),
});

const MODE_INFO = layout(36, {
  version: le32(0),
  width: le32(4),
  height: le32(8),
  pixelFormat: le32(12),
  masks: octets(16, 16),
  pixelsPerScanLine: le32(32),
});

/** EFI_GRAPHICS_PIXEL_FORMAT. */
export const enum PixelFormat {
  rgbx = 0,
  bgrx = 1,
  masks = 2,
  /** There is no frame buffer in memory. */
  bltOnly = 3,
}

/** The frame buffer of the mode that is set; `width` is 0 where there is none. */
export class FrameBufferFacts {
  base: u64 = 0n;
  byteLength: u64 = 0n;
  width: u32 = 0;
  height: u32 = 0;
  pixelsPerScanLine: u32 = 0;
  format: PixelFormat = PixelFormat.bltOnly;
}

export function readFrameBuffer(into: FrameBufferFacts): void {
  into.width = 0;
  const protocol = anyProtocol(GRAPHICS_OUTPUT);
  if (protocol === 0n) return;
  const mode = bytesAt(load64(u64(protocol + BigInt(PROTOCOL.mode.offset))), MODE.byteLength);
  const info = bytesAt(MODE.info.get(mode), MODE_INFO.byteLength);
  into.format = pixelFormat(MODE_INFO.pixelFormat.get(info));
  if (into.format === PixelFormat.bltOnly) return;
  into.base = MODE.frameBufferBase.get(mode);
  into.byteLength = MODE.frameBufferBytes.get(mode);
  into.height = MODE_INFO.height.get(info);
  into.pixelsPerScanLine = MODE_INFO.pixelsPerScanLine.get(info);
  into.width = MODE_INFO.width.get(info);
}

function pixelFormat(value: u32): PixelFormat {
  switch (value) {
    case 0:
      return PixelFormat.rgbx;
    case 1:
      return PixelFormat.bgrx;
    case 2:
      return PixelFormat.masks;
    default:
      return PixelFormat.bltOnly;
  }
}
