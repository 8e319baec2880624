/** What still has to be written when the process ends. */
const flushers = new Set<() => void>()

/**
 * Calls `flush` when the process ends in any way but a kill. One listener serves all: twenty shippers must not look like a
 * leak. Returns what takes it back.
 */
export function flushAtExit(flush: () => void): () => void {
  if (flushers.size === 0) process.on('exit', flushAll)
  flushers.add(flush)
  return () => {
    flushers.delete(flush)
    if (flushers.size === 0) process.off('exit', flushAll)
  }
}

function flushAll(): void {
  for (const flush of flushers) flush()
}
