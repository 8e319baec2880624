import { silentLogger, type Logger } from '@exprsn/core'
import { exists, readFile, writeFileAtomic, type Disk } from '@exprsn/core/disk'
import { memoryStore } from '@exprsn/core/storage'
import { createSimulatedDisk, SeededRandom, SimulatedClock } from '@exprsn/core/testing'
import { createLogStore, type LogStore, type LogStoreOptions } from '@exprsn/logs/store'
import { describe, expect, it } from 'vitest'
import { mortalWorld } from '../simulations/log-wal/mortal.ts'
import { linesOf } from './crash-workloads.ts'

const manifest = '/store/manifest.json'

function world() {
  const clock = new SimulatedClock({ now: Date.UTC(2026, 10, 20, 10) })
  const trouble = { isManifestLocked: false, isRemovalRefused: false }
  const disk = createSimulatedDisk({
    clock,
    intercept({ name, path }) {
      if (trouble.isManifestLocked && name === 'rename' && !path.includes('/segments/')) return { errno: 'EIO' }
      if (trouble.isRemovalRefused && name === 'removeFile' && path.includes('/segments/')) return { errno: 'EIO' }
      return undefined
    },
  })
  const told: { readonly level: string; readonly code: string; readonly damaged: readonly string[] }[] = []
  const tell =
    (level: string): Logger['warn'] =>
    (fields: object | string): void => {
      const { err, damaged = [] } = fields as { readonly err: { readonly code: string }; readonly damaged?: string[] }
      told.push({ level, code: err.code, damaged })
    }
  const logger: Logger = { ...silentLogger, warn: tell('warn'), error: tell('error') }
  const open = (more: Partial<LogStoreOptions> = {}): LogStore =>
    createLogStore({
      path: '/store',
      disk,
      clock,
      logger,
      sealAfter: 0,
      maintenanceInterval: 0,
      adoptInterval: 0,
      ...more,
    })
  return { clock, disk, open, told, trouble }
}

async function filled({ open }: ReturnType<typeof world>): Promise<void> {
  const store = open({ compactAt: 3 })
  for (let part = 0; part < 4; part++) {
    await store.append(linesOf(5, part * 5))
    await store.flush()
    if (part === 2) await store.maintain()
  }
  await store.delete('"line 3"')
  await store.close()
}

async function all(store: LogStore): Promise<string[]> {
  const found = []
  for await (const line of store.export()) found.push(line)
  return found.sort((a, b) => a.sequence - b.sequence).map(({ text }) => text)
}

const expected = linesOf(20).filter((line) => !line.includes('"line 3 '))

