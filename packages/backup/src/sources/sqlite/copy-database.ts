import { execFile } from 'node:child_process'
import { sourcesErrors } from '../errors.ts'

/**
 * Pins a snapshot with a read transaction, so that writers neither restart the copy nor get into it, and copies it page
 * by page.
 */
const program = `
import { backup, DatabaseSync } from 'node:sqlite'
const [from, to] = process.argv.slice(1)
try {
  const database = new DatabaseSync(from, { readOnly: true, timeout: 10_000 })
  database.exec('begin')
  database.prepare('select count(*) from sqlite_schema').get()
  await backup(database, to, { rate: 1_000 })
  database.exec('rollback')
  database.close()
} catch (error) {
  console.log(error.message)
  process.exitCode = 1
}
`

/**
 * Copies a database as it is at one instant, while others write to it.
 *
 * A process of its own does it: POSIX locks belong to a process and go with the first file handle it closes, so that a
 * second copy of SQLite in the host's process, beside better-sqlite3 say, would drop the locks of the host
 * (https://sqlite.org/howtocorrupt.html, section 2.2.1).
 *
 * @throws `BACKUP_SQLITE_UNREADABLE`, or the signal's reason
 */
export async function copyDatabase(from: string, to: string, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted()
  const parameters = ['--no-warnings', '--input-type=module', '--eval', program, '--', from, to]
  await new Promise<void>((resolve, reject) => {
    execFile(process.execPath, parameters, { env: {}, signal }, (error, stdout) => {
      if (error === null) return resolve()
      if (signal?.aborted) return reject(signal.reason)
      const reason = stdout.trim() || 'the process that copies it has ended'
      reject(sourcesErrors.BACKUP_SQLITE_UNREADABLE({ path: from, reason }, { cause: error }))
    })
  })
}
