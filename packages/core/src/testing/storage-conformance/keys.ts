import assert from 'node:assert/strict'
import { compareKeys } from '../../storage/key.ts'
import type { ObjectInfo, ObjectStore } from '../../storage/object-store.ts'
import type { ConformanceCase } from '../conformance.ts'
import { expectStorageError, getText, keysOf, putText } from './expect.ts'

const oddKeys = ['a+b', 'a b', 'ünïcode/日本', 'quote\'"<&>', 'per%cent%20', 'tilde~!*()', 'q?x=1&y#z', '😀', '\uffee']
const invalidKeys = [
  '',
  '/',
  'a//b',
  '/a',
  'a/',
  '.',
  '..',
  'a/../b',
  './a',
  'a/.',
  'nul\0',
  'line\n',
  '\ud800',
  'x'.repeat(1_025),
]

/** Keys, metadata and listing. */
export const keyCases: readonly ConformanceCase<ObjectStore>[] = [
  {
    name: 'keys of any characters are kept apart and listed as they were given',
    async run(store) {
      for (const key of oddKeys) await putText(store, key, `at ${key}`)
      for (const key of oddKeys) assert.equal(await getText(store, key), `at ${key}`)
      assert.deepEqual(await keysOf(store), [...oddKeys].sort(compareKeys))
    },
  },
  {
    name: 'keys that no store can hold are refused by every operation',
    async run(store) {
      const code = 'CORE_STORAGE_KEY_INVALID'
      for (const key of invalidKeys) {
        await expectStorageError(putText(store, key, 'x'), code)
        await expectStorageError(store.get(key), code)
        await expectStorageError(store.head(key), code)
        await expectStorageError(store.delete(key), code)
      }
      assert.deepEqual(await keysOf(store), [])
    },
  },
  {
    name: 'a listing ascends by the UTF-8 bytes of the keys, folders or not',
    async run(store) {
      const keys = ['a-b', 'a.b', 'a/b', 'a0', 'a/b-c/d', 'a/b.c', 'A', 'é', 'z', '😀', '\uff5a', 'b/1', 'b/10', 'b/2']
      for (const key of keys) if (key !== 'a/b') await putText(store, key, 'x')
      const expected = keys
        .filter((key) => key !== 'a/b')
        .sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)))
      assert.deepEqual(await keysOf(store), expected)
      for (const after of [...keys, 'a', 'a/', 'b/1z', '~'])
        assert.deepEqual(
          await keysOf(store, { after }),
          expected.filter((key) => Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0),
          `after ${after}`,
        )
    },
  },
  {
    name: 'a prefix is the beginning of the key, not a folder',
    async run(store) {
      for (const key of ['data/1', 'data/2', 'data-old/1', 'dat', 'index/1']) await putText(store, key, 'x')
      assert.deepEqual(await keysOf(store, { prefix: 'data' }), ['data-old/1', 'data/1', 'data/2'])
      assert.deepEqual(await keysOf(store, { prefix: 'data/' }), ['data/1', 'data/2'])
      assert.deepEqual(await keysOf(store, { prefix: 'data/', after: 'data/1' }), ['data/2'])
      assert.deepEqual(await keysOf(store, { prefix: 'none/' }), [])
    },
  },
  {
    name: 'a listing tells size, etag and time as head does',
    async run(store) {
      await putText(store, 'a', 'one', { metadata: { field: 'value' } })
      await putText(store, 'b/c', 'four')
      const listed: ObjectInfo[] = []
      for await (const info of store.list()) listed.push(info)
      assert.equal(listed.length, 2)
      for (const info of listed) {
        const head = await store.head(info.key)
        assert.equal(info.size, head?.size)
        assert.equal(info.etag, head?.etag)
        // HTTP dates are whole seconds, listings may tell more.
        assert.ok(Math.abs(info.modifiedAt.getTime() - (head?.modifiedAt.getTime() ?? 0)) < 1_000)
      }
    },
  },
  {
    name: 'a listing may be left before its end',
    async run(store) {
      for (const key of ['a', 'b', 'c']) await putText(store, key, 'x')
      for await (const { key } of store.list()) {
        assert.equal(key, 'a')
        break
      }
    },
  },
  {
    name: 'metadata and content type are kept, of any text',
    async run(store) {
      const metadata = {
        plain: 'text',
        'with-dash': 'Zürich – 日本 😀',
        spaces: '  two  ',
        percent: '100%25',
        empty: '',
      }
      await putText(store, 'key', 'x', { metadata, contentType: 'text/plain; charset=utf-8' })
      for (const info of [await store.head('key'), await store.get('key')]) {
        assert.deepEqual({ ...info?.metadata }, metadata)
        assert.equal(info?.contentType, 'text/plain; charset=utf-8')
      }
      await (await store.get('key')).discard()
    },
  },
  {
    name: 'metadata that cannot be kept is refused by name',
    async run(store) {
      const cases: readonly Record<string, string>[] = [
        { Upper: 'x' },
        { 'exprsn-x': 'x' },
        { 'a b': 'x' },
        { long: 'x'.repeat(2_049) },
        { bad: '\ud800' },
      ]
      for (const metadata of cases) {
        const error = await expectStorageError(
          putText(store, 'key', 'x', { metadata }),
          'CORE_STORAGE_METADATA_INVALID',
        )
        assert.equal(error.details['field'], Object.keys(metadata)[0])
      }
      assert.equal(await store.head('key'), undefined)
    },
  },
  {
    name: 'a signal that is aborted stops every operation with its reason',
    async run(store) {
      await putText(store, 'key', 'x')
      const reason = new Error('given up')
      const signal = AbortSignal.abort(reason)
      const isReason = (error: unknown): boolean => error === reason
      await assert.rejects(putText(store, 'other', 'x', { signal }), isReason)
      await assert.rejects(store.get('key', { signal }), isReason)
      await assert.rejects(store.head('key', { signal }), isReason)
      await assert.rejects(store.delete('key', { signal }), isReason)
      await assert.rejects(keysOf(store, { signal }), isReason)
      assert.deepEqual(await keysOf(store), ['key'])
    },
  },
  {
    name: 'a put that is given up between two chunks stores nothing',
    async run(store) {
      const controller = new AbortController()
      const reason = new Error('given up')
      const body = (async function* () {
        yield new Uint8Array(10)
        controller.abort(reason)
        yield new Uint8Array(10)
      })()
      await assert.rejects(store.put('key', body, { signal: controller.signal }), (error) => error === reason)
      assert.equal(await store.head('key'), undefined)
    },
  },
]
