import assert from 'node:assert/strict'
import type { Database } from '../../database/database.ts'
import type { ConformanceCase } from '../conformance.ts'
import { expectCode } from './expect-code.ts'

async function createTables(database: Database): Promise<void> {
  await database.query(`create table accounts (
    id bigint primary key,
    email text not null unique,
    balance bigint not null constraint balance_positive check (balance >= 0)
  )`)
  await database.query(`create table entries (
    id bigint primary key,
    account bigint not null references accounts (id)
  )`)
  await database.query("insert into accounts values (1, 'a@example.org', 10)")
}

/** Errors carry the same codes on every engine. */
export const databaseErrorCases: readonly ConformanceCase<Database>[] = [
  {
    name: 'a key that exists is a conflict',
    async run(database) {
      await createTables(database)
      for (const row of ["(1, 'b@example.org', 0)", "(2, 'a@example.org', 0)"]) {
        const error = await expectCode(database.query(`insert into accounts values ${row}`), 'CORE_DATABASE_CONFLICT')
        assert.equal(error.retryable, false)
        assert.equal(error.status, 409)
        assert.equal(error.details['kind'], 'unique')
        assert.match(String(error.details['constraint']), row.startsWith('(1') ? /accounts[._](id|pkey)/ : /email/)
      }
    },
  },
  {
    name: 'other broken constraints are named by kind',
    async run(database) {
      await createTables(database)
      const cases = [
        ["insert into accounts values (2, 'b@example.org', -1)", 'check', /^balance_positive$/],
        ['insert into accounts values (2, null, 0)', 'not-null', /^accounts\.email$/],
        ['insert into entries values (1, 99)', 'foreign-key', /./],
      ] as const
      for (const [text, kind, constraint] of cases) {
        const error = await expectCode(database.query(text), 'CORE_DATABASE_CONSTRAINT')
        assert.equal(error.details['kind'], kind)
        assert.match(String(error.details['constraint']), constraint)
      }
    },
  },
  {
    name: 'a constraint that is checked at commit fails the transaction',
    async run(database) {
      await database.query('create table parents (id bigint primary key)')
      await database.query(
        'create table children (parent bigint references parents (id) deferrable initially deferred)',
      )
      const work = database.transaction(async (tx) => {
        await tx.query('insert into children values (1)')
      })
      await expectCode(work, 'CORE_DATABASE_CONSTRAINT')
      assert.equal((await database.query('select * from children')).count, 0)
      await database.transaction(async (tx) => {
        await tx.query('insert into children values (1)')
        await tx.query('insert into parents values (1)')
      })
      assert.equal((await database.query('select * from children')).count, 1)
    },
  },
  {
    name: 'a statement the engine does not understand is a statement error',
    async run(database) {
      for (const text of ['selec 1', 'select * from missing_table', 'insert into'])
        await expectCode(database.query(text), 'CORE_DATABASE_STATEMENT')
    },
  },
  {
    name: 'a query holds exactly one statement',
    async run(database) {
      await database.query('create table single (id bigint primary key);')
      const two = 'insert into single values (1); insert into single values (2)'
      for (const text of [two, '', ' ; ', '-- nothing'])
        await expectCode(database.query(text), 'CORE_DATABASE_STATEMENT_COUNT')
      assert.equal((await database.query('select * from single')).count, 0)
    },
  },
  {
    name: 'transactions cannot be controlled by hand',
    async run(database) {
      for (const text of ['begin', 'COMMIT', '/* now */ rollback', 'savepoint a', 'release a', 'end', 'abort'])
        await expectCode(database.query(text), 'CORE_DATABASE_TRANSACTION_STATEMENT')
      const work = database.transaction(async (tx) => {
        await expectCode(tx.query('commit'), 'CORE_DATABASE_TRANSACTION_STATEMENT')
        await tx.query('create table after_refusal (id bigint)')
      })
      await work
      assert.equal((await database.query('select * from after_refusal')).count, 0)
    },
  },
]
