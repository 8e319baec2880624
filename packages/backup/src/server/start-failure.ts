import type { ExprsnError } from '@exprsn/core'
import { serverErrors } from './errors.ts'

/** What is known about a server that ended before it was ready. */
export interface StartFailure {
  readonly log: readonly string[]
  readonly port: number
  readonly dataFolder: string
  readonly user: string
}

const linesShown = 30

/** Turns the log of a server that did not start into the error that says what to do. */
export function startFailure({ log, port, dataFolder, user }: StartFailure): ExprsnError {
  const lines = log.slice(-linesShown)
  const text = lines.join('\n')
  if (isPortTaken(log)) return serverErrors.BACKUP_SERVER_PORT_TAKEN({ port, log: lines })
  if (/lock file "postmaster.pid" already exists/.test(text))
    return serverErrors.BACKUP_SERVER_DATA_FOLDER_IN_USE({ dataFolder, log: lines })
  if (/could not (access|open) (the server )?(directory|configuration file) .*Permission denied/.test(text))
    return serverErrors.BACKUP_SERVER_DATA_FOLDER_UNREACHABLE({ dataFolder, user, log: lines })
  return serverErrors.BACKUP_SERVER_START_FAILED({ reason: mainReason(lines), log: lines })
}

/** True when the server gave up because another program listens on its port. */
export function isPortTaken(log: readonly string[]): boolean {
  return log.some((line) => /could not bind .*Address already in use/.test(line))
}

/** The first fatal line says why; a later one may only say that a helper process ended because of it. */
function mainReason(lines: readonly string[]): string {
  const fatal = lines.find((line) => /\b(FATAL|PANIC):/.test(line))
  return (fatal ?? lines.at(-1) ?? 'it ended without a word').replace(/^.*?\b(FATAL|PANIC):\s*/, '').trim()
}
