import { describe, expect, it } from 'vitest'
import { Lease } from './lease.ts'

describe('Lease', () => {
  it('finishes after the work in progress, once', async () => {
    const lease = new Lease()
    const order: string[] = []
    const work = lease.during(async () => {
      await new Promise((resolve) => setImmediate(resolve))
      order.push('worked')
    })
    const finish = async (): Promise<void> => void order.push('finished')
    await Promise.all([lease.close(finish), lease.close(finish), work])
    await lease.close(finish)
    expect(order).toEqual(['worked', 'finished'])
    await expect(lease.during(async () => {})).rejects.toMatchObject({ code: 'CORE_DATABASE_CLOSED' })
  })

  it('also ends when the work fails', async () => {
    const lease = new Lease()
    const work = lease.during(async () => {
      throw new RangeError('no')
    })
    await Promise.all([expect(work).rejects.toThrow(RangeError), lease.close(async () => {})])
  })
})
