import { sharedData } from '@exprsn/real-servers/shared-data'
import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { itemsOf } from '../../test/osm/osm-items.ts'
import { pieces, read, sample, sampleXml as xml, utf8 } from '../../test/osm/sample-items.ts'
import { writePbf } from '../../test/osm/write-pbf.ts'
import { readOsm } from './read-osm.ts'

/** Tests of real extracts are skipped where the shared data is absent. */
const shared = sharedData('geo/osm')

describe('readOsm', () => {
  it.each(['', 'PK\u0003\u0004', 'plain text', '\u0000\u0000'])('refuses %j', async (text) => {
    await expect(read(utf8(text))).rejects.toMatchObject({ code: 'GEO_OSM_FORMAT_UNKNOWN' })
    await expect(read(gzipSync(text))).rejects.toMatchObject({ code: 'GEO_OSM_FORMAT_UNKNOWN' })
  })

  it('takes no PBF within gzip', async () => {
    await expect(read(gzipSync(writePbf(sample)))).rejects.toMatchObject({ code: 'GEO_OSM_FORMAT_UNKNOWN' })
  })

  it('reads nothing before the first step, and closes its source when nobody reads on', async () => {
    const seen: string[] = []
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        seen.push('read')
        yield writePbf(sample)
        yield writePbf(sample)
      } finally {
        seen.push('closed')
      }
    }
    const reading = readOsm(source())
    expect(seen).toEqual([])
    await reading.next()
    await reading.return()
    expect(seen).toEqual(['read', 'closed'])
  })

  it('ends with the signal', async () => {
    const reason = new Error('enough')
    await expect(read(writePbf(sample), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })

  it.skipIf(shared === undefined)('ends with the signal in between, threads and all', async () => {
    const reason = new Error('enough')
    const bytes = await readFile(`${shared}/liechtenstein.osm.pbf`)
    const controller = new AbortController()
    const reading = async (): Promise<void> => {
      for await (const _ of readOsm(pieces(bytes, 50_000), { signal: controller.signal, threads: 1 }))
        controller.abort(reason)
    }
    await expect(reading()).rejects.toBe(reason)
  })

  it('passes on what the input throws', async () => {
    const reason = new Error('connection lost')
    async function* source(start: Uint8Array): AsyncGenerator<Uint8Array> {
      yield start
      throw reason
    }
    for (const bytes of [writePbf(sample), utf8(xml), gzipSync(xml)])
      await expect(itemsOf(readOsm(source(bytes.subarray(0, 100))))).rejects.toBe(reason)
    await expect(itemsOf(readOsm('/nonexistent/file.osm.pbf'))).rejects.toMatchObject({ code: 'CORE_DISK_NOT_FOUND' })
  })
})
