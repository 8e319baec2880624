import { shuffled } from '@exprsn/core'
import { migrate, sqliteDatabase, type Database } from '@exprsn/core/database'
import { postgresDatabase } from '@exprsn/core/drivers/postgres'
import { SeededRandom, SimulatedClock } from '@exprsn/core/testing'
import { freshPostgresDatabase } from '@exprsn/real-servers/postgres'
import { describe, expect, it } from 'vitest'
import { generateBooks, type GeneratedBooks } from '../../../test/reconcile/generate-books.ts'
import { createLedger } from '../../ledger/index.ts'
import { money } from '../../money/index.ts'
import { checkProof, createReconciliation, reconcile, type Reconciliation, type ReconcileInputs } from '../index.ts'

const gateways = ['authorizenet', 'paypal', 'stripe']
const rules = { tolerance: { EUR: 10n } }
const eur = (value: string) => money(value, 'EUR')
const [ann, ben] = [{ by: 'ann' }, { by: 'ben' }]

const databases: Readonly<Record<string, () => Promise<{ database: Database; close: () => Promise<void> }>>> = {
  sqlite: async () => {
    const database = sqliteDatabase({ path: ':memory:' })
    return { database, close: () => database.close() }
  },
  postgres: async () => {
    const server = await freshPostgresDatabase()
    const database = postgresDatabase({ connection: { ...server.connection }, max: 8 })
    return {
      database,
      close: async () => {
        await database.close()
        await server.drop()
      },
    }
  },
}

/** Books in portions, drawn by a seed: some of ours, some lines of a gateway, a statement. */
function portions(books: GeneratedBooks, seed: number): Partial<ReconcileInputs>[] {
  const random = new SeededRandom(seed)
  const cut = <Each>(items: readonly Each[], size: number): Each[][] =>
    Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size))
  return shuffled(random, [
    ...cut(shuffled(random, books.ours), 40).map((ours) => ({ ours })),
    ...Object.entries(books.settlements).flatMap(([name, lines]) =>
      cut(shuffled(random, lines), 50).map((part) => ({ settlements: { [name]: part } })),
    ),
    ...books.statements.map((statement) => ({ statements: [statement] })),
  ])
}

async function withReconciliation(
  engine: keyof typeof databases,
  options: { readonly fourEyes?: boolean },
  work: (reconciliation: Reconciliation, database: Database) => Promise<void>,
): Promise<void> {
  const { database, close } = await databases[engine]!()
  try {
    const clock = new SimulatedClock()
    const ledger = createLedger({ database, clock })
    const reconciliation = createReconciliation({ database, gateways, rules, ledger, clock, ...options })
    await migrate(database, [ledger.migrations, reconciliation.migrations])
    await work(reconciliation, database)
  } finally {
    await close()
  }
}

const order = (id: string, value: string, keys = [`ch_${id}`]) =>
  ({ id, kind: 'charge', amount: eur(value), occurredAt: new Date(Date.UTC(2026, 10, 1)), keys }) as const
const line = (id: string, value: string) => {
  const amount = eur(value)
  const occurredAt = new Date(Date.UTC(2026, 10, 1))
  const shared = { kind: 'charge', gross: amount, net: amount, fee: eur('0'), occurredAt } as const
  return { reference: `txn_${id}`, source: `ch_${id}`, ...shared }
}

