import { freshPostgresDatabase } from '@exprsn/real-servers/postgres'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Database, Transaction } from '../database/database.ts'
import { postgresDatabase, type PgPoolLike, type PostgresDatabaseOptions } from './postgres.ts'

const code = (expected: string): unknown => expect.objectContaining({ code: expected })

interface Meeting {
  readonly arrive: () => Promise<void>
}

/** Holds everyone until `people` have arrived. */
function meeting(people: number): Meeting {
  let arrived = 0
  let open = (): void => {}
  const complete = new Promise<void>((resolve) => (open = resolve))
  return {
    arrive() {
      if (++arrived === people) open()
      return complete
    },
  }
}

describe('postgresDatabase', () => {
  let server: Awaited<ReturnType<typeof freshPostgresDatabase>>
  let connection: { [setting: string]: unknown }
  let database: Database

  beforeAll(async () => {
    server = await freshPostgresDatabase()
    connection = { ...server.connection }
  })

  afterAll(() => server.drop())

  beforeEach(async () => {
    database = postgresDatabase({ connection })
    await database.query('drop schema public cascade')
    await database.query('create schema public')
  })

  afterEach(() => database.close())

  async function processId(tx: Transaction): Promise<unknown> {
    return (await tx.query('select pg_backend_pid() as pid')).rows[0]?.['pid']
  }

  async function runningSleeps(): Promise<number> {
    const text = "select count(*) as n from pg_stat_activity where query like 'select pg_sleep%' and state = 'active'"
    return Number((await database.query(text)).rows[0]?.['n'])
  }

  describe('values', () => {
    it('reads what SQLite has like SQLite, and all else as text', async () => {
      const { rows } =
        await database.query(`select 1::smallint as small, 2::int as int, 3::oid as oid, 0.5::real as real,
        'NaN'::float8 as nan, '-Infinity'::float8 as infinite, sum(x) as sum, cast(sum(x) as bigint) as cast_sum,
        1.50::numeric as numeric, '{"a": 1}'::json as json, array[1, 2] as list, '2026-01-02'::date as date
        from (values (9007199254740993::bigint)) as v (x)`)
      expect(rows).toEqual([
        {
          small: 1,
          int: 2,
          oid: 3,
          real: 0.5,
          nan: Number.NaN,
          infinite: -Infinity,
          sum: '9007199254740993',
          cast_sum: 9007199254740993n,
          numeric: '1.50',
          json: '{"a": 1}',
          list: '{1,2}',
          date: '2026-01-02',
        },
      ])
    })

    it('reads bytes in both of the server’s formats', async () => {
      const bytes = Uint8Array.of(0, 92, 39, 65, 255)
      await database.transaction(async (tx) => {
        await tx.query('set local bytea_output = escape')
        expect((await tx.query('select $1::bytea as raw', [bytes])).rows).toEqual([{ raw: bytes }])
      })
      expect((await database.query('select $1::bytea as raw', [bytes])).rows).toEqual([{ raw: bytes }])
    })

    it('leaves the host’s pool as it was', async () => {
      const pool = new pg.Pool({ ...server.connection })
      const over = postgresDatabase({ pool })
      const text = 'select 7::bigint as n, true as yes'
      expect((await over.query(text)).rows).toEqual([{ n: 7, yes: 1 }])
      expect((await pool.query(text)).rows).toEqual([{ n: '7', yes: true }])
      await over.close()
      expect((await pool.query(text)).rowCount).toBe(1)
      await pool.end()
    })
  })

  describe('signals', () => {
    it('cancels the running statement on the server', async () => {
      const signal = AbortSignal.timeout(50)
      await expect(database.query('select pg_sleep(20)', [], { signal })).rejects.toBe(await reasonOf(signal))
      expect(await runningSleeps()).toBe(0)
    })

    it('cancels also when the host’s pool has no other connection', async () => {
      const pool = new pg.Pool({ ...server.connection, max: 1 })
      const over = postgresDatabase({ pool })
      const signal = AbortSignal.timeout(50)
      await expect(over.query('select pg_sleep(20)', [], { signal })).rejects.toBe(await reasonOf(signal))
      expect((await over.query('select 1 as one')).rows).toEqual([{ one: 1 }])
      await pool.end()
    })

    it('a statement that is cancelled inside a transaction aborts it', async () => {
      const work = database.transaction(async (tx) => {
        await tx.query('create table half (id bigint)')
        // Counted from here: what is given up before it began aborts nothing.
        await tx.query('select pg_sleep(20)', [], { signal: AbortSignal.timeout(50) }).catch(() => {})
        await tx.query('select 1 as one')
      })
      await expect(work).rejects.toEqual(code('CORE_DATABASE_TRANSACTION_ABORTED'))
      await expect(database.query('select * from half')).rejects.toEqual(code('CORE_DATABASE_STATEMENT'))
    })

    it('the transaction’s signal cancels the statement it is in', async () => {
      const signal = AbortSignal.timeout(50)
      const work = database.transaction((tx) => tx.query('select pg_sleep(20)'), { signal })
      await expect(work).rejects.toBe(await reasonOf(signal))
      expect(await runningSleeps()).toBe(0)
    })

    it('gives up waiting for a connection, and the connection is not lost', async () => {
      const small = postgresDatabase({ connection, max: 1 })
      const asked = meeting(2)
      const holding = small.transaction(() => asked.arrive())
      const waiting = small.query('select 1 as one', [], { signal: AbortSignal.timeout(20) })
      await expect(waiting).rejects.toThrow('timeout')
      await asked.arrive()
      await holding
      expect((await small.query('select 1 as one')).count).toBe(1)
      await small.close()
    })
  })

  describe('concurrency', () => {
    it('a serialization failure says that the transaction can be run again', async () => {
      const strict = postgresDatabase({ connection, isolation: 'serializable' })
      await strict.query('create table doctors (id bigint primary key, duty bigint)')
      await strict.query('insert into doctors values (1, 1), (2, 1)')
      const read = meeting(2)
      const leave = (id: number): Promise<unknown> =>
        strict.transaction(async (tx) => {
          await tx.query('select sum(duty) from doctors')
          await read.arrive()
          await tx.query('update doctors set duty = 0 where id = $1', [id])
        })
      const outcomes = await Promise.allSettled([leave(1), leave(2)])
      const failures = outcomes.filter((each) => each.status === 'rejected').map(({ reason }) => reason as unknown)
      expect(failures).toEqual([expect.objectContaining({ code: 'CORE_DATABASE_SERIALIZATION', retryable: true })])
      await strict.close()
    })

    it('so does a deadlock', async () => {
      await database.query('create table pairs (id bigint primary key)')
      await database.query('insert into pairs values (1), (2)')
      const locked = meeting(2)
      const lock = (first: number, second: number): Promise<unknown> =>
        database.transaction(async (tx) => {
          await tx.query("set local deadlock_timeout = '20ms'")
          await tx.query('select * from pairs where id = $1 for update', [first])
          await locked.arrive()
          await tx.query('select * from pairs where id = $1 for update', [second])
        })
      const outcomes = await Promise.allSettled([lock(1, 2), lock(2, 1)])
      const failures = outcomes.filter((each) => each.status === 'rejected').map(({ reason }) => reason as unknown)
      expect(failures).toEqual([expect.objectContaining({ code: 'CORE_DATABASE_SERIALIZATION', retryable: true })])
    })

    it('a lock that is not to be waited for is busy; a statement timeout is a timeout', async () => {
      await database.query('create table locked (id bigint)')
      await database.transaction(async (tx) => {
        await tx.query('lock table locked in access exclusive mode')
        const other = postgresDatabase({ connection })
        await expect(
          other.transaction((second) => second.query('lock table locked in access exclusive mode nowait')),
        ).rejects.toMatchObject({ code: 'CORE_DATABASE_BUSY', retryable: true })
        const slow = other.transaction(async (second) => {
          await second.query("set local statement_timeout = '20ms'")
          await second.query('select * from locked')
        })
        await expect(slow).rejects.toMatchObject({ code: 'CORE_DATABASE_TIMEOUT', retryable: true })
        await other.close()
      })
    })
  })

  describe('broken connections', () => {
    it('replaces idle connections that the server closed, without ending the process', async () => {
      const other = postgresDatabase({ connection })
      const pid = (await other.query('select pg_backend_pid() as pid')).rows[0]?.['pid'] as number
      await database.query('select pg_terminate_backend($1)', [pid])
      await new Promise((resolve) => setTimeout(resolve, 50))
      expect((await other.query('select 1 as one')).rows).toEqual([{ one: 1 }])
      await other.close()
    })

    async function terminate(pid: unknown): Promise<void> {
      const other = new pg.Client({ ...server.connection })
      await other.connect()
      await other.query('select pg_terminate_backend($1)', [pid])
      await other.end()
    }

    it('a transaction whose connection breaks kept nothing and can be run again', async () => {
      await database.query('create table notes (id bigint)')
      const work = database.transaction(async (tx) => {
        await tx.query('insert into notes values (1)')
        await terminate(await processId(tx))
        await tx.query('insert into notes values (2)')
      })
      await expect(work).rejects.toMatchObject({ code: 'CORE_DATABASE_CONNECTION_LOST', retryable: true })
      expect((await database.query('select * from notes')).count).toBe(0)
    })

    it('so does one whose connection breaks before a savepoint', async () => {
      const work = database.transaction(async (tx) => {
        await terminate(await processId(tx))
        await tx.transaction(async () => {}).catch(() => {})
      })
      await expect(work).rejects.toMatchObject({
        code: 'CORE_DATABASE_TRANSACTION_ABORTED',
        cause: { code: 'CORE_DATABASE_CONNECTION_LOST' },
      })
    })

    it('a commit that breaks midway has an unknown outcome', async () => {
      const work = database.transaction(async (tx) => terminate(await processId(tx)))
      await expect(work).rejects.toMatchObject({ code: 'CORE_DATABASE_OUTCOME_UNKNOWN', retryable: false })
    })

    it.each([
      ['a write that breaks midway has an unknown outcome', 'insert into notes select 1 from pg_sleep(17)', false],
      ['a read that breaks midway can be run again', 'select pg_sleep(18)', true],
    ])('%s', async (_, text, retryable) => {
      await database.query('create table notes (id bigint)')
      const other = postgresDatabase({ connection, max: 1 })
      const pid = (await other.query('select pg_backend_pid() as pid')).rows[0]?.['pid']
      const expected = retryable ? 'CORE_DATABASE_CONNECTION_LOST' : 'CORE_DATABASE_OUTCOME_UNKNOWN'
      await Promise.all([
        expect(other.query(text)).rejects.toMatchObject({ code: expected, retryable }),
        untilRunning(pid, text).then(() => terminate(pid)),
      ])
      await other.close()
    })

    async function untilRunning(pid: unknown, text: string): Promise<void> {
      const running = "select 1 as one from pg_stat_activity where pid = $1 and state = 'active' and query = $2"
      while ((await database.query(running, [Number(pid), text])).count === 0)
        await new Promise((resolve) => setTimeout(resolve, 5))
    }
  })

  describe('connecting', () => {
    it.each([
      ['nobody listens', { host: '127.0.0.1', port: 1 }, 'CORE_DATABASE_UNREACHABLE'],
      ['there is no socket', { host: '/nonexistent', port: 5432 }, 'CORE_DATABASE_UNREACHABLE'],
      ['the database does not exist', { database: 'nowhere' }, 'CORE_DATABASE_MISSING'],
      ['the user does not exist', { user: 'nobody_at_all' }, 'CORE_DATABASE_ACCESS'],
    ])('when %s', async (_, settings, expected) => {
      const other = postgresDatabase({ connection: { ...connection, ...settings, password: 'hunter2' } })
      const error = await other.query('select 1').catch((reason: unknown) => reason)
      expect(error).toEqual(code(expected))
      await expect(other.transaction(async () => {})).rejects.toEqual(code(expected))
      expect(JSON.stringify(error)).not.toContain('hunter2')
      await other.close()
    })

    it('connects by URL', async () => {
      const { host, port, user, database: name } = server.connection
      const url = `postgres://${user}:unused@/${name}?host=${encodeURIComponent(host)}&port=${port}`
      await using other = postgresDatabase({ connection: url })
      expect((await other.query('select current_database() as name')).rows).toEqual([{ name }])
    })

    it('a busy pool says so after the connect timeout', async () => {
      const small = postgresDatabase({ connection, max: 1, connectTimeout: '30ms' })
      const asked = meeting(2)
      const holding = small.transaction(() => asked.arrive())
      await expect(small.query('select 1 as one')).rejects.toMatchObject({
        code: 'CORE_DATABASE_BUSY',
        retryable: true,
      })
      await asked.arrive()
      await holding
      await small.close()
    })

    it('connects only on the first call', async () => {
      let connects = 0
      const pool: PgPoolLike = {
        connect: () => {
          connects++
          return Promise.reject(new Error('Connection terminated unexpectedly'))
        },
      }
      const lazy = postgresDatabase({ pool })
      expect(connects).toBe(0)
      await expect(lazy.query('select 1')).rejects.toEqual(code('CORE_DATABASE_UNREACHABLE'))
      expect(connects).toBe(1)
      await lazy.close()
    })

    it.each<[string, PostgresDatabaseOptions]>([
      ['neither pool nor connection', {}],
      ['a URL that is none', { connection: 'postgres://app:hunter2@local host/app' }],
      ['no connections', { connection: {}, max: 0 }],
      ['an unknown isolation', { connection: {}, isolation: 'none' as 'serializable' }],
    ])('refuses %s', (_, options) => {
      expect(() => postgresDatabase(options)).toThrow(
        expect.objectContaining({ code: 'CORE_DATABASE_OPTIONS', message: expect.not.stringContaining('hunter2') }),
      )
    })
  })
})

async function reasonOf(signal: AbortSignal): Promise<unknown> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
  return signal.reason
}
