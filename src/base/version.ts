/** The version of this RayOS: that of package.json, which is what the image's manifest says too. */

export const VERSION_TEXT: string = "0.1.0";
/** Grows with every release: a thousand steps a place. */
export const VERSION_NUMBER: u32 = 1000;