describe('a list of segments', () => {
  it.for(['missing', 'empty', 'text', 'flipped'])('that is %s is made anew, and it is said', async (kind) => {
    const each = world()
    await filled(each)
    const { disk, open, told } = each
    if (kind === 'missing') await disk.removeFile(manifest)
    else if (kind === 'flipped') disk.flipBit(manifest, 8 * 60)
    else await writeFileAtomic(disk, manifest, Buffer.from(kind === 'empty' ? '' : '{"version":1}'))
    const store = open()
    expect(await all(store)).toEqual(expected)
    const level = kind === 'missing' ? 'warn' : 'error'
    expect(told).toEqual([{ level, code: 'LOGS_STORE_MANIFEST_DAMAGED', damaged: [] }])
    await store.append(linesOf(1, 20))
    await store.close()
    const again = open()
    expect(await all(again)).toEqual([...expected, ...linesOf(1, 20)])
    expect(told).toHaveLength(1)
    await again.close()
  })

  it('is made of the last of several attempts where it could not be replaced', async () => {
    const { disk, open, trouble } = world()
    const store = open()
    trouble.isManifestLocked = true
    for (let part = 0; part < 3; part++) {
      await store.append(linesOf(5, part * 5))
      await expect(store.flush()).rejects.toMatchObject({ code: 'CORE_DISK_FAILED' })
    }
    expect([...disk.entriesSync('/store/segments')]).toHaveLength(3)
    const left = disk.crash()
    // Dead without having had a list.
    const again = createLogStore({ path: '/store', disk: left, clock: new SimulatedClock(), maintenanceInterval: 0 })
    expect(await all(again)).toEqual(linesOf(15))
    await again.close()
    await expect(store.close()).rejects.toThrow()
  })

  it('is made without what a deletion has written that had to be repeated', async () => {
    const each = world()
    await filled(each)
    const { disk, open, trouble } = each
    const store = open()
    trouble.isManifestLocked = true
    await expect(store.delete('"line 5"')).rejects.toMatchObject({ code: 'CORE_DISK_FAILED' })
    await expect(store.delete('"line 6"')).rejects.toMatchObject({ code: 'CORE_DISK_FAILED' })
    await disk.removeFile(manifest)
    const again = createLogStore({ path: '/store', disk: disk.crash(), clock: each.clock, maintenanceInterval: 0 })
    // Nobody was told that either was done; the last has replaced what the first had, too.
    expect(await all(again)).toEqual(expected.filter((line) => !line.includes('"line 6 ')))
    await again.close()
    await expect(store.close()).rejects.toThrow()
  })

  it('that its writer has replaced but not made durable is made so before anything goes because of it', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const clock = new SimulatedClock({ now: Date.UTC(2026, 10, 20, 10) })
      const disk = createSimulatedDisk({ clock, random: new SeededRandom(seed) })
      const mortal = mortalWorld(disk, clock)
      let isLate = false
      let isThere = (): void => {}
      const replaced = new Promise<void>((resolve) => (isThere = resolve))
      const dying: Disk = {
        ...mortal.disk,
        fsyncFolder(path) {
          if (!isLate || path !== '/store') return mortal.disk.fsyncFolder(path)
          isThere()
          return new Promise(() => {})
        },
      }
      const options = { path: '/store', clock, sealAfter: 0, maintenanceInterval: 0, adoptInterval: 0 }
      const first = createLogStore({ ...options, disk: dying })
      await first.append(linesOf(5))
      await first.flush()
      await first.append(linesOf(5, 5))
      isLate = true
      void first.flush().catch(() => {})
      await replaced
      await mortal.kill()
      await createLogStore({ ...options, disk }).flush()
      const third = createLogStore({ ...options, disk: disk.crash() })
      expect(await all(third)).toEqual(linesOf(10))
      await third.close()
    }
  })

  it('is not made anew by those who do not write: they are told to wait', async () => {
    const each = world()
    await filled(each)
    const { disk, open } = each
    const [writer, reader] = [open(), open()]
    await writer.flush()
    await reader.query('*')
    disk.flipBit(manifest, 8 * 60)
    await expect(reader.query('*')).rejects.toMatchObject({ code: 'LOGS_STORE_MANIFEST_DAMAGED', retryable: true })
    await writer.append('{"a":1}')
    await writer.flush()
    expect(await reader.query('a:1')).toMatchObject({ lines: [{}] })
    await writer.close()
    await reader.close()
  })

  it('of a later version is left alone', async () => {
    const each = world()
    await filled(each)
    const { disk, open } = each
    await writeFileAtomic(disk, manifest, Buffer.from('{"version":2,"anything":[]}'))
    await expect(open().query('*')).rejects.toMatchObject({ code: 'LOGS_STORE_MANIFEST_VERSION' })
    expect(Buffer.from(await readFile(disk, manifest)).toString()).toContain('"version":2')
  })

  it('is made anew without segments that are damaged as well: they are named and kept aside', async () => {
    const each = world()
    await filled(each)
    const { disk, open, told } = each
    const names = disk.entriesSync('/store/segments').map(({ name }) => name)
    const broken = names.sort().at(-1)!
    const path = `/store/segments/${broken}`
    disk.flipBit(path, disk.statSync(path).size * 8 - 300)
    await disk.removeFile(manifest)
    const store = open()
    const left = await all(store)
    expect(left.length).toBeGreaterThan(0)
    expect(left.length).toBeLessThan(expected.length)
    expect(expected).toEqual(expect.arrayContaining(left))
    expect(told).toMatchObject([{ damaged: [broken] }])
    expect(await exists(disk, `${path}.damaged`)).toBe(true)
    await store.close()
  })

  it('is made anew in a bucket', async () => {
    const bucket = memoryStore()
    const open = (): LogStore => createLogStore({ store: bucket, sealAfter: 0, maintenanceInterval: 0 })
    const store = open()
    await store.append(linesOf(5))
    await store.flush()
    await store.append(linesOf(5, 5))
    await store.close()
    await bucket.put('manifest.json', Buffer.from('not this'))
    await bucket.put('segments/0000000009.seg', Buffer.from('nor this'))
    const again = open()
    expect(await all(again)).toEqual(linesOf(10))
    await again.append(linesOf(1, 10))
    await again.close()
    const keys = []
    for await (const { key } of bucket.list()) keys.push(key)
    expect(keys).toContain('damaged/0000000009.seg')
    const last = open()
    expect(await all(last)).toEqual(linesOf(11))
    await last.close()
  })
})

