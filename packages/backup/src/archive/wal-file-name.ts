/**
 * What PostgreSQL archives: segments, the last one of a timeline as `.partial`, histories of timelines, and notes on base backups.
 * https://www.postgresql.org/docs/current/continuous-archiving.html
 */
const walFile = /^(?:[0-9A-F]{24}(?:\.partial|\.[0-9A-F]{8}\.backup)?|[0-9A-F]{8}\.history)$/

/** Whether PostgreSQL archives files of this name. No name that passes leads out of a folder. */
export function isWalFileName(name: string): boolean {
  return walFile.test(name)
}

/** Whether a file of this name holds log, as opposed to a note on it. */
export function holdsWal(name: string): boolean {
  return /^[0-9A-F]{24}(?:\.partial)?$/.test(name)
}
