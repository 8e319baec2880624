import { describe, expect, it } from 'vitest'
import { postgresErrors } from '../replication/errors.ts'
import { currentPosition, emitMarker } from './current-position.ts'
import { waitForRecovery } from './wait-for-recovery.ts'

function client(answers: readonly (Record<string, unknown> | Error)[]) {
  const asked: string[] = []
  return {
    asked,
    async query(text: string) {
      asked.push(text)
      const answer = answers[Math.min(asked.length, answers.length) - 1]!
      if (answer instanceof Error) throw answer
      return { rows: [answer] }
    },
  }
}

const starting = postgresErrors.BACKUP_POSTGRES_STARTING({ server: 'x', reason: 'starting up' })

describe('waitForRecovery', () => {
  it('asks until the server takes writes, also while it does not let anybody in', async () => {
    const server = client([starting, { recovering: true }, { recovering: false }])
    await waitForRecovery(server)
    expect(server.asked).toHaveLength(3)
  })

  it('gives up after a while, at once on another error, and with the signal', async () => {
    await expect(waitForRecovery(client([{ recovering: true }]), { timeout: 20 })).rejects.toMatchObject({
      code: 'BACKUP_RESTORE_TIMEOUT',
    })
    const lost = postgresErrors.BACKUP_POSTGRES_CONNECTION_LOST({ server: 'x', reason: 'gone' })
    await expect(waitForRecovery(client([lost]))).rejects.toBe(lost)
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(waitForRecovery(client([{ recovering: true }]), { signal })).rejects.toThrow('enough')
  })
})

describe('positions', () => {
  it('come with time and place in one round trip', async () => {
    const server = client([{ time: '2026-11-20 10:41:07.250123+00', lsn: '0/3000028' }])
    expect(await currentPosition(server)).toEqual({ time: '2026-11-20 10:41:07.250123+00', lsn: 0x3000028n })
    expect(server.asked).toHaveLength(1)
  })

  it('are marked without touching a table, notes quoted', async () => {
    const server = client([{ lsn: '0/3000028' }])
    expect(await emitMarker(server, "it's")).toBe(0x3000028n)
    expect(server.asked[0]).toContain("'it''s'")
  })
})
