import { createSimulatedDisk, SimulatedClock } from '@exprsn/core/testing'
import { memoryStore } from '@exprsn/core/storage'
import { makeTemporaryFolder, removeTree, systemDisk, writeFileAtomic } from '@exprsn/core/disk'
import { createLogStore, type LogLine, type LogStore, type LogStoreOptions, type QueryResult } from '@exprsn/logs/store'
import { describe, expect, it } from 'vitest'

const start = Date.UTC(2026, 10, 20, 10)
const minute = 60_000

/** Nothing happens by itself. */
const quiet = { sealAfter: 0, maintenanceInterval: 0, adoptInterval: 0 } as const

function world(options: Partial<LogStoreOptions> = {}) {
  const clock = new SimulatedClock({ now: start })
  const disk = createSimulatedDisk({ clock })
  const open = (more: Partial<LogStoreOptions> = {}): LogStore =>
    createLogStore({ ...quiet, path: '/store', disk, clock, ...options, ...more })
  return { clock, disk, open, store: open() }
}

/** A line a minute. */
function lines(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, index) => {
    const at = from + index
    return JSON.stringify({
      time: start + at * minute,
      level: at % 5 === 0 ? 50 : 30,
      service: at % 2 === 0 ? 'api' : 'web',
      took: at,
      msg: `line ${at}`,
    })
  })
}

function textsIn(result: QueryResult): string[] {
  if (result.kind !== 'lines') throw new Error('expected lines')
  return result.lines.map(({ text }) => text)
}

function rowsIn(result: QueryResult) {
  if (result.kind !== 'rows') throw new Error('expected rows')
  return result.rows
}

async function all(store: LogStore): Promise<string[]> {
  const found: LogLine[] = []
  for await (const line of store.export()) found.push(line)
  return found.sort((a, b) => a.sequence - b.sequence).map(({ text }) => text)
}

