import { statSync } from 'node:fs'
import { access, constants } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { loadSqlite } from '../../sqlite/load-sqlite.ts'
import type { DiskLock } from '../disk.ts'
import { diskError, diskErrorOf } from '../disk-error.ts'
import { holdOpen } from './descriptors.ts'

/** Primary result codes of SQLite (sqlite.org/rescode.html) and the system's reasons that stand behind them. */
const busy = 5
const cannotOpen = 14
const reasons: Readonly<Record<number, string>> = { 3: 'EACCES', 8: 'EROFS', 10: 'EIO', 13: 'ENOSPC', 26: 'EINVAL' }

/**
 * An exclusive lock that dies with its process, on every platform. Node gives no access to the system's own locks, but
 * the SQLite inside it takes one (fcntl, LockFileEx) for an exclusive transaction, and also keeps two connections of
 * one process apart. Nothing is ever written to the file.
 */
export async function lockFile(path: string): Promise<DiskLock | undefined> {
  const { DatabaseSync } = await loadSqlite()
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { timeout: 0 })
    database.exec('pragma locking_mode = exclusive; begin exclusive')
  } catch (thrown) {
    database?.close()
    const result = resultCode(thrown)
    if (result === busy) return undefined
    if (result === cannotOpen) await access(dirname(path), constants.W_OK).catch(refuse(path))
    throw result === undefined ? diskError(thrown, 'lock', path) : diskErrorOf(reason(result), 'lock', path, thrown)
  }
  return heldLock(database, holdOpen(statSync(path, { bigint: true })))
}

function heldLock(database: DatabaseSync, forget: () => void): DiskLock {
  let released = false
  return {
    async release() {
      if (released) return
      released = true
      database.close()
      forget()
    },
  }
}

function refuse(path: string) {
  return (thrown: unknown): never => {
    throw diskError(thrown, 'lock', path)
  }
}

/** SQLite's primary result code: the lowest byte of the extended one. */
function resultCode(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error && 'errcode' in thrown)) return undefined
  return Number(thrown.errcode) & 0xff
}

function reason(result: number): string {
  return reasons[result] ?? `SQLITE_${result}`
}
