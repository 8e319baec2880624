import { dirname } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { systemDisk } from '../disk/system-disk.ts'
import { loadSqlite } from '../sqlite/load-sqlite.ts'
import { retryWhileBusy, type BusyOptions } from './retry-while-busy.ts'
import { SqliteConnection } from './sqlite-connection.ts'

/** What is needed to open a database file. */
export interface SqliteFileOptions extends BusyOptions {
  readonly path: string
  /** SQLite's `pragma synchronous`. */
  readonly synchronous: 'off' | 'normal' | 'full' | 'extra'
  /** Prepared statements kept per connection. */
  readonly statementCache: number
}

/** The connection that writes, and whether another may read beside it while a transaction is open. */
export interface OpenedWriter {
  readonly connection: SqliteConnection
  readonly sharable: boolean
}

/** Opens the file in WAL mode (a memory database has none) for reading and writing; missing folders are made. */
export async function openWriter(options: SqliteFileOptions): Promise<OpenedWriter> {
  const { DatabaseSync } = await loadSqlite()
  if (isPlainPath(options.path)) await systemDisk.makeFolder(dirname(options.path))
  const handle = new DatabaseSync(options.path, { timeout: 0 })
  try {
    const journal = await retryWhileBusy(() => handle.prepare('pragma journal_mode = wal').get(), options)
    handle.exec(`pragma synchronous = ${options.synchronous}`)
    return {
      connection: new SqliteConnection(handle, options.statementCache),
      sharable: journal?.['journal_mode'] === 'wal' && isPlainPath(options.path),
    }
  } catch (error) {
    handle.close()
    throw error
  }
}

/** Opens a second connection to the file, which sees only what is committed. */
export async function openReader(options: SqliteFileOptions): Promise<SqliteConnection> {
  const { DatabaseSync } = await loadSqlite()
  const handle: DatabaseSync = new DatabaseSync(options.path, { timeout: 0, readOnly: true })
  return new SqliteConnection(handle, options.statementCache)
}

/** Not in memory, and not a `file:` URI. */
function isPlainPath(path: string): boolean {
  return path !== ':memory:' && !path.startsWith('file:')
}
