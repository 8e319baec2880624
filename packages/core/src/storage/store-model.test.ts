import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ExprsnError } from '../errors/exprsn-error.ts'
import { createSimulatedDisk } from '../testing/disk/simulated-disk.ts'
import { folderStore } from './folder/folder-store.ts'
import { memoryStore } from './memory-store.ts'
import type { ObjectStore } from './object-store.ts'

type Step =
  | {
      readonly kind: 'put'
      readonly key: string
      readonly text: string
      readonly fresh: boolean
      readonly note: string | undefined
    }
  | { readonly kind: 'replace'; readonly key: string; readonly text: string }
  | { readonly kind: 'delete'; readonly key: string }
  | { readonly kind: 'list'; readonly prefix: string; readonly after: string }

// No key is a folder of another one: there a folder differs from other stores, on purpose.
const key = fc.constantFrom('a-', 'a/b', 'a/c/d', 'a.', 'a0', 'é/1', '😀', '\uff5a', 'z/y/x')
const text = fc.string({ maxLength: 3 })
const edge = fc.constantFrom('', 'a', 'a/', 'a/b', 'a/c', 'b', 'z/y/x', '\uffee')
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('put'), key, text, fresh: fc.boolean(), note: fc.option(text, { nil: undefined }) }),
  fc.record({ kind: fc.constant('replace'), key, text }),
  fc.record({ kind: fc.constant('delete'), key }),
  fc.record({ kind: fc.constant('list'), prefix: edge, after: edge }),
)

describe('a folder', () => {
  it('does what memory does, whatever is asked', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        const memory = memoryStore()
        const folder = folderStore({ path: '/store', disk: createSimulatedDisk() })
        for (const each of steps) expect(await perform(folder, each)).toEqual(await perform(memory, each))
      }),
      { numRuns: 200 },
    )
  })
})

async function perform(store: ObjectStore, each: Step): Promise<unknown> {
  try {
    switch (each.kind) {
      case 'put': {
        const metadata = each.note === undefined ? undefined : { note: each.note }
        const condition = each.fresh ? ({ ifNoneMatch: '*' } as const) : {}
        await store.put(each.key, Buffer.from(each.text), { ...condition, metadata })
        return await describeObject(store, each.key)
      }
      case 'replace': {
        const etag = (await store.head(each.key))?.etag ?? 'none'
        await store.put(each.key, Buffer.from(each.text), { ifMatch: etag })
        await expect(store.put(each.key, Buffer.from(`${each.text}!`), { ifMatch: `${etag}!` })).rejects.toThrow(
          /condition/,
        )
        return await describeObject(store, each.key)
      }
      case 'delete':
        await store.delete(each.key)
        return await store.head(each.key)
      case 'list': {
        const rows: unknown[] = []
        for await (const { key: name, size } of store.list(each)) rows.push([name, size])
        return rows
      }
    }
  } catch (error) {
    if (ExprsnError.is(error)) return error.code
    throw error
  }
}

async function describeObject(store: ObjectStore, name: string): Promise<unknown> {
  const object = await store.get(name)
  return { text: Buffer.from(await object.bytes()).toString(), size: object.size, note: object.metadata?.['note'] }
}