describe('a deletion that empties whole segments', () => {
  async function deletedInVain(each: ReturnType<typeof world>): Promise<LogStore> {
    await filled(each)
    const store = each.open()
    // The last segment has these five alone, the one before them others as well.
    each.trouble.isRemovalRefused = true
    await expect(store.delete('took:[14,20)')).rejects.toMatchObject({ code: 'CORE_DISK_FAILED' })
    return store
  }
  const left = expected.slice(0, 13)

  it('is not undone by a power loss before the files are gone that takes the list as well', async () => {
    const each = world()
    const store = await deletedInVain(each)
    const after = each.disk.crash()
    await after.removeFile(manifest)
    const again = createLogStore({ path: '/store', disk: after, clock: each.clock, maintenanceInterval: 0 })
    expect(await all(again)).toEqual(left)
    await again.close()
    expect(after.entriesSync('/store/segments').filter(({ name }) => !name.endsWith('.seg'))).toEqual([])
    await expect(store.close()).rejects.toThrow()
  })

  it('would be undone without the file that says so', async () => {
    const each = world()
    const store = await deletedInVain(each)
    const after = each.disk.crash()
    await after.removeFile(manifest)
    const [said] = after.entriesSync('/store/segments').filter(({ name }) => name.endsWith('.gone'))
    await after.removeFile(`/store/segments/${said!.name}`)
    const again = createLogStore({ path: '/store', disk: after, clock: each.clock, maintenanceInterval: 0 })
    expect((await all(again)).length).toBeGreaterThan(left.length)
    await again.close()
    await expect(store.close()).rejects.toThrow()
  })

  it('is done when it is asked for again, though nothing matches any more', async () => {
    const each = world()
    const store = await deletedInVain(each)
    expect(await all(store)).toEqual(left)
    await expect(store.delete('took:[14,20)')).rejects.toMatchObject({ code: 'CORE_DISK_FAILED' })
    each.trouble.isRemovalRefused = false
    expect(await store.delete('took:[14,20)')).toBe(0)
    const named = store.status().segments.map(({ name }) => name)
    expect(each.disk.entriesSync('/store/segments').map(({ name }) => name)).toEqual(named)
    await store.close()
  })
})

