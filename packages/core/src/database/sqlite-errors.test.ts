import { describe, expect, it } from 'vitest'
import { databaseErrors } from './errors.ts'
import { isSqliteBusy, mapSqliteError } from './sqlite-errors.ts'

const sqliteError = (errcode: number, message = 'said SQLite'): Error => Object.assign(new Error(message), { errcode })

describe('mapSqliteError', () => {
  it.each([
    [1, 'CORE_DATABASE_STATEMENT'],
    [5, 'CORE_DATABASE_BUSY'],
    [517, 'CORE_DATABASE_BUSY'],
    [6, 'CORE_DATABASE_BUSY'],
    [8, 'CORE_DATABASE_READONLY'],
    [1032, 'CORE_DATABASE_READONLY'],
    [11, 'CORE_DATABASE_CORRUPT'],
    [13, 'CORE_DATABASE_FULL'],
    [14, 'CORE_DATABASE_OPEN'],
    [26, 'CORE_DATABASE_CORRUPT'],
    [2067, 'CORE_DATABASE_CONFLICT'],
    [1555, 'CORE_DATABASE_CONFLICT'],
    [2579, 'CORE_DATABASE_CONFLICT'],
    [275, 'CORE_DATABASE_CONSTRAINT'],
    [1811, 'CORE_DATABASE_CONSTRAINT'],
  ])('result code %i is %s', (errcode, code) => {
    const cause = sqliteError(errcode)
    expect(mapSqliteError(cause, 'app.db')).toMatchObject({ code, cause, details: { resultCode: errcode } })
  })

  it('names the constraint as far as SQLite does', () => {
    const named = mapSqliteError(sqliteError(2067, 'UNIQUE constraint failed: orders.id, orders.line'), 'app.db')
    expect(named.details).toMatchObject({ kind: 'unique', constraint: 'orders.id, orders.line' })
    const unnamed = mapSqliteError(sqliteError(787, 'FOREIGN KEY constraint failed'), 'app.db')
    expect(unnamed.details).toMatchObject({ kind: 'foreign-key', constraint: 'foreign-key' })
    expect(mapSqliteError(sqliteError(1811, 'no'), 'app.db').details).toMatchObject({ kind: 'other' })
  })

  it('takes anything', () => {
    expect(mapSqliteError(new TypeError('odd'), 'app.db')).toMatchObject({ code: 'CORE_DATABASE_STATEMENT' })
    expect(mapSqliteError('odd', 'app.db')).toMatchObject({ code: 'CORE_DATABASE_STATEMENT' })
    const ours = databaseErrors.CORE_DATABASE_CLOSED()
    expect(mapSqliteError(ours, 'app.db')).toBe(ours)
  })
})

describe('isSqliteBusy', () => {
  it('is true for the locks of other connections only', () => {
    expect([5, 261, 517].map((errcode) => isSqliteBusy(sqliteError(errcode)))).toEqual([true, true, true])
    expect([sqliteError(6), sqliteError(1), new Error('x'), 'x'].map(isSqliteBusy)).toEqual([
      false,
      false,
      false,
      false,
    ])
  })
})
