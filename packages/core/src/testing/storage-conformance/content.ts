import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import type { ObjectStore } from '../../storage/object-store.ts'
import type { ConformanceCase } from '../conformance.ts'
import { bytesOf, expectStorageError, getText, patternOf, putText, streamOf } from './expect.ts'

/** What is put is what is read. */
export const contentCases: readonly ConformanceCase<ObjectStore>[] = [
  {
    name: 'an object is read back byte for byte',
    async run(store) {
      const content = patternOf(300_000)
      const info = await store.put('a/b.bin', content)
      assert.equal(info.key, 'a/b.bin')
      assert.equal(info.size, content.length)
      const object = await store.get('a/b.bin')
      assert.equal(object.size, content.length)
      assert.equal(object.etag, info.etag)
      assert.deepEqual(Buffer.from(await object.bytes()), Buffer.from(content))
    },
  },
  {
    name: 'an empty object is an object',
    async run(store) {
      await store.put('empty', new Uint8Array())
      await store.put('empty-stream', streamOf())
      for (const key of ['empty', 'empty-stream']) {
        assert.equal((await store.head(key))?.size, 0)
        assert.equal((await (await store.get(key)).bytes()).length, 0)
      }
    },
  },
  {
    name: 'a stream is stored whole, also when its producer reuses the chunk',
    async run(store) {
      const shared = new Uint8Array(50_000)
      await store.put(
        'stream',
        (async function* () {
          for (let turn = 1; turn <= 5; turn++) yield shared.fill(turn)
        })(),
      )
      const content = await (await store.get('stream')).bytes()
      assert.equal(content.length, 250_000)
      for (let turn = 1; turn <= 5; turn++) assert.equal(content[(turn - 1) * 50_000 + 49_999], turn)
    },
  },
  {
    name: "memory that was put is the producer's again, also that of a Buffer",
    async run(store) {
      const shared = Buffer.alloc(50_000)
      await store.put(
        'stream',
        (async function* () {
          for (let turn = 1; turn <= 3; turn++) yield shared.fill(turn)
        })(),
      )
      await store.put('whole', shared.fill(7))
      shared.fill(9)
      const content = await (await store.get('stream')).bytes()
      for (let turn = 1; turn <= 3; turn++) assert.equal(content[(turn - 1) * 50_000 + 49_999], turn)
      assert.equal((await (await store.get('whole')).bytes())[0], 7)
    },
  },
  {
    name: 'a body is streamed in order, once',
    async run(store) {
      const content = patternOf(700_000)
      await store.put('big', content)
      const object = await store.get('big')
      const chunks: Uint8Array[] = []
      for await (const chunk of object.body) chunks.push(chunk)
      assert.deepEqual(Buffer.concat(chunks), Buffer.from(content))
      await expectStorageError(object.bytes(), 'CORE_STORAGE_BODY_USED')
    },
  },
  {
    name: 'what is read does not change with the array that was put',
    async run(store) {
      const content = bytesOf('first')
      await store.put('key', content)
      content.fill(0)
      assert.equal(await getText(store, 'key'), 'first')
    },
  },
  {
    name: 'a put replaces the object and its etag, size and metadata',
    async run(store) {
      const first = await putText(store, 'key', 'one', { metadata: { a: '1' }, contentType: 'text/plain' })
      const second = await putText(store, 'key', 'three')
      assert.notEqual(first.etag, second.etag)
      assert.equal(await getText(store, 'key'), 'three')
      const head = await store.head('key')
      assert.equal(head?.etag, second.etag)
      assert.equal(head?.size, 5)
      assert.deepEqual(head?.metadata ?? {}, {})
      assert.equal(head?.contentType, undefined)
    },
  },
  {
    name: 'a content of the same length has another etag',
    async run(store) {
      const tags = new Set<string>()
      for (const text of ['aaaa', 'bbbb', 'cccc', 'dddd', 'eeee']) tags.add((await putText(store, 'key', text)).etag)
      assert.equal(tags.size, 5)
    },
  },
  {
    name: 'a range is start included, end excluded, cut at the end',
    async run(store) {
      await putText(store, 'digits', '0123456789')
      const read = async (start: number, end?: number): Promise<string> =>
        new TextDecoder().decode(await (await store.get('digits', { range: { start, end } })).bytes())
      assert.equal(await read(0, 1), '0')
      assert.equal(await read(3, 7), '3456')
      assert.equal(await read(7), '789')
      assert.equal(await read(9, 1_000), '9')
      assert.equal((await store.get('digits', { range: { start: 2, end: 4 } }).then(discarded)).size, 10)
    },
  },
  {
    name: 'a range that is empty or outside is refused',
    async run(store) {
      await putText(store, 'digits', '0123456789')
      await store.put('empty', new Uint8Array())
      const ranges = [
        { start: 10 },
        { start: 11, end: 12 },
        { start: 3, end: 3 },
        { start: 4, end: 2 },
        { start: -1 },
        { start: 0.5 },
      ]
      for (const range of ranges) await expectStorageError(store.get('digits', { range }), 'CORE_STORAGE_RANGE_INVALID')
      await expectStorageError(store.get('empty', { range: { start: 0 } }), 'CORE_STORAGE_RANGE_INVALID')
    },
  },
  {
    name: 'a content that does not have the promised SHA-256 is refused and not stored',
    async run(store) {
      const sha256 = createHash('sha256').update('right').digest('hex')
      await putText(store, 'key', 'right', { sha256 })
      await expectStorageError(putText(store, 'key', 'wrong', { sha256 }), 'CORE_STORAGE_CHECKSUM')
      await expectStorageError(
        store.put('other', streamOf(bytesOf('wro'), bytesOf('ng')), { sha256 }),
        'CORE_STORAGE_CHECKSUM',
      )
      assert.equal(await getText(store, 'key'), 'right')
      assert.equal(await store.head('other'), undefined)
    },
  },
  {
    name: 'a stream that fails stores nothing and its error arrives unchanged',
    async run(store) {
      const failure = new Error('the source broke')
      const broken = (async function* () {
        yield bytesOf('half')
        throw failure
      })()
      await assert.rejects(store.put('key', broken), (error) => error === failure)
      assert.equal(await store.head('key'), undefined)
    },
  },
]

async function discarded<Kind extends { discard(): Promise<void> }>(object: Kind): Promise<Kind> {
  await object.discard()
  return object
}
