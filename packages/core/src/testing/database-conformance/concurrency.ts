import assert from 'node:assert/strict'
import type { Database } from '../../database/database.ts'
import type { ConformanceCase } from '../conformance.ts'
import { expectCode } from './expect-code.ts'

interface Gate {
  readonly opened: Promise<void>
  open(): void
}

function gate(): Gate {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open: () => open() }
}

async function createCounter(database: Database): Promise<void> {
  await database.query('create table counter (id bigint primary key, n bigint not null)')
  await database.query('insert into counter values (1, 0)')
}

async function count(database: Database): Promise<unknown> {
  const { rows } = await database.query('select n from counter where id = 1')
  return rows[0]?.['n']
}

/** Several callers at once, giving up, and closing. */
export const databaseConcurrencyCases: readonly ConformanceCase<Database>[] = [
  {
    name: '100 concurrent transactions each count once',
    async run(database) {
      await createCounter(database)
      await Promise.all(
        Array.from({ length: 100 }, () =>
          database.transaction(async (tx) => {
            await tx.query('update counter set n = n + 1 where id = 1')
            await tx.query('select n from counter')
          }),
        ),
      )
      assert.equal(await count(database), 100)
    },
  },
  {
    name: 'a statement from outside does not get into an open transaction',
    async run(database) {
      await createCounter(database)
      const begun = gate()
      const finish = gate()
      const failing = database.transaction(async (tx) => {
        await tx.query('update counter set n = n + 1000 where id = 1')
        begun.open()
        await finish.opened
        throw new RangeError('undo')
      })
      await begun.opened
      const outside = database.query('insert into counter values (2, 7)')
      const seen = count(database)
      finish.open()
      await assert.rejects(failing, RangeError)
      await outside
      assert.equal(await seen, 0)
      const { rows } = await database.query('select id, n from counter order by id')
      assert.deepEqual(rows, [
        { id: 1, n: 0 },
        { id: 2, n: 7 },
      ])
    },
  },
  {
    name: 'a signal that is aborted already runs nothing',
    async run(database) {
      await createCounter(database)
      const signal = AbortSignal.abort(new RangeError('given up'))
      await assert.rejects(database.query('update counter set n = 1', [], { signal }), RangeError)
      let entered = false
      const work = async (): Promise<void> => {
        entered = true
      }
      await assert.rejects(database.transaction(work, { signal }), RangeError)
      assert.equal(entered, false)
      await database.transaction(async (tx) => {
        await assert.rejects(tx.query('update counter set n = 1', [], { signal }), RangeError)
      })
      assert.equal(await count(database), 0)
    },
  },
  {
    name: 'a signal ends a transaction that has begun: it rolls back at once and tx is dead',
    async run(database) {
      await createCounter(database)
      const controller = new AbortController()
      const begun = gate()
      const finish = gate()
      const late = gate()
      const work = database.transaction(
        async (tx) => {
          await tx.transaction(async (inner) => {
            await inner.query('update counter set n = 5')
            begun.open()
            await finish.opened
            await expectCode(inner.query('update counter set n = 6'), 'CORE_DATABASE_TRANSACTION_ENDED')
            late.open()
          })
        },
        { signal: controller.signal },
      )
      await begun.opened
      controller.abort(new RangeError('given up'))
      await assert.rejects(work, RangeError)
      assert.equal(await count(database), 0)
      finish.open()
      await late.opened
      await database.query('update counter set n = 1')
      assert.equal(await count(database), 1)
    },
  },
  {
    name: 'close waits for the work in progress, then every call is refused',
    async run(database) {
      await createCounter(database)
      let committed = false
      const work = database.transaction(async (tx) => {
        await tx.query('update counter set n = 1')
        await tx.query('select n from counter')
        committed = true
      })
      const closing = database.close()
      await expectCode(database.query('select 1 as one'), 'CORE_DATABASE_CLOSED')
      await closing
      assert.equal(committed, true)
      await work
      await expectCode(
        database.transaction(async () => {}),
        'CORE_DATABASE_CLOSED',
      )
      await database.close()
      await database[Symbol.asyncDispose]()
    },
  },
]