describe.each(Object.keys(databases))('a reconciliation in %s', (engine) => {
  it('that grows in portions, in any order, is the same as all at once', { timeout: 60_000 }, async () => {
    const runs = engine === 'sqlite' ? 4 : 1
    for (let seed = 1; seed <= runs; seed++)
      await withReconciliation(engine, {}, async (reconciliation) => {
        const books = await generateBooks(seed, 90)
        const whole = reconcile({ ...books, rules })
        for (const portion of portions(books, seed)) await reconciliation.add(portion)
        const report = await reconciliation.report()
        expect([seed, checkProof(report.proof)]).toEqual([seed, []])
        expect(report.matches).toEqual(whole.matches)
        expect(report.exceptions).toEqual(whole.exceptions)
        expect(report.hash).toBe(whole.hash)
        // What is known already changes nothing.
        expect(await reconciliation.add(portions(books, seed)[0]!)).toMatchObject({ added: 0 })
      })
  })

  it('is worked on by people: matched by hand, written off, reopened, and all of it told', async () => {
    await withReconciliation(engine, {}, async (reconciliation, database) => {
      const ledger = createLedger({ database })
      await ledger.openAccounts([
        { code: 'expenses:lost:EUR', currency: 'EUR', kind: 'expense' },
        { code: 'assets:gateway:EUR', currency: 'EUR', kind: 'asset' },
      ])
      await reconciliation.add({
        ours: [order('1', '10.00', []), order('2', '5.00')],
        settlements: { stripe: [line('9', '10.00')] },
      })
      const open = await reconciliation.exceptions()
      expect(open.map(({ item, reason }) => [item, reason])).toEqual([
        ['ours:1', 'missing'],
        ['ours:2', 'missing'],
        ['stripe:txn_9', 'missing'],
      ])
      await reconciliation.assign('ours:1', 'ann', ben)
      expect(await reconciliation.exceptions({ assignee: 'ann' })).toMatchObject([{ item: 'ours:1', assignee: 'ann' }])
      await reconciliation.comment('ours:1', { ...ann, note: 'the buyer confirmed it' })
      const pair = { left: ['ours:1'], right: ['stripe:txn_9'] }
      await expect(reconciliation.match({ ...pair, left: ['ours:2'] }, ann)).rejects.toThrow(/differ by -500 EUR/)
      await expect(reconciliation.match({ left: pair.right, right: pair.left }, ann)).rejects.toThrow(/other side/)
      await expect(reconciliation.match({ left: ['ours:none'], right: [] }, ann)).rejects.toThrow(/knows nothing/)
      const id = await reconciliation.match(pair, ann)
      await expect(reconciliation.match(pair, ann)).rejects.toThrow(/it is matched/)
      expect(await reconciliation.explain('ours:1')).toMatchObject({ match: { rule: 'manual', evidence: 'by ann' } })
      const lines = [{ debit: 'expenses:lost:EUR', credit: 'assets:gateway:EUR', amount: eur('5.00') }]
      await expect(
        reconciliation.writeOff('ours:2', { ...ann, entry: { id: 'lost', lines: [{ ...lines[0]!, debit: 'none' }] } }),
      ).rejects.toThrow(/account_unknown/)
      expect(await reconciliation.exceptions({ reason: 'missing' })).toHaveLength(1)
      await reconciliation.writeOff('ours:2', { ...ann, note: 'too old', entry: { id: 'lost', lines } })
      expect(await ledger.account('expenses:lost:EUR')).toMatchObject({ balance: 500n })
      expect(await reconciliation.exceptions()).toMatchObject([{ item: 'ours:2', reason: 'written_off' }])
      // What was decided by hand stays, whatever comes.
      await reconciliation.add({ settlements: { stripe: [line('2', '5.00')] } })
      expect(await reconciliation.explain('ours:1')).toMatchObject({ match: { id } })
      await reconciliation.reopen('ours:2', ben)
      expect(await reconciliation.explain('ours:2')).toMatchObject({ match: { rule: 'key' } })
      await reconciliation.reopen(id, ben)
      expect(await reconciliation.exceptions()).toHaveLength(2)
      await expect(reconciliation.reopen('ours:1', ben)).rejects.toThrow(/neither matched by hand nor written off/)
      expect((await reconciliation.history('ours:1')).map(({ action, actor }) => `${action} by ${actor}`)).toEqual([
        'assigned to ann by ben',
        'commented by ann',
        'matched by ann',
        'reopened by ben',
      ])
      expect(checkProof((await reconciliation.report()).proof)).toEqual([])
    })
  })

  it('with four eyes needs somebody else to approve', async () => {
    await withReconciliation(engine, { fourEyes: true }, async (reconciliation) => {
      await reconciliation.add({ ours: [order('1', '10.00', [])], settlements: { stripe: [line('9', '9.00')] } })
      const pair = { left: ['ours:1'], right: ['stripe:txn_9'], difference: eur('1.00') }
      const id = await reconciliation.match(pair, ann)
      expect(await reconciliation.exceptions()).toMatchObject([{ reason: 'proposed' }, { reason: 'proposed' }])
      expect((await reconciliation.report()).matches).toEqual([])
      await expect(reconciliation.approve(id, ann)).rejects.toThrow(/somebody else/)
      await reconciliation.approve(id, ben)
      await expect(reconciliation.approve(id, ben)).rejects.toThrow(/no match of this name is proposed/)
      const report = await reconciliation.report()
      expect(report.matches).toMatchObject([{ rule: 'manual', differences: [eur('1.00')] }])
      expect([report.exceptions, checkProof(report.proof)]).toEqual([[], []])
    })
  })

  it('fault: a record that changed is refused, and nothing of it taken', async () => {
    await withReconciliation(engine, {}, async (reconciliation) => {
      await reconciliation.add({ ours: [order('1', '10.00')] })
      await expect(reconciliation.add({ ours: [order('2', '1.00'), order('1', '11.00')] })).rejects.toThrow(
        /ours:1 twice/,
      )
      expect(await reconciliation.exceptions()).toHaveLength(1)
    })
  })

  it('fault: a corrected statement takes a match apart that the first one made', async () => {
    await withReconciliation(engine, {}, async (reconciliation) => {
      const books = await generateBooks(3, 40)
      const [statement] = books.statements
      const { statements: _, ...others } = books
      await reconciliation.add({ ...others, statements: [statement!] })
      const matched = (await reconciliation.report()).matches.find(({ right }) => right[0]!.startsWith('bank:'))!
      const [id] = matched.right
      const corrected = {
        ...statement!,
        id: 'corrected',
        entries: statement!.entries.map((entry) =>
          entry.id === id ? { ...entry, id: `${id}x`, valueOn: '2026-12-24' } : entry,
        ),
      }
      await reconciliation.add({ statements: [corrected] })
      expect(await reconciliation.explain(id!)).toMatchObject({ match: undefined, exception: { reason: 'conflict' } })
      const whole = reconcile({ ...books, statements: [statement!, corrected], rules })
      const report = await reconciliation.report()
      expect(report.exceptions).toEqual(whole.exceptions)
      expect(report.hash).toBe(whole.hash)
    })
  })
})

describe('eight at a time on PostgreSQL', () => {
  it('match nothing twice, and come to the same end', { timeout: 60_000 }, async () => {
    await withReconciliation('postgres', {}, async (reconciliation, database) => {
      const books = await generateBooks(21, 80)
      const waiting = portions(books, 4)
      const worker = async (): Promise<void> => {
        for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) await reconciliation.add(part)
      }
      await Promise.all(Array.from({ length: 8 }, worker))
      expect((await reconciliation.report()).hash).toBe(reconcile({ ...books, rules }).hash)
      const { rows } = await database.query(
        'select item, count(*) as n from exprsn_reconcile_match_items group by item having count(*) > 1',
      )
      expect(rows).toEqual([])
    })
  })
})
