import { freshPostgresDatabase } from '@exprsn/real-servers/postgres'
import { expect, it } from 'vitest'
import { runProcessTrial } from './scheduler-processes.ts'

/** The campaign sets more: EXPRSN_SCHEDULER_TRIAL=20x1000 npx vitest run packages/core/test/scheduler-processes.test.ts */
const [replicas = 3, slots = 50] = (process.env.EXPRSN_SCHEDULER_TRIAL ?? '3x50').split('x').map(Number)

it(
  `${replicas} processes × ${slots} slots on PostgreSQL under SIGKILL and SIGSTOP: each slot’s effect exactly once`,
  { timeout: 600_000 },
  async () => {
    await using server = await freshPostgresDatabase()
    const report = await runProcessTrial({
      connection: server.connection,
      replicas,
      slots,
      interval: 100,
      lease: 1_000,
      disturbEvery: 300,
      seed: 1,
    })
    console.log(JSON.stringify(report))
    expect(report).toMatchObject({ slots, missing: [], doubled: [], unfenced: [] })
    expect(report.kills).toBeGreaterThan(0)
    expect(report.stops).toBeGreaterThan(0)
  },
)
