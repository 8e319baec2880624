import { linesOf, minute, type StoreWork } from './crash-workloads.ts'

/** Appends and seals, in turns; the second time with a log that goes on. */
const append: StoreWork = {
  async run(store, { tell }) {
    for (let part = 0; part < 4; part++) {
      const lines = linesOf(4, part * 4)
      await store.append(lines)
      tell({ type: 'has', lines })
      if (part % 2 === 1) await store.flush()
    }
  },
}

const spool: StoreWork = {
  async run(store, { send, tell }) {
    const sink = store.sink()
    for (const count of [3, 8]) {
      await send(sink, linesOf(count))
      const lines = [`{"time":"2026-11-20T10:00:00Z","msg":"appended ${count} of many"}`]
      await store.append(lines)
      tell({ type: 'has', lines })
    }
  },
}

const compact: StoreWork = {
  options: { compactAt: 2 },
  async run(store, { tell }) {
    for (let part = 0; part < 3; part++) {
      // Of two days: the lines of a compaction become two segments.
      const lines = [...linesOf(3, part * 3), ...linesOf(2, 2_000 + part * 2)]
      await store.append(lines)
      tell({ type: 'has', lines })
      await store.flush()
      await store.maintain()
    }
  },
}

const remove: StoreWork = {
  async run(store, { tell }) {
    for (const part of [0, 1]) {
      const lines = linesOf(7, part * 7)
      await store.append(lines)
      tell({ type: 'has', lines })
      if (part === 0) await store.flush()
    }
    for (const user of ['user1', 'user0']) {
      tell({ type: 'begins to remove', text: `"${user}"` })
      await store.delete(`user:=${user}`)
      tell({ type: 'has removed', text: `"${user}"` })
    }
    const lines = linesOf(2, 300).map((line) => line.replace(/"user\d"/, '"late"'))
    await store.append(lines)
    tell({ type: 'has', lines })
  },
}

/** Deletes all lines of one segment, of the other only some. */
const empty: StoreWork = {
  async run(store, { tell }) {
    const [first, second] = [
      linesOf(3),
      [...linesOf(2, 1), ...linesOf(2, 500)].map((line) => line.replace('many', 'few')),
    ]
    for (const lines of [first, second]) {
      await store.append(lines)
      tell({ type: 'has', lines })
      await store.flush()
    }
    tell({ type: 'begins to remove', text: '"took":1,' })
    tell({ type: 'begins to remove', text: '"took":2,' })
    for (const text of first) tell({ type: 'begins to remove', text })
    await store.delete('took:<3')
    for (const text of first) tell({ type: 'has removed', text })
    tell({ type: 'has removed', text: '"took":1,' })
  },
}

const retention: StoreWork = {
  options: { retention: { age: '1d', streams: [{ query: 'user:=user1', age: '1m' }] } },
  async run(store, { clock, tell }) {
    const old = linesOf(9)
    await store.append(old)
    tell({ type: 'has', lines: old })
    await store.flush()
    await clock.advanceBy(Date.UTC(2026, 10, 22) - clock.now())
    const young = linesOf(3, 2_200)
    await store.append(young)
    tell({ type: 'has', lines: young })
    await clock.advanceBy(3 * minute)
    for (const text of ['"user1"', ...old]) tell({ type: 'begins to remove', text })
    await store.maintain()
    for (const text of ['"user1"', ...old]) tell({ type: 'has removed', text })
  },
}

const handOver: StoreWork = {
  async run(store, { neighbour, tell, send }) {
    const first = linesOf(2)
    await store.append(first)
    tell({ type: 'has', lines: first })
    const other = neighbour()
    const sink = other.sink()
    for (let part = 0; part < 3; part++) {
      const lines = linesOf(3, 100 + part * 3)
      await other.append(lines)
      tell({ type: 'has', lines })
      await send(sink, linesOf(2 + part * 2, 200))
      if (part < 2) await store.flush()
    }
  },
}

/** Everything that changes what a store consists of. */
export const works: Readonly<Record<string, StoreWork>> = { append, spool, compact, remove, empty, retention, handOver }
