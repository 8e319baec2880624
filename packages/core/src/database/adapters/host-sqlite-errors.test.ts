import { describe, expect, it } from 'vitest'
import { mapHostSqliteError } from './host-sqlite-errors.ts'

describe('mapHostSqliteError', () => {
  it.each([
    ['SQLITE_CONSTRAINT_PRIMARYKEY', 'CORE_DATABASE_CONFLICT'],
    ['SQLITE_CONSTRAINT_CHECK', 'CORE_DATABASE_CONSTRAINT'],
    ['SQLITE_BUSY_SNAPSHOT', 'CORE_DATABASE_BUSY'],
    ['SQLITE_READONLY_DBMOVED', 'CORE_DATABASE_READONLY'],
    ['SQLITE_ERROR', 'CORE_DATABASE_STATEMENT'],
  ])('%s is %s', (name, code) => {
    const failure = Object.assign(new Error('UNIQUE constraint failed: notes.id'), { code: name })
    expect(mapHostSqliteError(failure).code).toBe(code)
  })
})
