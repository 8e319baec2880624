import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SeededRandom } from '@exprsn/core/testing'
import { randomBelow } from '@exprsn/core'
import { migrate, sqliteDatabase, type Database } from '@exprsn/core/database'
import { findOracle, missingReason } from '@exprsn/real-servers/oracles'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decimalText, money } from '../../money/index.ts'
import { beancountText, createLedger, csvText, ledgerCliText, type Ledger } from '../index.ts'

let database: Database
let ledger: Ledger
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'exprsn-ledger-'))
  database = sqliteDatabase({ path: ':memory:' })
  ledger = createLedger({ database })
  await migrate(database, [ledger.migrations])
  const codes = ['assets:bank', 'income:sales', 'expenses:fees', 'liabilities:wallet.v_2', 'equity:fx-gains']
  const kinds = ['asset', 'income', 'expense', 'liability', 'equity'] as const
  const accounts = ['EUR', 'JPY', 'KWD'].flatMap((currency) =>
    codes.map((code, index) => ({ code: `${code}:${currency}`, currency, kind: kinds[index]! })),
  )
  await ledger.openAccounts(accounts)
  const random = new SeededRandom(7)
  for (let n = 0; n < 300; n++) {
    const currency = ['EUR', 'JPY', 'KWD'][n % 3]!
    const [from, by] = [randomBelow(random, 5), 1 + randomBelow(random, 4)]
    const amount = money(BigInt(1 + randomBelow(random, 1_000_000)), currency)
    const [debit, credit] = [`${codes[from]}:${currency}`, `${codes[(from + by) % 5]}:${currency}`]
    const kind = n % 10 === 0 ? ('reserve' as const) : ('transfer' as const)
    await ledger.post({
      id: `order-${n} (${n}); "x"`,
      lines: [
        { kind, debit, credit, amount },
        { debit: credit, credit: debit, amount: money(1n, currency) },
      ],
      description: n % 2 === 0 ? '=SUM(A1), "quoted"; \\ and (brackets)' : '',
      occurredAt: new Date(Date.UTC(2026, 10, 1 + (n % 20))),
    })
    if (n % 20 === 0)
      await ledger.post({ id: `take-${n}`, lines: [{ kind: 'post', reserve: `order-${n} (${n}); "x"#1` }] })
    if (n % 50 === 7) await ledger.reverse(`order-${n} (${n}); "x"`, { id: `undo-${n}` })
  }
})

afterAll(async () => {
  await database.close()
  rmSync(folder, { recursive: true })
})

async function textOf(parts: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const part of parts) text += part
  return text
}

describe('beancountText', () => {
  it('is accepted by bean-check, balances included', async (context) => {
    const program = findOracle('bean-check') ?? context.skip(missingReason('bean-check'))
    const path = join(folder, 'books.beancount')
    const text = await textOf(beancountText(ledger.accounts(), ledger.journal()))
    writeFileSync(path, text)
    execFileSync(program, [path], { stdio: 'pipe' })
    const wrong = text.replace(/( balance \S+ +)(-?)(\d)/, (_, head: string, sign: string, digit: string) => {
      return `${head}${sign}${(Number(digit) % 9) + 1}`
    })
    writeFileSync(path, wrong)
    expect(() => execFileSync(program, [path], { stdio: 'pipe' })).toThrow('Balance failed')
  }, 60_000)

  it('names accounts as beancount does, two codes never alike', async () => {
    const text = await textOf(beancountText(ledger.accounts(), ledger.journal()))
    expect(text).toContain('open Assets:Bank:EUR EUR')
    expect(text).toContain('open Liabilities:Wallet-2E-v-5F-2:KWD KWD')
    const names = [...text.matchAll(/ open (\S+)/g)].map(([, name]) => name)
    expect(new Set(names).size).toBe(names.length)
  })
})

describe('ledgerCliText', () => {
  it('gives ledger-cli the balances of the books', async (context) => {
    const program = findOracle('ledger') ?? context.skip(missingReason('ledger'))
    const path = join(folder, 'books.ledger')
    writeFileSync(path, await textOf(ledgerCliText(ledger.journal())))
    const out = execFileSync(program, ['-f', path, '--args-only', 'bal', '--flat', '--no-total', '--empty'], {
      encoding: 'utf8',
    })
    const theirs = new Map(
      [...out.matchAll(/([A-Z]{3}) (-?[\d.]+)\s+(\S+)$/gm)].map(([, , value, account]) => [account!, value!]),
    )
    const ours = new Map<string, string>()
    for await (const { code, currency, debits, credits } of ledger.accounts())
      if (debits !== credits) ours.set(code, decimalText({ amount: debits - credits, currency }))
    expect(Object.fromEntries(theirs)).toEqual(Object.fromEntries(ours))
  }, 60_000)
})

describe('csvText', () => {
  it('has a row per line, quotes what needs it, and starts no formula', async () => {
    const rows = (await textOf(csvText(ledger.journal()))).split('\r\n')
    const { lines } = await ledger.verify()
    expect(rows).toHaveLength(lines + 2)
    expect(rows[0]).toMatch(/^sequence,entry,line,/)
    expect(rows[1]).toContain(`"'=SUM(A1), ""quoted""; \\ and (brackets)"`)
    expect(rows.some((row) => /,KWD,\d+\.\d{3},/.test(row))).toBe(true)
  })
})
