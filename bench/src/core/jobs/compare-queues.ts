import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { startPostgres } from '@exprsn/backup/server'
import { postgresDatabase } from '@exprsn/core/drivers/postgres'
import pg from 'pg'
import { ours, type Peer, type PreparedBenchmark } from '../../../../scripts/bench/benchmark.ts'
import { ourQueue } from './our-queue.ts'
import { bossQueue, graphileQueue } from './peer-queues.ts'
import type { QueueSubject } from './subject.ts'

/** The queues over PostgreSQL that users would install. */
export const queuePeers: readonly Peer[] = ['pg-boss', 'graphile-worker'].map((name) => ({
  name,
  available: async () => undefined,
  version: async () => versionOf(name),
}))

/** What one round gave. */
export interface RoundCost {
  /** Jobs a second, from the first enqueue to the last job handled. */
  readonly rate: number
  /** Milliseconds between the return of an enqueue and its handler, 99 of 100, while nothing else is queued. */
  readonly pickUp: number
}

/** Enqueues and runs jobs on a server that syncs every commit; each round on a database of its own. */
export async function prepareQueues(
  { count, batched }: { readonly count: number; readonly batched: boolean },
  value: (cost: RoundCost) => number,
  pickUps = 0,
): Promise<PreparedBenchmark> {
  const server = await startPostgres({ settings: { fsync: 'on', synchronous_commit: 'on', max_connections: '60' } })
  const connection = { ...server.connection }
  let rounds = 0
  return {
    async run(subject) {
      const database = `round_${++rounds}`
      await runSql(connection, `create database ${database}`)
      const queue = await open(subject, { ...connection, database })
      try {
        const { rate, sum } = await throughput(queue, count, batched, pickUps)
        return { value: value(rate), hash: createHash('sha256').update(`${count} ${sum}`).digest('hex') }
      } finally {
        await queue.close()
        await runSql(connection, `drop database ${database} with (force)`)
      }
    },
    close: () => server.stop(),
  }
}

function open(subject: string, connection: { database: string }): Promise<QueueSubject> {
  if (subject === ours) return ourQueue(postgresDatabase({ connection, max: 10 }))
  return subject === 'pg-boss' ? bossQueue(connection) : graphileQueue(connection)
}

/** One round on a queue that is empty. */
export async function throughput(
  queue: QueueSubject,
  count: number,
  batched: boolean,
  pickUps: number,
): Promise<{ readonly rate: RoundCost; readonly sum: number }> {
  let sum = 0
  let left = count
  let handled = (): void => {}
  const all = new Promise<void>((resolve) => (handled = resolve))
  const waiting = new Map<number, (at: number) => void>()
  const began = performance.now()
  await queue.enqueue(count, batched)
  await queue.start((payload) => {
    sum += payload
    waiting.get(payload)?.(performance.now())
    if (--left === 0) handled()
  })
  await all
  const rate = count / ((performance.now() - began) / 1_000)
  const waits: number[] = []
  for (let index = 0; index < pickUps; index++) {
    const arrived = new Promise<number>((resolve) => waiting.set(0, resolve))
    const asked = performance.now()
    await queue.enqueue(1, false)
    waits.push((await arrived) - asked)
  }
  waits.sort((a, b) => a - b)
  return { rate: { rate, pickUp: waits[Math.ceil(waits.length * 0.99) - 1] ?? 0 }, sum }
}

async function runSql(connection: object, sql: string): Promise<void> {
  const client = new pg.Client(connection)
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

function versionOf(name: string): string {
  let folder = dirname(createRequire(import.meta.url).resolve(name))
  for (;;) {
    try {
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
        name?: string
        version: string
      }
      if (manifest.name === name) return manifest.version
    } catch {}
    folder = dirname(folder)
  }
}
