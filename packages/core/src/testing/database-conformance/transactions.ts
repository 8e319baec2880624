import assert from 'node:assert/strict'
import type { Database, Queryable, Transaction } from '../../database/database.ts'
import type { ConformanceCase } from '../conformance.ts'
import { expectCode } from './expect-code.ts'

async function createTable(database: Database): Promise<void> {
  await database.query('create table notes (id bigint primary key)')
}

async function add(queryable: Queryable, id: number): Promise<void> {
  await queryable.query('insert into notes values ($1)', [id])
}

async function ids(queryable: Queryable): Promise<unknown[]> {
  const { rows } = await queryable.query('select id from notes order by id')
  return rows.map(({ id }) => id)
}

const refusal = new RangeError('the work refuses')

async function refuse(): Promise<never> {
  throw refusal
}

/** Transactions and savepoints of one caller. */
export const databaseTransactionCases: readonly ConformanceCase<Database>[] = [
  {
    name: 'a transaction commits when its work resolves, with the work’s result',
    async run(database) {
      await createTable(database)
      const result = await database.transaction(async (tx) => {
        assert.equal(tx.dialect, database.dialect)
        await add(tx, 1)
        assert.deepEqual(await ids(tx), [1])
        return 'done'
      })
      assert.equal(result, 'done')
      assert.deepEqual(await ids(database), [1])
    },
  },
  {
    name: 'a transaction rolls back when its work rejects, with the work’s error',
    async run(database) {
      await createTable(database)
      const work = database.transaction(async (tx) => {
        await add(tx, 1)
        await refuse()
      })
      await assert.rejects(work, refusal)
      assert.deepEqual(await ids(database), [])
    },
  },
  {
    name: 'a savepoint is undone alone',
    async run(database) {
      await createTable(database)
      await database.transaction(async (tx) => {
        await add(tx, 1)
        await tx.transaction(async (inner) => {
          await add(inner, 2)
          const innermost = inner.transaction(async (deep) => {
            await add(deep, 3)
            await refuse()
          })
          await assert.rejects(innermost, refusal)
          assert.deepEqual(await ids(inner), [1, 2])
        })
        const undone = tx.transaction(async (inner) => {
          await add(inner, 4)
          await inner.transaction((deep) => add(deep, 5))
          await refuse()
        })
        await assert.rejects(undone, refusal)
        await add(tx, 6)
      })
      assert.deepEqual(await ids(database), [1, 2, 6])
    },
  },
  {
    name: 'savepoints that are started together run one after another',
    async run(database) {
      await createTable(database)
      await database.transaction(async (tx) => {
        let open = 0
        const outcomes = await Promise.allSettled(
          [1, 2, 3, 4].map((id) =>
            tx.transaction(async (inner) => {
              assert.equal(++open, 1)
              await add(inner, id)
              await add(inner, id + 10)
              open--
              if (id % 2 === 0) await refuse()
            }),
          ),
        )
        assert.deepEqual(
          outcomes.map(({ status }) => status),
          ['fulfilled', 'rejected', 'fulfilled', 'rejected'],
        )
      })
      assert.deepEqual(await ids(database), [1, 3, 11, 13])
    },
  },
  {
    name: 'a failed statement aborts its transaction, also when the error is swallowed',
    async run(database) {
      await createTable(database)
      const work = database.transaction(async (tx) => {
        await add(tx, 1)
        await expectCode(add(tx, 1), 'CORE_DATABASE_CONFLICT')
        await expectCode(add(tx, 2), 'CORE_DATABASE_TRANSACTION_ABORTED')
      })
      await expectCode(work, 'CORE_DATABASE_TRANSACTION_ABORTED')
      assert.deepEqual(await ids(database), [])
    },
  },
  {
    name: 'a failed statement in a savepoint leaves the transaction around it usable',
    async run(database) {
      await createTable(database)
      await database.transaction(async (tx) => {
        await add(tx, 1)
        await expectCode(
          tx.transaction(async (inner) => {
            await add(inner, 2)
            await add(inner, 1)
          }),
          'CORE_DATABASE_CONFLICT',
        )
        await add(tx, 3)
      })
      assert.deepEqual(await ids(database), [1, 3])
    },
  },
  {
    name: 'statements that are not awaited still belong to the transaction',
    async run(database) {
      await createTable(database)
      await database.transaction(async (tx) => {
        void add(tx, 1)
        void tx.transaction((inner) => add(inner, 2))
      })
      assert.deepEqual(await ids(database), [1, 2])
    },
  },
  {
    name: 'a transaction cannot be used after its end',
    async run(database) {
      await createTable(database)
      const kept: Transaction[] = []
      await database.transaction(async (tx) => {
        kept.push(tx)
        await tx.transaction(async (inner) => void kept.push(inner))
        await expectCode(add(kept[1]!, 1), 'CORE_DATABASE_TRANSACTION_ENDED')
      })
      for (const tx of kept) {
        await expectCode(add(tx, 1), 'CORE_DATABASE_TRANSACTION_ENDED')
        await expectCode(tx.transaction(refuse), 'CORE_DATABASE_TRANSACTION_ENDED')
      }
      assert.deepEqual(await ids(database), [])
    },
  },
  {
    name: 'inside a transaction the database itself, and outer transactions, are refused instead of waiting for ever',
    async run(database) {
      await createTable(database)
      await database.transaction(async (tx) => {
        await expectCode(add(database, 1), 'CORE_DATABASE_TRANSACTION_OUTSIDE')
        await expectCode(ids(database), 'CORE_DATABASE_TRANSACTION_OUTSIDE')
        await expectCode(database.transaction(refuse), 'CORE_DATABASE_TRANSACTION_OUTSIDE')
        await expectCode(database.close(), 'CORE_DATABASE_TRANSACTION_OUTSIDE')
        await tx.transaction(async (inner) => {
          await expectCode(add(tx, 1), 'CORE_DATABASE_TRANSACTION_INNER')
          await add(inner, 2)
        })
      })
      assert.deepEqual(await ids(database), [2])
    },
  },
]