describe('a segment whose version was flipped', () => {
  it.for(Array.from({ length: 16 }, (_, bit) => bit))(
    'in bit %i is named, and repair keeps all its lines',
    async (bit) => {
      const each = world()
      await filled(each)
      const { disk, open } = each
      const store = open()
      await store.flush()
      const [first, ...others] = store.status().segments
      await store.close()
      const path = `/store/segments/${first!.name}`
      disk.flipBit(path, (disk.statSync(path).size - 10) * 8 + bit)
      const again = open()
      await expect(again.query('line')).rejects.toMatchObject({
        code: 'LOGS_STORE_SEGMENT_DAMAGED',
        details: { segment: first!.name, part: 'trailer' },
      })
      const rest = await again.query('line | stats count()', { skipDamaged: true })
      expect(rest).toMatchObject({ rows: [{ count: others.reduce((sum, { rows }) => sum + rows, 0) }] })
      expect(await again.repair()).toBe(0)
      expect(await all(again)).toEqual(expected)
      await again.close()
    },
  )

  it('is in the list that is made anew', async () => {
    const each = world()
    await filled(each)
    const { disk, open, told } = each
    const [first] = disk.entriesSync('/store/segments').sort((a, b) => a.name.localeCompare(b.name))
    const path = `/store/segments/${first!.name}`
    disk.flipBit(path, (disk.statSync(path).size - 10) * 8)
    await disk.removeFile(manifest)
    const store = open()
    expect(await store.repair()).toBe(0)
    expect(told).toMatchObject([{ code: 'LOGS_STORE_MANIFEST_DAMAGED', damaged: [] }])
    expect(await all(store)).toEqual(expected)
    await store.close()
  })
})

describe('a segment that somebody has removed', () => {
  it('is named, the others are read, and repair goes on without it', async () => {
    const each = world()
    await filled(each)
    const store = each.open()
    await store.flush()
    const [first, ...others] = store.status().segments
    await each.disk.removeFile(`/store/segments/${first!.name}`)
    const lost = { code: 'LOGS_STORE_SEGMENT_DAMAGED', details: { segment: first!.name } }
    await store.close()
    const again = each.open()
    await again.flush()
    await expect(again.query('line')).rejects.toMatchObject(lost)
    const rest = await again.query('line | stats count()', { skipDamaged: true })
    expect(rest).toMatchObject({ rows: [{ count: others.reduce((sum, { rows }) => sum + rows, 0) }] })
    expect(rest.costs.damaged).toHaveLength(1)
    expect(await again.repair()).toBe(first!.rows)
    expect((await all(again)).length).toBe(expected.length - first!.rows)
    await again.close()
  })
})

describe('a damaged segment', () => {
  it('keeps others from being compacted once, and not again', async () => {
    const { open, disk } = world()
    const store = open({ compactAt: 3 })
    for (let part = 0; part < 4; part++) {
      await store.append(linesOf(5, part * 5))
      await store.flush()
    }
    disk.flipBit(`/store/segments/${store.status().segments[1]!.name}`, 8 * 60)
    await expect(store.maintain()).rejects.toMatchObject({ code: 'LOGS_STORE_SEGMENT_DAMAGED' })
    expect(await store.maintain()).toMatchObject({ compacted: 3 })
    expect(store.status().segments).toHaveLength(2)
    await store.close()
  })
})

describe('what was handed over', () => {
  it('and is damaged is named and kept aside, and the rest is taken', async () => {
    const { open, disk, told } = world()
    const [writer, other] = [open(), open()]
    await writer.append(linesOf(1))
    await other.append(linesOf(1, 1))
    await other.append(linesOf(1, 2))
    const [first] = disk
      .entriesSync('/store/handover')
      .map(({ name }) => name)
      .sort()
    disk.flipBit(`/store/handover/${first!}`)
    await writer.flush()
    expect(await all(writer)).toEqual([...linesOf(1), ...linesOf(1, 2)])
    expect(told).toEqual([{ level: 'error', code: 'LOGS_STORE_HAND_OVER_DAMAGED', damaged: [] }])
    expect(disk.entriesSync('/store/handover').map(({ name }) => name)).toEqual([`${first!}.damaged`])
    await writer.close()
    await other.close()
  })
})
