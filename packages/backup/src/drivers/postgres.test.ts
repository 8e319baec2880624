import { describe, expect, it } from 'vitest'
import { ExprsnError } from '@exprsn/core'
import { postgresConnector, type PostgresConnectorOptions } from './postgres.ts'

/** Shows what a client would be made with. */
async function configured(options: PostgresConnectorOptions): Promise<Record<string, unknown>> {
  let seen: Record<string, unknown> = {}
  class Client {
    readonly connection = { stream: { destroy() {} } }
    constructor(config: Record<string, unknown>) {
      seen = config
    }
    on(): void {}
    async connect(): Promise<void> {}
    async end(): Promise<void> {}
  }
  await using _ = await postgresConnector({ ...options, pg: { Client } }).sql()
  return seen
}

describe('postgresConnector', () => {
  it('has the defaults of PostgreSQL', async () => {
    expect(await configured({})).toEqual({
      host: 'localhost',
      port: 5432,
      user: 'postgres',
      database: 'postgres',
      application_name: 'exprsn',
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 30_000,
    })
  })

  it('reads a connection string, fields win over its parts', async () => {
    const connectionString = 'postgresql://b%40ck:p%3Aw@[::1]:6000/my%20db?sslmode=require'
    expect(await configured({ connectionString, database: 'other' })).toMatchObject({
      host: '::1',
      port: 6000,
      user: 'b@ck',
      password: 'p:w',
      database: 'other',
      ssl: { rejectUnauthorized: false },
    })
    expect(await configured({ connectionString: 'postgres:///x?host=/var/run/postgresql' })).toMatchObject({
      host: '/var/run/postgresql',
      database: 'x',
    })
    for (const [mode, ssl] of [
      ['disable', false],
      ['verify-full', true],
    ] as const)
      expect(await configured({ connectionString: `postgres://h/?sslmode=${mode}` })).toMatchObject({ ssl })
  })

  it.each([
    'postgres://user:s3cret@host:port/db',
    'mysql://user:s3cret@host/db',
    'user:s3cret',
    'postgres://%zz:s3cret@host/db',
    'postgres://user:s3cret@host/db?sslmode=maybe',
  ])('refuses %s without repeating the password', (connectionString) => {
    try {
      postgresConnector({ connectionString })
      expect.unreachable()
    } catch (error) {
      expect(ExprsnError.is(error) && error.code).toBe('BACKUP_POSTGRES_CONNECTION_INVALID')
      expect(JSON.stringify(error) + (error as Error).stack).not.toContain('s3cret')
      expect((error as Error).cause).toBeUndefined()
    }
  })

  it('refuses ports that are none and names servers without secrets', () => {
    for (const port of [0, 70_000, 1.5])
      expect(() => postgresConnector({ port })).toThrow(
        expect.objectContaining({ code: 'BACKUP_POSTGRES_CONNECTION_INVALID' }),
      )
    expect(postgresConnector({ host: 'db', password: 's3cret' }).server).toBe('db:5432')
    expect(postgresConnector({ host: '/run/pg', port: 5433 }).server).toBe('/run/pg/.s.PGSQL.5433')
  })

  it('takes a server that is too old for what it is', async () => {
    class Client {
      readonly connection = { stream: { destroy() {} }, query() {}, on() {}, removeListener() {} }
      on(): void {}
      async connect(): Promise<void> {}
      async end(): Promise<void> {}
      query(command: {
        handleRowDescription(m: object): void
        handleDataRow(m: object): void
        handleCommandComplete(): void
        handleReadyForQuery(): void
      }) {
        command.handleRowDescription({ fields: [{ name: 'server_version_num' }] })
        command.handleDataRow({ fields: ['140012'] })
        command.handleCommandComplete()
        command.handleReadyForQuery()
      }
    }
    await expect(postgresConnector({ pg: { Client } }).replication()).rejects.toMatchObject({
      code: 'BACKUP_POSTGRES_VERSION_UNSUPPORTED',
      details: { version: 14 },
    })
  })

  it('opens nothing once it was called off', async () => {
    const signal = AbortSignal.abort(new Error('not now'))
    await expect(postgresConnector({}).replication({ signal })).rejects.toThrow('not now')
  })
})
