import { requireOracle } from '@exprsn/real-servers/oracles'
import { startRedis, type RedisServer } from '@exprsn/real-servers/redis'
import { afterAll, describe, expect, it } from 'vitest'
import { jobsConformance } from '../testing/jobs-conformance.ts'
import { loadBull } from './bullmq/bull-client.ts'
import { bullmqJobs } from './bullmq.ts'

let server: Promise<RedisServer> | undefined
let queues = 0

afterAll(async () => (await server)?.stop())

describe('bullmqJobs', () => {
  it.for(jobsConformance)('$name', async ({ run }, context) => {
    const program = requireOracle(context, 'redis')
    server ??= startRedis({ program, settings: { 'maxmemory-policy': 'noeviction' } })
    const { connection } = await server
    const queue = `queue-${++queues}`
    await expect(
      run({ database: undefined, create: (options) => bullmqJobs({ connection, queue, ...options }) }),
    ).resolves.toBeUndefined()
  })

  it('says how to install what is missing', async () => {
    const missing = loadBull(() => Promise.reject(new Error('not found')))
    await expect(missing).rejects.toMatchObject({ code: 'CORE_JOBS_DRIVER_MISSING', help: 'Run: npm i bullmq' })
  })
})
