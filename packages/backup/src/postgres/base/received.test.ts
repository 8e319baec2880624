import { diskErrors } from '@exprsn/core/disk'
import { describe, expect, it } from 'vitest'
import { walErrors } from '../../wal/errors.ts'
import type { WalPosition, WalReceiver } from '../../wal/wal-receiver.ts'
import { received } from './received.ts'

const late = () => walErrors.BACKUP_WAL_TIMEOUT({ wanted: '0/2', timeout: '1 s', durable: '0/1' })

function receiverThat(answers: readonly (Error | undefined)[], position: Partial<WalPosition> = {}) {
  const left = [...answers]
  const asked: unknown[] = []
  const receiver = {
    async waitFor(...given: unknown[]) {
      asked.push(given)
      const error = left.shift()
      if (error !== undefined) throw error
    },
    position: () => ({ state: 'streaming', ...position }),
  } as unknown as WalReceiver
  return { receiver, asked }
}

describe('waiting for the log of a base backup', () => {
  it('goes on while the receiver does, second by second', async () => {
    const { receiver, asked } = receiverThat([late(), late(), undefined])
    await received(receiver, 2n, undefined)
    expect(asked).toEqual(Array(3).fill([2n, { timeout: 1_000, signal: undefined }]))
  })

  it('ends with the disk’s error when the receiver waits for room', async () => {
    const error = diskErrors.CORE_DISK_FULL({ path: '/spool', operation: 'write' })
    const { receiver } = receiverThat([late()], { state: 'waiting', error })
    await expect(received(receiver, 2n, undefined)).rejects.toBe(error)
  })

  it('ends after five minutes, and at once with any other error', async () => {
    const { receiver, asked } = receiverThat(Array.from({ length: 400 }, late))
    await expect(received(receiver, 2n, undefined)).rejects.toMatchObject({ code: 'BACKUP_WAL_TIMEOUT' })
    expect(asked).toHaveLength(300)
    const gone = walErrors.BACKUP_WAL_STOPPED({ durable: '0/1', wanted: '0/2' })
    await expect(received(receiverThat([gone]).receiver, 2n, undefined)).rejects.toBe(gone)
  })
})
