/** Builds `entry` into `output` (both relative to `root`) unless that is up to date; returns the path of the bundle. */
export function bundle(root: string, entry: string, output: string): Promise<string>;
