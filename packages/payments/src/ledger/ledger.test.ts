import { ExprsnError } from '@exprsn/core'
import { migrate, sqliteDatabase, type Database } from '@exprsn/core/database'
import { postgresDatabase } from '@exprsn/core/drivers/postgres'
import { freshPostgresDatabase } from '@exprsn/real-servers/postgres'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { money } from '../money/index.ts'
import { createLedger, type Ledger, type LedgerEntry } from './index.ts'

const engines: Readonly<Record<string, () => Promise<Database>>> = {
  SQLite: async () => sqliteDatabase({ path: ':memory:' }),
  PostgreSQL: async () => {
    const server = await freshPostgresDatabase()
    const database = postgresDatabase({ connection: { ...server.connection }, max: 4 })
    const close = async (): Promise<void> => {
      await database.close()
      await server.drop()
    }
    return { ...database, close, [Symbol.asyncDispose]: close }
  },
}

const euros = (text: string) => money(text, 'EUR')
const [bank, sales, held, wallet] = ['assets:bank', 'income:sales', 'liabilities:held', 'liabilities:wallet'] as const

function sale(id: string, amount = '10.00'): LedgerEntry {
  return { id, lines: [{ debit: bank, credit: sales, amount: euros(amount) }] }
}

async function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  return work.then(
    () => undefined,
    (error: unknown) => (ExprsnError.is(error) ? error.code : String(error)),
  )
}