describe('a store', () => {
  it('has its lines again after a restart, sealed or not', async () => {
    const { store, open, disk } = world()
    await store.append(lines(5))
    await store.flush()
    await store.append(lines(5, 5))
    await store.close()
    const heir = open()
    expect(await all(heir)).toEqual(lines(10))
    await heir.append('{"a":1}\n')
    const survivor = disk.crash()
    const last = createLogStore({ path: '/store', disk: survivor })
    expect(await all(last)).toEqual([...lines(10), '{"a":1}'])
    await last.close()
  })

  it('gives pages, newest or oldest first, each line once', async () => {
    const { store } = world()
    await store.append([...lines(30, 30), ...lines(30)])
    await store.flush()
    await store.append(lines(5, 60))
    for (const order of ['newest', 'oldest'] as const) {
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const page = await store.query('*', { limit: 7, order, cursor })
        seen.push(...textsIn(page))
        cursor = page.kind === 'lines' ? page.cursor : undefined
      } while (cursor !== undefined)
      expect(seen).toEqual(order === 'oldest' ? lines(65) : lines(65).toReversed())
    }
    await expect(store.query('*', { cursor: 'x' })).rejects.toMatchObject({ code: 'LOGS_QUERY_CURSOR' })
    await store.close()
  })

  it('counts, groups, sorts and cuts', async () => {
    const { store } = world()
    await store.append(lines(40))
    await store.flush()
    const text =
      'level:error | stats count(), sum(took), avg(took), min(took), max(took), quantile(0.5, took) as half, distinct(service) as services by service, bucket(20m)'
    expect(rowsIn(await store.query(text))).toEqual([
      {
        service: 'api',
        time: '2026-11-20T10:00:00.000Z',
        count: 2,
        'sum(took)': 10,
        'avg(took)': 5,
        'min(took)': 0,
        'max(took)': 10,
        half: 0,
        services: 1,
      },
      {
        service: 'api',
        time: '2026-11-20T10:20:00.000Z',
        count: 2,
        'sum(took)': 50,
        'avg(took)': 25,
        'min(took)': 20,
        'max(took)': 30,
        half: 20,
        services: 1,
      },
      {
        service: 'web',
        time: '2026-11-20T10:00:00.000Z',
        count: 2,
        'sum(took)': 20,
        'avg(took)': 10,
        'min(took)': 5,
        'max(took)': 15,
        half: 5,
        services: 1,
      },
      {
        service: 'web',
        time: '2026-11-20T10:20:00.000Z',
        count: 2,
        'sum(took)': 60,
        'avg(took)': 30,
        'min(took)': 25,
        'max(took)': 35,
        half: 25,
        services: 1,
      },
    ])
    expect(rowsIn(await store.query('* | stats count() by took | sort took desc | limit 2 | fields took'))).toEqual([
      { took: '9' },
      { took: '8' },
    ])
    expect(rowsIn(await store.query('took:>37 | fields took, none'))).toEqual([
      { took: 39, none: null },
      { took: 38, none: null },
    ])
    expect(textsIn(await store.query('* | sort took | limit 2'))).toEqual(lines(2))
    expect(textsIn(await store.query('* | sort _time asc | limit 2'))).toEqual(lines(2))
    expect(rowsIn(await store.query('nothing | stats count(), avg(took), rate()'))).toEqual([
      { count: 0, 'avg(took)': null, 'rate()': 0 },
    ])
    expect(rowsIn(await store.query('* | stats rate() | limit 1'))[0]!['rate()']).toBeCloseTo(40 / (39 * 60))
    expect(rowsIn(await store.query('* | patterns'))).toEqual([{ pattern: 'line *', count: 40, sample: 'line 0' }])
    expect(await store.facets('level:error', ['service', 'took'], { limit: 1 })).toEqual({
      service: [{ value: 'api', count: 4 }],
      took: [{ value: '0', count: 1 }],
    })
    await store.close()
  })

  it('shows what stands around a line', async () => {
    const { store } = world()
    await store.append(lines(20))
    const found = await store.query('"line 10"')
    const place = found.kind === 'lines' ? found.lines[0]! : undefined
    expect((await store.context(place!, { before: 2, after: 1 })).map(({ text }) => text)).toEqual([
      ...lines(2, 8),
      ...lines(1, 11),
    ])
    await store.close()
  })

  it('says what it did not have to look at', async () => {
    const { store } = world()
    for (let part = 0; part < 4; part++) {
      await store.append(lines(300, part * 300))
      await store.flush()
    }
    const counted = await store.query('line | stats count()')
    expect(counted.costs).toMatchObject({ segments: 4, blocks: 4, blocksSkipped: 4, matched: 1_200 })
    const hour = await store.query('_time:2026-11-20T10 | stats count()')
    expect(hour.costs).toMatchObject({ segmentsSkipped: 3, matched: 60 })
    await store.close()
  })

  it('follows lines as they come, for many readers, and counts what a slow one misses', async () => {
    const { store } = world()
    const controller = new AbortController()
    const dropped: number[] = []
    const [first, second, slow] = [
      store.tail('level:error', { signal: controller.signal })[Symbol.asyncIterator](),
      store.tail('level:error', { signal: controller.signal })[Symbol.asyncIterator](),
      store.tail('*', { buffer: 3, onDropped: (count) => dropped.push(count) })[Symbol.asyncIterator](),
    ]
    const next = [first!.next(), second!.next(), slow!.next()]
    await new Promise((resolve) => setImmediate(resolve))
    await store.append(lines(10))
    expect((await Promise.all(next)).map(({ value }) => (value as LogLine).text)).toEqual([
      lines(1)[0],
      lines(1)[0],
      lines(1)[0],
    ])
    expect(((await first!.next()).value as LogLine).text).toBe(lines(1, 5)[0])
    expect([(await slow!.next()).done, (await slow!.next()).done]).toEqual([false, false])
    const last = slow!.next()
    controller.abort()
    expect((await first!.next()).done).toBe(true)
    await store.close()
    expect((await last).done).toBe(true)
    expect(dropped).toEqual([7])
    await expect(store.append('x')).rejects.toMatchObject({ code: 'LOGS_STORE_CLOSED' })
  })
})

