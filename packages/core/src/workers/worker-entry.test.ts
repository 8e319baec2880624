import { describe, expect, it } from 'vitest'
import { createWorkerPool } from './create-worker-pool.ts'
import { workerEntry } from './worker-entry.ts'

describe('workerEntry', () => {
  it.each([
    ['file:///p/src/osm/pbf/decode.ts', './pbf.worker.ts', 'osm', 'file:///p/src/osm/pbf/pbf.worker.ts'],
    ['file:///p/src/a/b.ts', '../c/d.worker.ts', undefined, 'file:///p/src/c/d.worker.ts'],
    ['file:///p/dist/index.js', './pbf.worker.ts', undefined, 'file:///p/dist/pbf.worker.js'],
    ['file:///p/dist/index.js', '../workers/pbf.worker.ts', undefined, 'file:///p/dist/pbf.worker.js'],
    ['file:///p/dist/chunk-ABC.js', './pbf.worker.ts', 'osm', 'file:///p/dist/osm/pbf.worker.js'],
    ['file:///p/dist/osm/index.js', './pbf.worker.ts', 'osm', 'file:///p/dist/osm/pbf.worker.js'],
    ['file:///p/dist/cosm/index.js', './pbf.worker.ts', 'osm', 'file:///p/dist/cosm/osm/pbf.worker.js'],
  ])('of %s, %s, built in %s, is %s', (from, entry, folder, expected) => {
    expect(workerEntry(from, entry, folder).href).toBe(expected)
  })

  it('is nowhere for a module that does not know where it is: a pool says so', async () => {
    await using pool = createWorkerPool({ entry: workerEntry(undefined, './any.worker.ts'), threads: 1 })
    await expect(pool.run('any', undefined as never)).rejects.toMatchObject({ code: 'CORE_WORKERS_ENTRY_FAILED' })
  })
})
