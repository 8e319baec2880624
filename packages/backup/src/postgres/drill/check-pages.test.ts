import { dirname, join } from 'node:path'
import { startPostgres } from '@exprsn/backup/server'
import { postgresConnector } from '@exprsn/backup/drivers/postgres'
import { displayPath, systemDisk, walk } from '@exprsn/core/disk'
import { describe, expect, it } from 'vitest'
import { majors, value } from '../../../test/source.ts'
import { isPageIntact } from '../../base-backup/pages/page-checksum.ts'
import { checkPages } from './check-pages.ts'

describe('page checksums', () => {
  // PostgreSQL 18 makes clusters with checksums by itself.
  it.skipIf(!majors.includes(18))(
    'agree with PostgreSQL, page by page, and show every flipped bit',
    { timeout: 60_000 },
    async () => {
      const server = await startPostgres({ major: 18 })
      const { dataFolder } = server
      const sql = await postgresConnector(server.connection).sql()
      expect(await value(sql, 'show data_checksums')).toBe('on')
      await sql.query(
        'create table t as select n, md5(n::text) from generate_series(1, 20000) n; create index on t (n)',
      )
      await sql.close()
      await server.stop({ keep: true })
      try {
        const folders = [join(dataFolder, 'base'), join(dataFolder, 'global')]
        const { pages, damaged } = await checkPages(systemDisk, folders)
        expect(damaged).toEqual([])
        expect(pages).toBeGreaterThan(2_500)
        const path = await largestFile(join(dataFolder, 'base'))
        for (const bit of [0, 64 + 3, 8_191 * 8, 4_000 * 8 + 5]) {
          await flip(path, bit)
          expect((await checkPages(systemDisk, [dirname(path)])).damaged).toEqual([{ path, page: 0 }])
          await flip(path, bit)
        }
      } finally {
        await server.stop()
      }
    },
  )

  it('takes a page of zeros for one that was never used', () => {
    const page = new Uint32Array(2_048)
    expect(isPageIntact(page, 7)).toBe(true)
    page[2_047] = 1
    expect(isPageIntact(page, 7)).toBe(false)
  })
})

async function largestFile(folder: string): Promise<string> {
  let largest = { path: '', size: 0 }
  for await (const { path, stat } of walk(systemDisk, folder))
    if (stat.kind === 'file' && stat.size > largest.size) largest = { path: displayPath(path), size: stat.size }
  return largest.path
}

async function flip(path: string, bit: number): Promise<void> {
  const file = await systemDisk.open(path, 'update')
  const byte = new Uint8Array(1)
  await file.read(byte, bit >> 3)
  byte[0]! ^= 1 << (bit & 7)
  await file.write(byte, bit >> 3)
  await file.close()
}
