import type { DiskFile } from '@exprsn/core/disk'
import { expect, it } from 'vitest'
import { rowFields } from './read-row.ts'
import { scanRows } from './scan-rows.ts'

it('tells what is wrong with a row also when what lies behind it cannot be read', async () => {
  const reads: Promise<number>[] = []
  const file = {
    path: '/rows.csv',
    read(target: Uint8Array): Promise<number> {
      const text = Buffer.from('"a"b,1\n')
      target.set(text)
      reads.push(reads.length === 0 ? Promise.resolve(text.length) : Promise.reject(new Error('the disk is gone')))
      return reads.at(-1)!
    },
  } as unknown as DiskFile
  const row = rowFields(2)
  await expect(scanRows(file, { start: 0, separator: 44, row, signal: undefined }, () => {})).rejects.toThrow(
    /behind a closing quote/,
  )
  // Nobody waits for the second one: unheard, it would end the process.
  expect(reads).toHaveLength(2)
})
