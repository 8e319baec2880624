import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@exprsn/core/client'
import { migrate, sqliteDatabase } from '@exprsn/core/database'
import { postgresDatabase } from '@exprsn/core/drivers/postgres'
import { freshPostgresDatabase } from '@exprsn/real-servers/postgres'
import { createLoginBudget, createPublisher, passwordAccount, readBudgets } from '@exprsn/atproto/publish'
import { createFakePds } from '@exprsn/atproto/testing'
import { describe, expect, it } from 'vitest'
import { notes, Stage, type Items } from '../publish/stage.ts'

const fixture = join(import.meta.dirname, 'login.process.ts')
const execArgv = ['--conditions=@exprsn/source', '--experimental-strip-types', '--no-warnings']
const usedUp = 'ATPROTO_PUBLISH_LOGINS_USED_UP'
/** Of thirty in five minutes, three are left to others. */
const allowed = 27

describe('ten that log in at once', () => {
  it(
    'S12: processes on SQLite that restart in a loop stay below the limit of the host',
    { timeout: 120_000 },
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'exprsn-logins-'))
      const path = join(folder, 'app.db')
      await using pds = createFakePds({ rateLimits: true })
      await pds.start()
      const { did } = pds.host.createAccount({ handle: 'alice.test' })
      const database = sqliteDatabase({ path })
      await migrate(database, createLoginBudget({ database }).migrations)

      const processes = Array.from({ length: 10 }, () => fork(fixture, [path, pds.url, did, '6'], { execArgv }))
      const next = (child: (typeof processes)[number]) => new Promise((resolve) => child.once('message', resolve))
      await Promise.all(processes.map(next))
      const ends = processes.map((child) => next(child) as Promise<string[]>)
      for (const child of processes) child.send('go')
      const results = (await Promise.all(ends)).flat()

      expect(results.filter((result) => result === '200').length).toBe(allowed)
      expect(results.filter((result) => result === usedUp).length).toBe(60 - allowed)
      expect(await readBudgets({ database, did })).toMatchObject([
        { counts: 'logins', limit: 300, used: allowed },
        { counts: 'logins', limit: 30, used: allowed },
      ])
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  )

  it(
    'publishers on PostgreSQL do, too, and everything is published by those that are in',
    { timeout: 120_000 },
    async () => {
      const server = await freshPostgresDatabase()
      const database = postgresDatabase({ connection: { ...server.connection }, max: 12 })
      const naming = { prefix: 'app_', schema: 'ops' } as const
      await using pds = createFakePds({ rateLimits: true })
      await pds.start()
      const { did, repo } = pds.host.createAccount({ handle: 'alice.test' })
      const client = createClient({ allow: { loopbackAddresses: true }, retry: false, perOrigin: { breaker: false } })
      const logins = createLoginBudget({ database, ...naming })
      const open = () => passwordAccount({ did, service: pds.url, password: 'password', client, logins })
      const publishers = Array.from({ length: 10 }, () =>
        createPublisher<Items>({ database, account: open(), mappings: { notes: notes() }, ...naming }),
      )
      await migrate(database, publishers[0]!.migrations, naming)

      for (let id = 0; id < 40; id++) await publishers[0]!.put('notes', { id: `n${id}`, body: `post ${id}` })
      await Promise.all(publishers.map((publisher) => publisher.drain()))
      expect(repo.records.size).toBe(40)
      const restarts = Array.from({ length: 50 }, () =>
        open()
          .call('com.atproto.server.getSession', {})
          .then(
            ({ status }) => String(status),
            (error: { readonly code?: string }) => String(error.code),
          ),
      )
      expect(new Set(await Promise.all(restarts))).toEqual(new Set(['200', usedUp]))
      const budgets = await readBudgets({ database, did, ...naming })
      expect(budgets.filter(({ counts }) => counts === 'logins')).toMatchObject([{ used: allowed }, { used: allowed }])

      await Promise.all(publishers.map((publisher) => publisher.close()))
      await client.close()
      await database.close()
      await server.drop()
    },
  )

  it('S12: items wait for a login without using up their attempts, and cost no points', async () => {
    await using stage = await Stage.open()
    const { database, client, account, pds } = stage
    const logins = createLoginBudget({ database, windows: [{ limit: 1, seconds: 300, reserve: 0 }] })
    const { did } = account
    const open = () => passwordAccount({ did, service: pds.url, password: 'password', client, logins })
    await open().call('com.atproto.server.getSession', {})
    const publisher = stage.publisher(notes(), { account: open(), attempts: 1 })
    await publisher.put('notes', { id: 'a', body: 'one' })
    await publisher.drain()
    const reason = expect.stringContaining('has no login left until')
    expect(await publisher.get('notes', 'a')).toMatchObject({ state: 'pending', reason })
    const [hour] = await readBudgets({ database, did })
    expect(hour).toMatchObject({ counts: 'points', used: 0 })
    await publisher.close()
  })
})
