/** Years 1 to 9999 in UTC: beyond them zones and dates have no common notation. */
const earliest = -62_135_596_800_000
const latest = 253_402_300_799_999

/** Whether slots are looked for after this instant, in milliseconds since 1970. */
export function isSearchable(instant: number): boolean {
  return instant >= earliest && instant <= latest
}
