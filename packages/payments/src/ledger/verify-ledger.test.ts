import { migrate, sqliteDatabase, type Database } from '@exprsn/core/database'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { money } from '../money/index.ts'
import { createLedger, type Ledger } from './index.ts'

let database: Database
let ledger: Ledger

beforeEach(async () => {
  database = sqliteDatabase({ path: ':memory:' })
  ledger = createLedger({ database })
  await migrate(database, [ledger.migrations])
  await ledger.openAccounts([
    { code: 'a', currency: 'EUR', kind: 'asset' },
    { code: 'b', currency: 'EUR', kind: 'income' },
    { code: 'c', currency: 'EUR', kind: 'income' },
  ])
  const line = { debit: 'a', credit: 'b', amount: money('1.00', 'EUR') }
  for (let n = 1; n <= 5; n++) await ledger.post({ id: `e${n}`, lines: [line, { ...line, credit: 'c' }] })
  await ledger.post({ id: 'r', lines: [{ ...line, kind: 'reserve' }] })
  await ledger.post({ id: 'p', lines: [{ kind: 'post', reserve: 'r#1' }] })
  await database.query('drop trigger exprsn_ledger_lines_no_update')
  await database.query('drop trigger exprsn_ledger_lines_no_delete')
})

afterEach(() => database.close())

const lines = 'exprsn_ledger_lines'

describe('ledger.verify', () => {
  it('finds sound books sound', async () => {
    expect(await ledger.verify()).toMatchObject({ ok: true, lines: 12, firstBad: undefined })
  })

  it.each([
    ['an amount', `update ${lines} set amount = 101 where sequence = 5`],
    ['an account', `update ${lines} set debit = 3 where sequence = 5 and credit = 2`],
    ['a description', `update ${lines} set description = 'gift' where sequence = 5`],
    ['a reference', `update ${lines} set reference = 'A-1' where sequence = 5`],
    ['a time', `update ${lines} set occurred_at = occurred_at + 1 where sequence = 5`],
    ['the time of posting', `update ${lines} set recorded_at = recorded_at + 1 where sequence = 5`],
    ['an id', `update ${lines} set entry = 'other' where sequence = 5`],
    ['the number of lines', `update ${lines} set lines = 1 where sequence = 5`],
    ['a kind', `update ${lines} set kind = 'reserve' where sequence = 5`],
    ['what it reverses', `update ${lines} set reverses = 'e1' where sequence = 5`],
    ['a hash', `update ${lines} set hash = 'x' where sequence = 5`],
  ])('finds the line with another value: %s', async (_, sql) => {
    await database.query(sql)
    const { ok, firstBad } = await ledger.verify()
    expect(ok).toBe(false)
    expect(firstBad?.sequence).toBe(5)
  })

  it.each([
    ['a line that was removed', `delete from ${lines} where sequence = 4`, 'sequence_gap'],
    ['the last line removed', `delete from ${lines} where sequence = 12`, 'head_mismatch'],
    ['an entry cut short at the end', `delete from ${lines} where sequence > 9`, 'entry_incomplete'],
    [
      'a balance that was touched',
      `update exprsn_ledger_accounts set debits = debits + 1 where code = 'a'`,
      'balance_mismatch',
    ],
    [
      'a reserved balance',
      `update exprsn_ledger_accounts set reserved_debits = 7 where code = 'a'`,
      'balance_mismatch',
    ],
    ['a head that was moved', `update exprsn_ledger_head set sequence = 13`, 'head_mismatch'],
    ['a head with another hash', `update exprsn_ledger_head set hash = 'x'`, 'head_mismatch'],
    ['an account that was renamed', `update exprsn_ledger_accounts set code = 'z' where code = 'a'`, 'hash_mismatch'],
    ['another reservation settled', `update ${lines} set reserve = 99 where sequence = 12`, 'hash_mismatch'],
    ['more than was reserved', `update ${lines} set amount = 500 where sequence = 12`, 'hash_mismatch'],
  ] as const)('finds %s', async (_, sql, fault) => {
    await database.query(sql)
    const { ok, faults } = await ledger.verify()
    expect(ok).toBe(false)
    expect(faults.map((each) => each.fault)).toContain(fault)
  })

  it('finds books that do not balance, even when every hash was written anew', async () => {
    await database.query(`update exprsn_ledger_accounts set credits = credits + 5 where code = 'b'`)
    const { faults } = await ledger.verify()
    expect(faults.map((each) => each.fault)).toEqual(['balance_mismatch', 'not_balanced'])
  })

  it('keeps the number of faults small', async () => {
    await database.query(`update ${lines} set hash = 'x'`)
    for (let n = 0; n < 120; n++)
      await database.query(
        `insert into ${lines} select 100 + $1, 'f' || $1, 1, 1, 'transfer', 1, 2, 1, null, null, '', '', 0, 0, 'y'`,
        [n],
      )
    expect((await ledger.verify()).faults).toHaveLength(100)
  })

  it('stops when it is told to', async () => {
    await expect(ledger.verify({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough')
  })
})
