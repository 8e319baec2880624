import { freshPostgresDatabase } from '@exprsn/real-servers/postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../database/database.ts'
import { migrate } from '../database/migrate.ts'
import { postgresDatabase } from '../drivers/postgres.ts'
import { createNotify, type Notify } from './create-notify.ts'
import type { Message } from './notification.ts'

let server: Awaited<ReturnType<typeof freshPostgresDatabase>>
let databases: Database[]
const naming = { prefix: 'app_', schema: 'ops' } as const

beforeAll(async () => {
  server = await freshPostgresDatabase()
  databases = [1, 2, 3].map(() => postgresDatabase({ connection: { ...server.connection }, max: 4 }))
})

afterAll(async () => {
  for (const database of databases) await database.close()
  await server.drop()
})

describe('createNotify over PostgreSQL', () => {
  it('tells each key once and sends each group once, from three replicas at the same time, within the rate', async () => {
    const messages: Message[] = []
    const channel = { kind: 'memory', send: async (message: Message) => void messages.push(message) }
    const channels = { ops: { channel, rateLimit: { limit: 12, per: '1h' } } } as const
    const replicas: Notify[] = databases.map((database) => createNotify({ database, channels, ...naming }))
    await migrate(databases[0]!, replicas[0]!.migrations, naming)
    let told = 0
    for (let round = 0; round < 15; round++) {
      const notification = { title: `round ${round}`, key: `k${round}` }
      const receipts = await Promise.all(replicas.map((each) => each.send(notification)))
      told += receipts.filter(({ duplicate }) => !duplicate).length
      await Promise.all(replicas.map((each) => each.flush()))
    }
    expect(told).toBe(15)
    expect(messages.flatMap(({ notifications }) => notifications.map(({ title }) => title)).toSorted()).toEqual(
      Array.from({ length: 12 }, (_, round) => `round ${round}`).toSorted(),
    )
    for (const notify of replicas) await notify.close()
  })
})
