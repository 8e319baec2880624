import { migrate, sqliteDatabase, type Database, type Queryable, type Transaction } from '@exprsn/core/database'
import { describe, expect, it } from 'vitest'
import { syncMigrations } from '@exprsn/atproto/sync'
import { Stage } from './stage.ts'

class Crash extends Error {}

/** The database of a process that ends at its n-th call: before a statement, before a commit, or after one. */
function endingAt(real: Database, point: number): { readonly database: Database; readonly calls: () => number } {
  let calls = 0
  const step = (): void => {
    if (calls >= point || ++calls === point) throw new Crash('the process has ended')
  }
  const query = async (on: Queryable, text: string, values?: readonly never[]) => {
    step()
    return on.query(text, values)
  }
  const transaction = async (
    on: Pick<Database, 'transaction'> | Transaction,
    work: (tx: Transaction) => Promise<unknown>,
    isOuter: boolean,
  ): Promise<unknown> => {
    const result = await on.transaction(async (tx) => {
      const given = await work({
        dialect: tx.dialect,
        query: (text: string, values?: readonly never[]) => query(tx, text, values),
        transaction: (nested: (tx: Transaction) => Promise<unknown>) => transaction(tx, nested, false),
      } as Transaction)
      if (isOuter) step()
      return given
    })
    if (isOuter) step()
    return result
  }
  const database = {
    dialect: real.dialect,
    query: (text: string, values?: readonly never[]) => query(real, text, values),
    transaction: (work: (tx: Transaction) => Promise<unknown>) => transaction(real, work, true),
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
  } as Database
  return { database, calls: () => calls }
}

const note = (rkey: string, text = rkey) =>
  ({ action: 'create', path: `com.example.note/${rkey}`, value: { text } }) as const

/** A backfill, live commits of every kind, a gap and an account that goes: with an end at one call, and a new start. */
async function live(point: number): Promise<{ readonly stage: Stage; readonly calls: number }> {
  const stage = await Stage.open(sqliteDatabase({ path: ':memory:' }))
  const [alice, bob] = ['alice.test', 'bob.test'].map((handle) => stage.host.createAccount({ handle, curve: 'p256' }))
  stage.host.write(alice!.did, [note('a'), note('b'), note('c')])
  stage.host.write(bob!.did, [note('a')])
  const { database, calls } = endingAt(stage.database, point)
  const first = stage.sync({ database })
  first.start()
  await stage.clock.advanceBy(300)
  stage.host.write(alice!.did, [
    note('d'),
    { action: 'update', path: 'com.example.note/a', value: { text: 'edited' } },
    { action: 'delete', path: 'com.example.note/b' },
  ])
  stage.host.setHandle(bob!.did, 'bob2.test')
  await stage.clock.advanceBy(300)
  stage.alter = () => []
  stage.host.write(bob!.did, [note('lost')])
  stage.alter = ({ bytes }) => [bytes]
  stage.host.write(bob!.did, [note('next')])
  stage.host.setStatus(alice!.did, 'deactivated')
  await stage.clock.advanceBy(3_000)
  stage.host.setStatus(alice!.did, 'active')
  await stage.clock.advanceBy(3_000)
  const reached = calls()
  const closed = first.close().catch(() => undefined)
  await stage.clock.advanceBy(1_000)
  await closed

  await using second = stage.sync()
  second.start()
  await stage.clock.advanceBy('2m')
  return { stage, calls: reached }
}

describe('S13: a process that ends at any call to its database', () => {
  it('leaves nothing undone and nothing done twice, whichever call it is', async () => {
    const { calls } = await live(Number.POSITIVE_INFINITY)
    expect(calls).toBeGreaterThan(80)
    for (let point = 1; point <= calls; point++) {
      const { stage } = await live(point)
      expect(await stage.copy(), `after call ${point}`).toEqual(stage.expected())
      const handles = stage.told().filter((text) => text === 'identity bob2.test')
      expect(handles.length, `after call ${point}`).toBeLessThanOrEqual(2)
      const statuses = (await stage.database.query("select account from exprsn_sync_repo where state <> 'synced'")).rows
      expect(statuses, `after call ${point}`).toEqual([])
    }
  }, 120_000)

  it('does not matter to migrations that are applied again', async () => {
    const stage = await Stage.open()
    expect((await migrate(stage.database, [syncMigrations])).applied).toEqual([])
  })
})
