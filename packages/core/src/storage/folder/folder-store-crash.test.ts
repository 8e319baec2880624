import { describe, expect, it } from 'vitest'
import type { Disk, DiskFile } from '../../disk/disk.ts'
import { enumerateCrashPoints } from '../../testing/crash/enumerate-crash-points.ts'
import { createSimulatedDisk } from '../../testing/disk/simulated-disk.ts'
import { storageConformance } from '../../testing/storage-conformance.ts'
import { keysOf, putText } from '../../testing/storage-conformance/expect.ts'
import { folderStore } from './folder-store.ts'

describe('folderStore on the simulated disk', () => {
  it.each(storageConformance)('$name', ({ run }) => run(folderStore({ path: '/store', disk: createSimulatedDisk() })))
})

/** An object after the crash: its text, and what its metadata says that the text should be. */
interface Found {
  readonly text: string
  readonly said: string | undefined
}

const steps = [
  ['a/new', 'one', { ifNoneMatch: '*' }],
  ['a/new', 'two, longer', {}],
  ['b', 'three', {}],
  ['a/new', 'four', {}],
  ['a/gone', 'five', { ifNoneMatch: '*' }],
  ['a/gone', undefined, {}],
] as const

describe('folderStore when the power fails', () => {
  it('keeps what was acknowledged and shows no half object, at every point', async () => {
    const report = await enumerateCrashPoints<Map<string, Found>, number>(
      {
        async run({ disk, clock, random, acknowledge }) {
          const store = folderStore({ path: '/data/store', disk, clock, random })
          for (const [index, [key, text, options]] of steps.entries()) {
            if (text === undefined) await store.delete(key)
            else await putText(store, key, text, { ...options, metadata: { said: text } })
            acknowledge(index)
          }
        },
        recover: readAll,
        check({ recovered, acknowledged }) {
          const last = acknowledged.at(-1) ?? -1
          for (const { text, said } of recovered.values()) expect(said).toBe(text)
          for (const key of ['a/new', 'b', 'a/gone']) {
            // The call under way at the crash may have happened or not.
            const possible = [stateAfter(key, last), stateAfter(key, last + 1)]
            expect(possible).toContain(recovered.get(key)?.text)
          }
        },
      },
      { seeds: 3 },
    )
    expect(report.violations).toEqual([])
    expect(report.points).toBeGreaterThan(150)
  })

  const planted: readonly [string, boolean, (disk: Disk) => Partial<Disk>][] = [
    ['nothing is synced', false, () => ({})],
    ['folders are not synced', true, () => ({ fsyncFolder: async () => {} })],
    [
      'content is not synced',
      true,
      (disk) => ({ open: async (path, mode) => withoutSync(await disk.open(path, mode)) }),
    ],
  ]
  for (const [fault, durable, change] of planted)
    it(`would lose objects if ${fault}, which the search finds`, async () => {
      const report = await enumerateCrashPoints<Map<string, Found>, string>(
        {
          async run({ disk: simulated, clock, random, acknowledge }) {
            const disk = changed<Disk>(simulated, change(simulated))
            const store = folderStore({ path: '/store', disk, clock, random, durable })
            await putText(store, 'folder/key', 'text')
            acknowledge('folder/key')
          },
          recover: (disk) => readAll(disk, '/store'),
          check: ({ recovered, acknowledged }) => {
            for (const key of acknowledged) expect(recovered.get(key)?.text).toBe('text')
          },
        },
        { seeds: 8 },
      )
      expect(report.violations.length).toBeGreaterThan(0)
    })
})

function stateAfter(key: string, step: number): string | undefined {
  return steps.slice(0, step + 1).findLast(([name]) => name === key)?.[1]
}

async function readAll(disk: Disk, path = '/data/store'): Promise<Map<string, Found>> {
  const store = folderStore({ path, disk })
  const found = new Map<string, Found>()
  for (const key of await keysOf(store)) {
    const object = await store.get(key)
    found.set(key, { text: new TextDecoder().decode(await object.bytes()), said: object.metadata?.['said'] })
  }
  return found
}

function withoutSync(file: DiskFile): DiskFile {
  return changed(file, { fsync: async () => {} })
}

function changed<Kind extends object>(subject: Kind, changes: Partial<Kind>): Kind {
  return new Proxy(subject, {
    get(target, property) {
      if (Object.hasOwn(changes, property)) return Reflect.get(changes, property) as unknown
      const value: unknown = Reflect.get(target, property, target)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
}