describe.each(Object.keys(engines))('the ledger over %s', (engine) => {
  let database: Database
  let ledger: Ledger

  beforeEach(async () => {
    database = await engines[engine]!()
    ledger = createLedger({ database })
    await migrate(database, [ledger.migrations])
    await ledger.openAccounts([
      { code: bank, currency: 'EUR', kind: 'asset' },
      { code: sales, currency: 'EUR', kind: 'income' },
      { code: held, currency: 'EUR', kind: 'liability' },
      { code: wallet, currency: 'EUR', kind: 'liability', limit: 'never-negative' },
      { code: 'assets:yen', currency: 'JPY', kind: 'asset' },
    ])
  })

  afterEach(() => database.close())

  const balance = async (code: string): Promise<bigint> => (await ledger.account(code)).balance

  it('moves an amount from one account to another', async () => {
    expect(await ledger.post(sale('s1', '49.90'))).toEqual({ status: 'posted', sequence: 1 })
    expect([await balance(bank), await balance(sales)]).toEqual([4990n, 4990n])
    const [line] = await ledger.entry('s1')
    expect(line).toMatchObject({ sequence: 1, debit: bank, credit: sales, currency: 'EUR', amount: 4990n, line: 1 })
    expect((await ledger.verify()).ok).toBe(true)
  })

  it('posts an entry once, however often it is asked to', async () => {
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => ledger.post(sale('s1'))))
    expect(outcomes.filter(({ status }) => status === 'posted')).toHaveLength(1)
    expect(outcomes.filter(({ status }) => status === 'exists')).toHaveLength(19)
    expect(await balance(bank)).toBe(1000n)
    expect(await ledger.post(sale('s1', '10.01'))).toEqual({ status: 'refused', reason: 'entry_taken', line: 0 })
    expect(await ledger.post({ ...sale('s1'), reference: 'other' })).toMatchObject({ reason: 'entry_taken' })
    expect(await ledger.post({ ...sale('s1'), lines: [...sale('s1').lines, ...sale('s1').lines] })).toMatchObject({
      reason: 'entry_taken',
    })
  })

  it('posts all lines of an entry or none', async () => {
    const outcome = await ledger.post({
      id: 'chain',
      lines: [
        { debit: bank, credit: wallet, amount: euros('5.00') },
        { debit: wallet, credit: sales, amount: euros('5.01') },
      ],
    })
    expect(outcome).toEqual({ status: 'refused', reason: 'limit_exceeded', line: 2 })
    expect([await balance(bank), await balance(wallet)]).toEqual([0n, 0n])
    expect(await ledger.entry('chain')).toEqual([])
    const [first, second] = await ledger.postAll([sale('a'), { ...sale('b'), lines: [] as never }].slice(0, 1))
    expect([first?.status, second]).toEqual(['posted', undefined])
  })

  it('reserves, then posts in part and gives the rest free', async () => {
    await ledger.post({ id: 'auth', lines: [{ kind: 'reserve', debit: held, credit: sales, amount: euros('100.00') }] })
    expect(await ledger.account(held)).toMatchObject({ balance: 0n, reservedDebits: 10_000n })
    const capture: LedgerEntry = { id: 'capture', lines: [{ kind: 'post', reserve: 'auth#1', amount: euros('60.00') }] }
    expect((await ledger.post(capture)).status).toBe('posted')
    expect((await ledger.post(capture)).status).toBe('exists')
    expect(await ledger.account(sales)).toMatchObject({ balance: 6_000n, reservedCredits: 0n })
    expect(await ledger.account(held)).toMatchObject({ balance: -6_000n, reservedDebits: 0n })
    expect((await ledger.verify()).ok).toBe(true)
  })

  it('settles a reservation once, and never for more', async () => {
    const reserve = (id: string): LedgerEntry => ({
      id,
      lines: [{ kind: 'reserve', debit: bank, credit: sales, amount: euros('1.00') }],
    })
    await ledger.postAll([reserve('r1'), reserve('r2')])
    const post = (id: string, line: LedgerEntry['lines'][number]) => ledger.post({ id, lines: [line] })
    expect(await post('p1', { kind: 'post', reserve: 'r1#1', amount: euros('1.01') })).toMatchObject({
      reason: 'exceeds_reserve',
    })
    expect(await post('p1', { kind: 'post', reserve: 'r1#1', amount: money('1', 'JPY') })).toMatchObject({
      reason: 'currency_mismatch',
    })
    expect(await post('p1', { kind: 'post', reserve: 'r9#1' })).toMatchObject({ reason: 'reserve_unknown' })
    const both = await Promise.all([
      post('p1', { kind: 'post', reserve: 'r1#1' }),
      post('v1', { kind: 'release', reserve: 'r1#1' }),
    ])
    expect(both.map(({ status }) => status)).toEqual(['posted', 'refused'])
    expect(await post('v2', { kind: 'release', reserve: 'r2#1' })).toMatchObject({ status: 'posted' })
    expect(await post('v2', { kind: 'release', reserve: 'r1#1' })).toMatchObject({ reason: 'entry_taken' })
    expect(await post('p2', { kind: 'post', reserve: 'r2#1' })).toMatchObject({ reason: 'reserve_settled' })
    expect(await balance(bank)).toBe(100n)
    expect((await ledger.verify()).ok).toBe(true)
  })

  it('lets a later line use what an earlier one reserved', async () => {
    const lines = [
      { kind: 'reserve', debit: bank, credit: sales, amount: euros('2.00') },
      { kind: 'post', reserve: 'once#1' },
    ] as const
    expect((await ledger.post({ id: 'once', lines })).status).toBe('posted')
    expect(await balance(bank)).toBe(200n)
  })

  it('never lets a limited account go below zero, also not by reservations or many at once', async () => {
    await ledger.post({ id: 'in', lines: [{ debit: bank, credit: wallet, amount: euros('10.00') }] })
    const spend = (id: string, kind: 'transfer' | 'reserve'): LedgerEntry => ({
      id,
      lines: [{ kind, debit: wallet, credit: sales, amount: euros('3.00') }],
    })
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, n) => ledger.post(spend(`w${n}`, n % 2 === 0 ? 'transfer' : 'reserve'))),
    )
    expect(outcomes.filter(({ status }) => status === 'posted')).toHaveLength(3)
    expect(await ledger.account(wallet)).toMatchObject({ balance: 400n, reservedDebits: 300n })
    expect((await ledger.verify()).ok).toBe(true)
  })

  it('limits accounts that grow by debits, too', async () => {
    await ledger.openAccounts([{ code: 'assets:till', currency: 'EUR', kind: 'asset', limit: 'never-negative' }])
    const pay = { id: 'pay', lines: [{ debit: bank, credit: 'assets:till', amount: euros('1.00') }] }
    expect(await ledger.post(pay)).toMatchObject({ reason: 'limit_exceeded' })
    await ledger.post({ id: 'fill', lines: [{ debit: 'assets:till', credit: sales, amount: euros('1.00') }] })
    expect((await ledger.post(pay)).status).toBe('posted')
  })

  it('currency mismatch, unknown accounts and overflow: refused, ledger unchanged', async () => {
    const line = (debit: string, credit: string, amount = euros('1.00')) => ({ debit, credit, amount })
    const reasons = []
    for (const [id, one] of [
      ['a', line(bank, 'assets:yen')],
      ['b', line(bank, sales, money('1', 'JPY'))],
      ['c', line(bank, 'assets:nowhere')],
    ] as const) {
      const outcome = await ledger.post({ id, lines: [one] })
      reasons.push(outcome.status === 'refused' ? outcome.reason : outcome.status)
    }
    expect(reasons).toEqual(['currency_mismatch', 'currency_mismatch', 'account_unknown'])
    const most = { debit: bank, credit: sales, amount: money(2n ** 62n, 'EUR') }
    expect((await ledger.post({ id: 'most', lines: [most] })).status).toBe('posted')
    expect(await ledger.post(sale('more'))).toMatchObject({ reason: 'overflow' })
    expect(await balance(bank)).toBe(2n ** 62n)
    expect((await ledger.verify()).ok).toBe(true)
  })

  it('reverses an entry once, and only what moved money', async () => {
    await ledger.post({ ...sale('s1'), reference: 'A-1001' })
    const reverse = (id: string, entry = 's1') => ledger.reverse(entry, { id, description: 'mistake' })
    expect((await reverse('s1/undo')).status).toBe('posted')
    expect((await reverse('s1/undo')).status).toBe('exists')
    expect(await reverse('s1/again')).toEqual({ status: 'refused', reason: 'already_reversed', line: 0 })
    expect(await reverse('x', 'nothing')).toMatchObject({ reason: 'entry_unknown' })
    expect([await balance(bank), await balance(sales)]).toEqual([0n, 0n])
    expect((await ledger.byReference('A-1001')).map(({ entry, reverses }) => [entry, reverses])).toEqual([
      ['s1', undefined],
      ['s1/undo', 's1'],
    ])
    await ledger.post({ id: 'auth', lines: [{ kind: 'reserve', debit: bank, credit: sales, amount: euros('1.00') }] })
    expect(await reverse('auth/undo', 'auth')).toEqual({ status: 'refused', reason: 'not_reversible', line: 1 })
  })

  it('stands and falls with the host’s transaction', async () => {
    const failing = database.transaction(async (tx) => {
      await ledger.openAccounts([{ code: 'assets:new', currency: 'EUR', kind: 'asset' }], { tx })
      await ledger.post(sale('in-tx'), { tx })
      expect((await ledger.account(bank, { tx })).balance).toBe(1000n)
      expect(await ledger.entry('in-tx', { tx })).toHaveLength(1)
      throw new Error('the host changes its mind')
    })
    await expect(failing).rejects.toThrow('the host changes its mind')
    expect(await balance(bank)).toBe(0n)
    expect(await codeOf(ledger.account('assets:new'))).toBe('PAYMENTS_LEDGER_ACCOUNT_UNKNOWN')
    await database.transaction((tx) => ledger.post(sale('in-tx'), { tx }))
    expect(await balance(bank)).toBe(1000n)
  })

  it('opens an account once, and never another under its code', async () => {
    const account = { code: 'assets:a', currency: 'EUR', kind: 'asset' } as const
    await Promise.all([ledger.openAccounts([account]), ledger.openAccounts([account])])
    await ledger.openAccounts([])
    for (const other of [{ currency: 'USD' }, { kind: 'income' }, { limit: 'never-negative' }] as const)
      expect(await codeOf(ledger.openAccounts([{ ...account, ...other }]))).toBe('PAYMENTS_LEDGER_ACCOUNT_INVALID')
  })

  it('gives statements, the journal and the trial balance', async () => {
    await ledger.postAll(Array.from({ length: 1_500 }, (_, n) => sale(`s${n}`, '0.01')))
    await ledger.reverse('s3', { id: 's3/undo' })
    let last = 0n
    let count = 0
    for await (const { balance: after, change } of ledger.statement(bank)) {
      expect(after).toBe(last + change)
      last = after
      count++
    }
    expect([count, last]).toEqual([1_501, 1_499n])
    let lines = 0
    for await (const line of ledger.journal({ after: 500 })) expect(line.sequence).toBe(500 + ++lines)
    expect(lines).toBe(1_001)
    const { balanced, currencies } = await ledger.trialBalance()
    expect(balanced).toBe(true)
    expect(currencies.map(({ currency, debits, difference }) => [currency, debits, difference])).toEqual([
      ['EUR', 1_501n, 0n],
      ['JPY', 0n, 0n],
    ])
    const progress: number[] = []
    const report = await ledger.verify({ onProgress: ({ done, total }) => progress.push(done / total) })
    expect(report).toMatchObject({ ok: true, lines: 1_501, faults: [] })
    expect(progress).toEqual([1_000 / 1_501])
  })

  it('refuses to change or delete a line, whoever asks', async () => {
    await ledger.post(sale('s1'))
    for (const sql of ['update exprsn_ledger_lines set amount = 1', 'delete from exprsn_ledger_lines'])
      expect(await codeOf(database.query(sql))).toMatch(/^CORE_DATABASE/)
    expect(await balance(bank)).toBe(1000n)
  })

  it('refuses a line without its accounts, and to take an account from its lines, whoever asks', async () => {
    await ledger.post(sale('s1'))
    const [columns, values] = [
      'sequence, entry, line, lines, kind, debit, credit, amount, description, reference, occurred_at, recorded_at, hash',
      (debit: number, credit: number) => `(9, 'e', 1, 1, 'transfer', ${debit}, ${credit}, 1, '', '', 0, 0, '')`,
    ]
    for (const sql of [
      `insert into exprsn_ledger_lines (${columns}) values ${values(1, 77)}`,
      `insert into exprsn_ledger_lines (${columns}) values ${values(77, 1)}`,
      'delete from exprsn_ledger_accounts where number <= 2',
      'update exprsn_ledger_accounts set number = number + 70 where number <= 2',
      ...(engine === 'PostgreSQL'
        ? ['truncate exprsn_ledger_accounts', 'truncate exprsn_ledger_accounts, exprsn_ledger_lines']
        : []),
    ])
      expect(await codeOf(database.query(sql)), sql).toMatch(/^CORE_DATABASE/)
    expect(await ledger.verify()).toMatchObject({ ok: true, lines: 1 })
  })

  it('says when its tables are missing their head', async () => {
    await database.query('delete from exprsn_ledger_head')
    expect(await codeOf(ledger.post(sale('s1')))).toBe('PAYMENTS_LEDGER_NOT_MIGRATED')
    expect(await codeOf(ledger.verify())).toBe('PAYMENTS_LEDGER_NOT_MIGRATED')
  })
})

