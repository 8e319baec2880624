/** A read that is waited for later. Who gives up before does not hear that it failed, and nobody else has to. */
export function readAhead(reading: Promise<number>): Promise<number> {
  reading.catch(() => {})
  return reading
}
