import { makeTemporaryFolder, removeTree, systemDisk } from '@exprsn/core/disk'
import { createLogStore, type LogStore } from '@exprsn/logs/store'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { linesOf } from './crash-workloads.ts'

let path: string
beforeEach(async () => {
  path = await makeTemporaryFolder(systemDisk)
})
afterEach(() => removeTree(systemDisk, path))

function open(): LogStore {
  return createLogStore({ path, sealAfter: 0, maintenanceInterval: 0, adoptInterval: 0, compactAt: 2 })
}

async function texts(store: LogStore): Promise<string[]> {
  const found = []
  for await (const line of store.export()) found.push(line)
  return found.sort((a, b) => a.sequence - b.sequence).map(({ text }) => text)
}

async function withSegments(store: LogStore, parts: number, lines: number): Promise<void> {
  for (let part = 0; part < parts; part++) {
    await store.append(linesOf(lines, part * lines))
    await store.flush()
  }
}

describe('segments that are compacted in a thread', { timeout: 120_000 }, () => {
  it('leave the turn to lines that come meanwhile, and to their segments', async () => {
    const store = open()
    await withSegments(store, 3, 400)
    const compaction = store.maintain()
    await store.append(linesOf(10, 1_200))
    await store.flush()
    expect(await compaction).toMatchObject({ compacted: 3 })
    await store.append(linesOf(10, 1_210))
    expect(await texts(store)).toEqual(linesOf(1_220))
    expect((await store.verify()).map(({ problem }) => problem)).not.toContain(expect.any(String))
    await store.close()
    const again = open()
    expect(await texts(again)).toEqual(linesOf(1_220))
    await again.close()
  })

  it('hold what a deletion that was asked for meanwhile removes, from old and new ones', async () => {
    const store = open()
    await withSegments(store, 2, 300)
    const compaction = store.maintain()
    expect(await store.delete('user:=user1')).toBe(200)
    await compaction
    const expected = linesOf(600).filter((line) => !line.includes('"user1"'))
    expect(await texts(store)).toEqual(expected)
    const named = store.status().segments.map(({ name }) => name)
    expect(systemDisk.entriesSync(`${path}/segments`).map(({ name }) => name)).toEqual(named)
    await store.close()
  })

  it('know the forms of their messages, so that asking for patterns reads none', async () => {
    const store = open()
    await withSegments(store, 2, 300)
    const before = await store.query('* | patterns')
    await store.maintain()
    const after = await store.query('* | patterns')
    expect(before).toMatchObject({ rows: [{ pattern: 'line * of many', count: 600 }] })
    expect(after).toMatchObject({ rows: [{ pattern: 'line * of many', count: 600 }] })
    expect([before.costs.blocksSkipped, after.costs.blocksSkipped]).toEqual([0, 1])
    const some = await store.query('user:=user1 | patterns')
    expect(some.kind === 'rows' && some.rows).toMatchObject([{ pattern: 'line * of many', count: 200 }])
    await store.close()
  })

  it('are those of before when the store is closed meanwhile', async () => {
    const store = open()
    await withSegments(store, 2, 300)
    const compaction = store.maintain().catch((error: unknown) => error)
    await store.close()
    await compaction
    const again = open()
    expect(await texts(again)).toEqual(linesOf(600))
    const named = again.status().segments.map(({ name }) => name)
    expect(
      systemDisk
        .entriesSync(`${path}/segments`)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(named.toSorted())
    await again.close()
  })
})
