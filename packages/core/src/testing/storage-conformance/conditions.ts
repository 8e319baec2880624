import assert from 'node:assert/strict'
import { systemClock } from '../../clock/system-clock.ts'
import { ExprsnError } from '../../errors/exprsn-error.ts'
import type { ObjectStore } from '../../storage/object-store.ts'
import type { ConformanceCase } from '../conformance.ts'
import { bytesOf, expectStorageError, getText, putText, streamOf } from './expect.ts'

/** Conditional puts, absence and deletion. */
export const conditionCases: readonly ConformanceCase<ObjectStore>[] = [
  {
    name: 'an object that is not there: get throws, head is undefined, delete is no error',
    async run(store) {
      const error = await expectStorageError(store.get('missing/key'), 'CORE_STORAGE_NOT_FOUND')
      assert.equal(error.retryable, false)
      assert.equal(error.status, 404)
      assert.equal(await store.head('missing/key'), undefined)
      await store.delete('missing/key')
    },
  },
  {
    name: 'a deleted object is gone and can be made again',
    async run(store) {
      await putText(store, 'key', 'one', { metadata: { a: '1' } })
      await store.delete('key')
      assert.equal(await store.head('key'), undefined)
      await expectStorageError(store.get('key'), 'CORE_STORAGE_NOT_FOUND')
      await putText(store, 'key', 'two', { ifNoneMatch: '*' })
      assert.equal(await getText(store, 'key'), 'two')
    },
  },
  {
    name: 'ifNoneMatch stores a new object and leaves an existing one alone',
    async run(store) {
      await putText(store, 'key', 'one', { ifNoneMatch: '*' })
      await expectStorageError(putText(store, 'key', 'two', { ifNoneMatch: '*' }), 'CORE_STORAGE_CONFLICT')
      await expectStorageError(
        store.put('key', streamOf(bytesOf('two')), { ifNoneMatch: '*' }),
        'CORE_STORAGE_CONFLICT',
      )
      assert.equal(await getText(store, 'key'), 'one')
    },
  },
  {
    name: 'of many that race with ifNoneMatch exactly one wins, and what it wrote stands',
    async run(store) {
      const puts = Array.from({ length: 8 }, (_, index) =>
        putText(store, 'race', `writer ${index}`, { ifNoneMatch: '*' }),
      )
      const outcomes = await Promise.allSettled(puts)
      const winner = outcomes.findIndex((outcome) => outcome.status === 'fulfilled')
      assert.equal(await getText(store, 'race'), `writer ${winner}`)
      assertOnlyConflicts(outcomes, 1)
    },
  },
  {
    name: 'ifMatch replaces the version it names and no other',
    async run(store) {
      const first = await putText(store, 'key', 'one')
      const second = await putText(store, 'key', 'two', { ifMatch: first.etag })
      await expectStorageError(putText(store, 'key', 'three', { ifMatch: first.etag }), 'CORE_STORAGE_CONFLICT')
      assert.equal(await getText(store, 'key'), 'two')
      await putText(store, 'key', 'three', { ifMatch: second.etag })
      assert.equal(await getText(store, 'key'), 'three')
    },
  },
  {
    name: 'ifMatch on an object that is not there is a conflict',
    async run(store) {
      const { etag } = await putText(store, 'key', 'one')
      await store.delete('key')
      await expectStorageError(putText(store, 'key', 'two', { ifMatch: etag }), 'CORE_STORAGE_CONFLICT')
      assert.equal(await store.head('key'), undefined)
    },
  },
  {
    name: 'of many that race with ifMatch exactly one wins',
    async run(store) {
      const { etag } = await putText(store, 'race', 'start')
      const puts = Array.from({ length: 8 }, (_, index) => putText(store, 'race', `writer ${index}`, { ifMatch: etag }))
      const outcomes = await Promise.allSettled(puts)
      const winner = outcomes.findIndex((outcome) => outcome.status === 'fulfilled')
      assert.equal(await getText(store, 'race'), `writer ${winner}`)
      assertOnlyConflicts(outcomes, 1)
    },
  },
  {
    name: 'conditions that contradict or say nothing are refused',
    async run(store) {
      const code = 'CORE_STORAGE_OPTION_INVALID'
      await expectStorageError(putText(store, 'key', 'x', { ifNoneMatch: '*', ifMatch: 'tag' }), code)
      await expectStorageError(putText(store, 'key', 'x', { ifMatch: '' }), code)
      await expectStorageError(putText(store, 'key', 'x', { sha256: 'abc' }), code)
      await expectStorageError(putText(store, 'key', 'x', { contentType: 'text/plain\r\nx: y' }), code)
    },
  },
  {
    name: 'content is locked as asked, or the store says that it has no locks and stores nothing',
    async run(store) {
      const lockedUntil = new Date(Math.ceil(systemClock.now() / 1_000) * 1_000 + 60_000)
      try {
        await putText(store, 'locked', 'x', { lockedUntil })
        assert.deepEqual((await store.head('locked'))?.lockedUntil, lockedUntil)
      } catch (error) {
        assert.ok(ExprsnError.is(error) && error.code === 'CORE_STORAGE_LOCK_UNSUPPORTED')
        assert.equal(await store.head('locked'), undefined)
      }
    },
  },
]

function assertOnlyConflicts(outcomes: readonly PromiseSettledResult<unknown>[], winners: number): void {
  const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []))
  assert.equal(outcomes.length - reasons.length, winners)
  for (const reason of reasons)
    assert.ok(ExprsnError.is(reason) && reason.code === 'CORE_STORAGE_CONFLICT', `not a conflict: ${String(reason)}`)
}
