const length = 86_400_000

/** A day some days later, `YYYY-MM-DD`. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * length).toISOString().slice(0, 10)
}

/** Days from one to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / length)
}

/** The day itself or the next on which banks book; a calendar that knows none within a month is not followed. */
export function nextBankDay(day: string, isBankDay: (day: string) => boolean): string {
  for (let ahead = 0; ahead <= 31; ahead++) if (isBankDay(addDays(day, ahead))) return addDays(day, ahead)
  return day
}