describe('bad input of the ledger', () => {
  const database = sqliteDatabase({ path: ':memory:' })
  const ledger = createLedger({ database })
  const line = { debit: 'a', credit: 'b', amount: euros('1.00') }

  it.each<[string, unknown]>([
    ['an empty id', { id: '', lines: [line] }],
    ['an id of another type', { id: 7, lines: [line] }],
    ['a control character', { id: 'a\nb', lines: [line] }],
    ['no lines', { id: 'a', lines: [] }],
    ['lines that are none', { id: 'a', lines: 'x' }],
    ['too many lines', { id: 'a', lines: Array.from({ length: 1_001 }, () => line) }],
    ['a negative amount', { id: 'a', lines: [{ ...line, amount: money(-1n, 'EUR') }] }],
    ['nothing', { id: 'a', lines: [{ ...line, amount: money(0n, 'EUR') }] }],
    ['a huge amount', { id: 'a', lines: [{ ...line, amount: money(2n ** 62n + 1n, 'EUR') }] }],
    ['a number', { id: 'a', lines: [{ ...line, amount: { amount: 1, currency: 'EUR' } }] }],
    ['no amount', { id: 'a', lines: [{ debit: 'a', credit: 'b' }] }],
    ['an unknown currency', { id: 'a', lines: [{ ...line, amount: { amount: 1n, currency: 'EURO' } }] }],
    ['one account on both sides', { id: 'a', lines: [{ ...line, credit: 'a' }] }],
    ['no accounts', { id: 'a', lines: [{ amount: line.amount }] }],
    ['no reservation', { id: 'a', lines: [{ kind: 'post', reserve: 'r' }] }],
    ['a bad amount to post', { id: 'a', lines: [{ kind: 'post', reserve: 'r#1', amount: money(0n, 'EUR') }] }],
    ['an unknown kind', { id: 'a', lines: [{ ...line, kind: 'gift' }] }],
    ['a long description', { id: 'a', lines: [line], description: 'x'.repeat(1_001) }],
    ['a long reference', { id: 'a', lines: [line], reference: 'x'.repeat(201) }],
    ['an invalid date', { id: 'a', lines: [line], occurredAt: new Date('x') }],
  ])('refuses %s', async (_, entry) => {
    expect(await codeOf(ledger.post(entry as LedgerEntry))).toBe('PAYMENTS_LEDGER_ENTRY_INVALID')
  })

  it.each([
    { code: '', currency: 'EUR', kind: 'asset' },
    { code: 'a b', currency: 'EUR', kind: 'asset' },
    { code: 'a', currency: 'euro', kind: 'asset' },
    { code: 'a', currency: 'EUR', kind: 'debt' },
    { code: 'a', currency: 'EUR', kind: 'asset', limit: 'some' },
  ])('refuses the account %j', async (account) => {
    expect(await codeOf(ledger.openAccounts([account as never]))).toBe('PAYMENTS_LEDGER_ACCOUNT_INVALID')
  })
})
