import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { IdList, idsOf } from './id-list.ts'

describe('a list of ids', () => {
  it('comes back as it was, however long it is', () => {
    const id = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'))
    fc.assert(
      fc.property(fc.array(id, { maxLength: 100 }), (ids) => {
        const list = new IdList()
        for (const each of ids) list.append(each)
        const bytes = list.finish()
        expect(bytes).toHaveLength(32 * ids.length)
        // It goes to another thread: nothing else must go with it.
        expect(bytes.buffer.byteLength).toBe(bytes.length)
        expect(idsOf(bytes)).toEqual(ids)
      }),
    )
  })

  it('can be read where it lies in a larger memory', () => {
    const list = new IdList()
    list.append('ab'.repeat(32))
    const memory = Buffer.concat([Buffer.from('x'), list.finish()])
    expect(idsOf(memory.subarray(1))).toEqual(['ab'.repeat(32)])
  })
})
