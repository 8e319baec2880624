import assert from 'node:assert/strict'
import type { ListOptions, ObjectStore, ObjectVersion, ObjectVersions } from '../../storage/object-store.ts'
import type { ConformanceCase } from '../conformance.ts'
import { bytesOf, expectStorageError, getText, keysOf, putText } from './expect.ts'

/** What stores that keep versions have to do. */
export const versionCases: readonly ConformanceCase<ObjectStore>[] = [
  {
    name: 'what was replaced and deleted can be listed, newest first, and read',
    async run(store) {
      const versions = versionsOf(store)
      assert.equal(await versions.areKept(), true)
      await putText(store, 'a', 'one', { metadata: { number: '1' }, contentType: 'text/plain' })
      await putText(store, 'a', 'three')
      await store.delete('a')
      await putText(store, 'b', 'two')
      const listed = await allOf(versions)
      assert.deepEqual(listed.map(shapeOf), [
        'a deleted latest 0',
        'a stored past 5',
        'a stored past 3',
        'b stored latest 3',
      ])
      assert.equal(new Set(listed.map(({ versionId }) => versionId)).size, 4)
      const first = await versions.get('a', listed[2]!.versionId)
      assert.deepEqual(
        { key: first.key, size: first.size, etag: first.etag, metadata: first.metadata, type: first.contentType },
        { key: 'a', size: 3, etag: listed[2]!.etag, metadata: { number: '1' }, type: 'text/plain' },
      )
      assert.equal(new TextDecoder().decode(await first.bytes()), 'one')
      assert.deepEqual(await keysOf(store), ['b'])
    },
  },
  {
    name: 'a version stays as it was, whatever happens to its key',
    async run(store) {
      const versions = versionsOf(store)
      await putText(store, 'key', 'one')
      const [first] = await allOf(versions)
      await putText(store, 'key', 'two')
      await store.delete('key')
      await putText(store, 'key', 'three', { ifNoneMatch: '*' })
      assert.equal(await textOf(versions, 'key', first!.versionId), 'one')
      assert.equal(await getText(store, 'key'), 'three')
      const shapes = (await allOf(versions)).map(shapeOf)
      assert.deepEqual(shapes, ['key stored latest 5', 'key deleted past 0', 'key stored past 3', 'key stored past 3'])
    },
  },
  {
    name: 'a part of a version can be read, and not beyond its end',
    async run(store) {
      const versions = versionsOf(store)
      await putText(store, 'key', '0123456789')
      await putText(store, 'key', 'x')
      const { versionId } = (await allOf(versions))[1]!
      const part = await versions.get('key', versionId, { range: { start: 2, end: 5 } })
      assert.deepEqual(await part.bytes(), bytesOf('234'))
      assert.equal(part.size, 10)
      await expectStorageError(versions.get('key', versionId, { range: { start: 10 } }), 'CORE_STORAGE_RANGE_INVALID')
    },
  },
  {
    name: 'there is nothing behind a mark of a deletion, an unknown version and an unknown key',
    async run(store) {
      const versions = versionsOf(store)
      await putText(store, 'key', 'one')
      await store.delete('key')
      const [mark, version] = await allOf(versions)
      assert.deepEqual([mark!.isDeleted, version!.isDeleted], [true, false])
      for (const id of [mark!.versionId, 'unknown', ''])
        await expectStorageError(versions.get('key', id), 'CORE_STORAGE_NOT_FOUND')
      await expectStorageError(versions.get('other', version!.versionId), 'CORE_STORAGE_NOT_FOUND')
      await expectStorageError(versions.get('a//b', version!.versionId), 'CORE_STORAGE_KEY_INVALID')
    },
  },
  {
    name: 'versions are listed by prefix and after a key, in the order of the bytes of keys',
    async run(store) {
      const versions = versionsOf(store)
      const keys = ['p/\u{1f600}', 'p/a b', 'p/\uff5e', 'p/a/b', 'q', 'p/a']
      for (const key of keys) for (const text of ['1', '22']) await putText(store, key, text)
      const sorted = ['p/a', 'p/a b', 'p/a/b', 'p/\uff5e', 'p/\u{1f600}', 'q']
      const keysIn = async (options: ListOptions) => (await allOf(versions, options)).map(({ key }) => key)
      const twice = (some: readonly string[]) => some.flatMap((key) => [key, key])
      assert.deepEqual(await keysIn({}), twice(sorted))
      assert.deepEqual(await keysIn({ prefix: 'p/a' }), twice(sorted.slice(0, 3)))
      assert.deepEqual(await keysIn({ after: 'p/a b' }), twice(sorted.slice(2)))
      assert.deepEqual(await keysIn({ prefix: 'p/', after: 'p/a/b' }), twice(sorted.slice(3, 5)))
      const sizes = (await allOf(versions)).map(({ size }) => size)
      assert.deepEqual(
        sizes,
        keys.flatMap(() => [2, 1]),
      )
    },
  },
  {
    name: 'versions are not listed or read under a signal that was aborted',
    async run(store) {
      const versions = versionsOf(store)
      await putText(store, 'key', 'one')
      const [version] = await allOf(versions)
      const reason = new Error('enough')
      const signal = AbortSignal.abort(reason)
      for (const call of [
        () => versions.areKept({ signal }),
        () => allOf(versions, { signal }),
        () => versions.get('key', version!.versionId, { signal }),
      ])
        await assert.rejects(call, reason)
    },
  },
]

function versionsOf({ versions }: ObjectStore): ObjectVersions {
  assert.ok(versions !== undefined, 'the store has no versions')
  return versions
}

async function allOf(versions: ObjectVersions, options?: ListOptions): Promise<ObjectVersion[]> {
  const found: ObjectVersion[] = []
  for await (const version of versions.list(options)) found.push(version)
  return found
}

function shapeOf({ key, isDeleted, isLatest, size }: ObjectVersion): string {
  return `${key} ${isDeleted ? 'deleted' : 'stored'} ${isLatest ? 'latest' : 'past'} ${size}`
}

async function textOf(versions: ObjectVersions, key: string, versionId: string): Promise<string> {
  return new TextDecoder().decode(await (await versions.get(key, versionId)).bytes())
}
