// must: a result that has to be good, for an image on a healthy disk cannot fail in any way worth a second try.

export function must<T, E>(result: Result<T, E>, what: string): T {
  if (!result.ok) throw new Error(`could not ${what}: error ${String(result.error)}`);
  return result.value;
}
