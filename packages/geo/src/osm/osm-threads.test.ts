import { describe, expect, it } from 'vitest'
import { itemsOf } from '../../test/osm/osm-items.ts'
import { read, sample, utf8 } from '../../test/osm/sample-items.ts'
import { frame, packBlob, primitiveBlock, writePbf } from '../../test/osm/write-pbf.ts'
import { createOsmThreads, poolOf, type OsmThreads } from './osm-threads.ts'
import { readOsm } from './read-osm.ts'

const block = frame('OSMData', packBlob(primitiveBlock(sample)))
const file = Buffer.concat([writePbf(sample), ...Array<Uint8Array>(30).fill(block)])
const broken = Buffer.concat([
  writePbf(sample),
  ...Array<Uint8Array>(9).fill(block),
  frame('OSMData', utf8('?')),
  block,
])

/** Threads that have started: what is read now is decoded in them. */
async function started(count: number): Promise<OsmThreads> {
  const kept = createOsmThreads({ threads: count })
  await Promise.all(Array.from({ length: count }, () => poolOf(kept).run('begin', undefined)))
  return kept
}

describe('threads that are kept', { timeout: 180_000 }, () => {
  it('read one file after the other, and several at once, as one thread does', async () => {
    await using threads = await started(2)
    const expected = await read(file)
    for (let times = 0; times < 3; times++) expect(await read(file, { threads })).toEqual(expected)
    const together = await Promise.all([read(file, { threads }), read(file, { threads }), read(file, { threads })])
    for (const items of together) expect(items).toEqual(expected)
    expect(poolOf(threads).stats.threads).toBe(2)
  })

  it('go on after a damaged file, and after one that nobody reads to its end', async () => {
    await using threads = await started(2)
    await expect(read(broken, { threads })).rejects.toMatchObject({ code: 'GEO_OSM_INVALID' })
    const reading = readOsm(file, { threads })
    await reading.next()
    await reading.return()
    expect(await read(file, { threads })).toEqual(await read(file))
  })

  it('end when they are closed; what is read then is decoded without them', async () => {
    const threads = await started(1)
    await threads.close()
    expect(poolOf(threads).stats.threads).toBe(0)
    expect(await itemsOf(readOsm(file, { threads }))).toEqual(await read(file))
  })

  it('refuse a number that is none', () => {
    expect(() => createOsmThreads({ threads: -1 })).toThrow(
      expect.objectContaining({ code: 'CORE_WORKERS_OPTION_INVALID' }),
    )
  })
})
