/**
 * Nanoseconds since 1970 as what `node:fs` takes for seconds. A double keeps about a quarter of a microsecond there and
 * libuv cuts, so a little is added for the same microsecond to come back. It is text because of a number before 1970
 * Node makes the present time.
 */
export function systemTime(nanoseconds: bigint): string {
  const microseconds = Number((nanoseconds - (((nanoseconds % 1_000n) + 1_000n) % 1_000n)) / 1_000n)
  return String((microseconds % 1e6 === 0 ? microseconds : microseconds + 0.3) / 1e6)
}