describe('what is deleted', () => {
  it('is in no file any more, from memory, log and segments', async () => {
    const { store, disk } = world()
    await store.append(lines(50))
    await store.flush()
    await store.append([...lines(50, 50), '{"user":"ada","msg":"secretword"}'])
    const before = disk.entriesSync('/store/segments').map(({ name }) => name)
    expect(await store.delete('service:web OR secretword')).toBe(51)
    expect(await all(store)).toEqual(lines(100).filter((line) => line.includes('"api"')))
    const after = disk.entriesSync('/store/segments').map(({ name }) => name)
    expect(after.filter((name) => before.includes(name))).toEqual([])
    expect(disk.entriesSync('/store/wal')).toEqual([])
    expect(rowsIn(await store.query('secretword | stats count()'))).toEqual([{ count: 0 }])
    expect(await store.delete('nothing')).toBe(0)
    expect(await store.delete('*')).toBe(50)
    expect(disk.entriesSync('/store/segments')).toEqual([])
    await store.close()
  })
})

describe('maintenance', () => {
  it('makes one segment of many small ones of a day, in the order of time', async () => {
    const { store } = world({ compactAt: 4 })
    for (const part of [3, 0, 2, 1]) {
      await store.append(lines(10, part * 10))
      await store.flush()
    }
    await store.append(lines(10, 2_000))
    await store.flush()
    expect(await store.maintain()).toEqual({ compacted: 4, expired: 0, deleted: 0 })
    expect(store.status().segments).toHaveLength(2)
    expect(textsIn(await store.query('*', { order: 'oldest' }))).toEqual([...lines(40), ...lines(10, 2_000)])
    expect(await store.maintain()).toEqual({ compacted: 0, expired: 0, deleted: 0 })
    expect(await store.verify()).toMatchObject([{ problem: undefined }, { problem: undefined }])
    await store.close()
  })

  it('parts days when it compacts', async () => {
    const { store } = world({ compactAt: 2 })
    for (const part of [0, 1]) {
      await store.append([...lines(5, part * 5), ...lines(5, 1_440 + part * 5)])
      await store.flush()
    }
    expect((await store.maintain()).compacted).toBe(2)
    expect(store.status().segments.map(({ rows }) => rows)).toEqual([10, 10])
    await store.close()
  })

  it('removes by age, by size and by stream', async () => {
    const { store, clock } = world({
      retention: { age: '1d', bytes: 1_000_000, streams: [{ query: 'service:web', age: '1h' }] },
    })
    await store.append(lines(10))
    await clock.advanceBy(90 * minute)
    expect(await store.maintain()).toEqual({ compacted: 0, expired: 0, deleted: 5 })
    await clock.advanceBy(1_440 * minute)
    await store.append(lines(1, 1_500))
    expect((await store.maintain()).expired).toBe(1)
    expect(await all(store)).toEqual(lines(1, 1_500))
    await store.close()
    const small = world({ retention: { bytes: 1_500 } })
    for (let part = 0; part < 4; part++) {
      await small.store.append(lines(20, part * 20))
      await small.store.flush()
    }
    expect((await small.store.maintain()).expired).toBeGreaterThan(0)
    expect(small.store.status().segments.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(1_500)
    expect((await all(small.store)).at(-1)).toBe(lines(1, 79)[0])
    await small.store.close()
  })

  it('has its turn by itself, and what waits is sealed', async () => {
    const { clock, open } = world()
    const store = open({ sealAfter: '1m', maintenanceInterval: '2m' })
    await store.append(lines(3))
    for (let turn = 0; turn < 5; turn++) await clock.advanceBy(minute)
    expect(store.status()).toMatchObject({ waiting: 0, segments: [{ rows: 3 }] })
    await store.close()
  })
})

describe('several processes', () => {
  it('read what one has written, hand over what they take, and one writes until it is gone', async () => {
    const { store, open, clock } = world({ adoptInterval: '1s' })
    await store.append(lines(3))
    const other = open()
    await other.append(lines(1, 3))
    expect(await all(other)).toEqual([])
    await store.flush()
    expect(await all(other)).toEqual(lines(4))
    await other.append(lines(1, 4))
    await clock.advanceBy(1_000)
    expect(await all(store)).toEqual(lines(5))
    await expect(other.delete('*')).rejects.toMatchObject({ code: 'LOGS_STORE_READ_ONLY', retryable: true })
    await store.delete('"line 0"')
    expect(await all(other)).toEqual(lines(4, 1))
    expect([store.status().isWriter, other.status().isWriter]).toEqual([true, false])
    await other.append(lines(1, 5))
    await store.close()
    await other.append(lines(1, 6))
    expect(other.status().isWriter).toBe(true)
    expect(await all(other)).toEqual(lines(6, 1))
    await other.close()
  })
})

describe('in an object store', () => {
  it('segments are read by range, and a second writer is told', async () => {
    const objects = memoryStore()
    const options = { store: objects, prefix: 'logs/', sealAfter: 0, maintenanceInterval: 0 } as const
    const store = createLogStore(options)
    await store.append(lines(1_000))
    await store.flush()
    const other = createLogStore(options)
    expect(rowsIn(await other.query('level:error | stats count()'))).toEqual([{ count: 200 }])
    await other.append('{"msg":"mine"}')
    await other.flush()
    await store.append('{"msg":"too late"}')
    await expect(store.flush()).rejects.toMatchObject({ code: 'LOGS_STORE_TWO_WRITERS' })
    await expect(store.close()).rejects.toMatchObject({ code: 'LOGS_STORE_TWO_WRITERS' })
    expect(await other.delete('level:error')).toBe(200)
    expect(await all(other)).toHaveLength(801)
    await other.close()
    const keys = []
    for await (const { key } of objects.list()) keys.push(key)
    expect(keys.filter((key) => key.startsWith('logs/'))).toHaveLength(keys.length)
  })
})

describe('a text with a newline', () => {
  it('is found where a value has one, and not where values end', async () => {
    const store = createLogStore({ store: memoryStore(), sealAfter: 0, maintenanceInterval: 0 })
    await store.append(['one', 'two', '{"msg":"three"}', '{"msg":"four\\nfive"}'])
    const found = async (text: string): Promise<readonly string[]> => {
      const result = await store.query({ filter: { type: 'match', test: { type: 'phrase', text } }, pipes: [] })
      return result.kind === 'lines' ? result.lines.map((line) => line.text) : []
    }
    for (const text of ['\n', 'four\nfive']) expect(await found(text)).toEqual(['{"msg":"four\\nfive"}'])
    expect(await found('one\ntwo')).toEqual([])
    await store.close()
  })
})

describe('bad input', () => {
  it('of a segment is named, the rest is read, and repair keeps what can be read', async () => {
    const { store, disk } = world()
    await store.append(Array.from({ length: 10_000 }, (_, at) => lines(1, at)[0]!))
    await store.flush()
    await store.append(lines(10, 10_000))
    await store.flush()
    const [first] = store.status().segments
    disk.flipBit(`/store/segments/${first!.name}`, 8 * 200)
    await store.close()
    const again = createLogStore({ path: '/store', disk, sealAfter: 0, maintenanceInterval: 0 })
    await expect(again.query('msg:~"li.e"', { limit: 100_000 })).rejects.toMatchObject({
      code: 'LOGS_STORE_SEGMENT_DAMAGED',
    })
    const found = await again.query('msg:~"li.e" | stats count()', { skipDamaged: true })
    expect(found.costs.damaged).toHaveLength(1)
    expect(Number(rowsIn(found)[0]!.count)).toBeGreaterThanOrEqual(10)
    expect((await again.verify()).filter(({ problem }) => problem !== undefined)).toHaveLength(1)
    const lost = await again.repair()
    expect(lost).toBeGreaterThan(0)
    expect(await all(again)).toHaveLength(10_010 - lost)
    expect((await again.verify()).filter(({ problem }) => problem !== undefined)).toEqual([])
    await again.close()
  })

  it('of a manifest or of options is a typed error', async () => {
    const { store, disk, open } = world()
    await store.append('x')
    await store.close()
    await writeFileAtomic(disk, '/store/manifest.json', Buffer.from('{"version":2}'))
    await expect(open().query('*')).rejects.toMatchObject({ code: 'LOGS_STORE_MANIFEST_VERSION' })
    expect(() => createLogStore({})).toThrow(expect.objectContaining({ code: 'LOGS_STORE_OPTION_INVALID' }))
    expect(() => open({ sealAfter: 'soon' as '1s' })).toThrow(
      expect.objectContaining({ code: 'LOGS_STORE_OPTION_INVALID' }),
    )
    expect(() => open({ retention: { streams: [{ query: '(', age: '1d' }] } })).toThrow(
      expect.objectContaining({ code: 'LOGS_QUERY_INVALID' }),
    )
  })

  it('of lines is kept as it is: 10 MB, 10,000 fields, hostile names, times a century off', async () => {
    const { store } = world({ maxLine: 11_000_000 })
    const hostile = [
      JSON.stringify({ msg: 'x'.repeat(10_000_000) }),
      JSON.stringify(
        Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`field${index}`, `value${index}`])),
      ),
      '{"__proto__":{"a":1},"constructor":{"prototype":{"b":2}},"toString":"x","a\\"b\\n":"y","":1}',
      JSON.stringify({ time: Date.UTC(1926, 1), msg: 'early' }),
      JSON.stringify({ time: Date.UTC(2126, 1), msg: 'late' }),
      '{"time":"yesterday","msg":"when"}',
    ]
    await store.append(hostile)
    await store.flush()
    expect(await all(store)).toEqual(hostile)
    expect(textsIn(await store.query('field77:value77'))).toEqual([hostile[1]])
    expect(textsIn(await store.query('__proto__.a:1'))).toEqual([hostile[2]])
    expect(textsIn(await store.query('_time:>2100-01-01'))).toEqual([hostile[4]])
    expect(rowsIn(await store.query('* | stats count() by toString | sort count desc | limit 1'))).toEqual([
      { toString: null, count: 5 },
    ])
    await expect(store.append('y'.repeat(11_000_001))).rejects.toMatchObject({ code: 'LOGS_STORE_LINE_TOO_LARGE' })
    await store.close()
  })

  it('of a query is stopped: cardinality, time, memory, patterns', async () => {
    const { store, clock } = world({ maxGroups: 50, maxSortedLines: 50 })
    await store.append(lines(100))
    for (const text of [
      '* | stats count() by took',
      '* | stats distinct(took)',
      '* | stats quantile(0.5, took)',
      '* | sort took',
    ])
      await expect(store.query(text)).rejects.toMatchObject({ code: 'LOGS_QUERY_TOO_COSTLY' })
    const slow = {
      now: () => clock.now(),
      monotonic: (() => {
        let at = 0
        return () => (at += 9)
      })(),
      setTimer: clock.setTimer.bind(clock),
    }
    const other = createLogStore({
      store: memoryStore(),
      clock: slow,
      sealAfter: 0,
      maintenanceInterval: 0,
      queryTimeout: 5,
    })
    await other.append(lines(10))
    await expect(other.query('*')).rejects.toMatchObject({ code: 'LOGS_QUERY_TIMEOUT' })
    await expect(store.query('*', { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough')
    await store.close()
  })

  it('a full disk while sealing or compacting loses nothing', async () => {
    const { store, disk } = world({ compactAt: 2 })
    await store.append(lines(20))
    disk.setCapacity(1)
    await expect(store.flush()).rejects.toMatchObject({ code: 'CORE_DISK_FULL' })
    expect(await all(store)).toEqual(lines(20))
    disk.setCapacity(2 ** 30)
    await store.flush()
    await store.append(lines(20, 20))
    await store.flush()
    disk.setCapacity(1)
    await expect(store.maintain()).rejects.toMatchObject({ code: 'CORE_DISK_FULL' })
    expect(await all(store)).toEqual(lines(40))
    disk.setCapacity(2 ** 30)
    expect((await store.maintain()).compacted).toBe(2)
    expect(await all(store)).toEqual(lines(40))
    await store.close()
  })
})

describe('on the disk of the machine', () => {
  it('a hundred thousand lines are there, and found', async () => {
    const path = await makeTemporaryFolder(systemDisk)
    const store = createLogStore({ path })
    try {
      for (let part = 0; part < 10; part++) await store.append(lines(10_000, part * 10_000))
      expect(rowsIn(await store.query('line | stats count()'))).toEqual([{ count: 100_000 }])
      await store.flush()
      expect(rowsIn(await store.query('level:error | stats count() by service'))).toEqual([
        { service: 'api', count: 10_000 },
        { service: 'web', count: 10_000 },
      ])
      expect(textsIn(await store.query('"line 77777"'))).toEqual(lines(1, 77_777))
    } finally {
      await store.close()
      await removeTree(systemDisk, path)
    }
  })
})
