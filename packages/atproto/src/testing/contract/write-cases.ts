import assert from 'node:assert/strict'
import type { ConformanceCase } from '@exprsn/core/testing'
import { PdsGuest } from './pds-guest.ts'
import type { PdsSubject } from './pds-subject.ts'

const collection = 'com.example.note'
const other = 'bafyreidfayvfuwqa7qlnopdjiqrxzs6blmoeu4rujcjtnci5beludirz2a'
const create = (rkey: string, value: object = { text: rkey }, into = collection) => ({
  $type: 'com.atproto.repo.applyWrites#create',
  collection: into,
  rkey,
  value,
})
const update = (rkey: string, value: object) => ({
  ...create(rkey, value),
  $type: 'com.atproto.repo.applyWrites#update',
})
const remove = (rkey: string) => ({ $type: 'com.atproto.repo.applyWrites#delete', collection, rkey })

function contractCase(name: string, work: (guest: PdsGuest) => Promise<void>): ConformanceCase<PdsSubject> {
  return { name, run: async (subject) => work(await PdsGuest.arrive(subject)) }
}

/** What a server does with writes, as it was measured on the official one. */
export const writeCases: readonly ConformanceCase<PdsSubject>[] = [
  contractCase('putRecord commits what is new, and nothing when the bytes are the same', async (guest) => {
    const record = { text: 'hello', langs: ['en'] }
    const first = await guest.repo('putRecord', { collection, rkey: 'a', record })
    assert.equal(first.status, 200)
    assert.ok(first.body.commit.rev)
    const reordered = { langs: ['en'], text: 'hello' }
    for (const same of [record, reordered, { $type: collection, ...record }]) {
      const again = await guest.repo('putRecord', { collection, rkey: 'a', record: same })
      assert.deepEqual([again.status, again.body.commit, again.body.cid], [200, undefined, first.body.cid])
    }
    assert.equal((await guest.sync('getLatestCommit')).body.rev, first.body.commit.rev)
  }),
  contractCase('putRecord with the same bytes does not look at swaps', async (guest) => {
    await guest.repo('putRecord', { collection, rkey: 'a', record: { text: 'hello' } })
    for (const swap of [{ swapRecord: other }, { swapCommit: other }, { swapRecord: null }]) {
      const answer = await guest.repo('putRecord', { collection, rkey: 'a', record: { text: 'hello' }, ...swap })
      assert.deepEqual([answer.status, answer.body.commit], [200, undefined])
    }
  }),
  contractCase('putRecord refuses a change with a wrong swap, and says where the record is', async (guest) => {
    const first = await guest.repo('putRecord', { collection, rkey: 'a', record: { text: 'one' } })
    const change = { collection, rkey: 'a', record: { text: 'two' } }
    const wrong = await guest.repo('putRecord', { ...change, swapRecord: other })
    assert.deepEqual([wrong.status, wrong.body.error], [400, 'InvalidSwap'])
    assert.match(wrong.body.message, new RegExp(first.body.cid))
    const late = await guest.repo('putRecord', { ...change, swapCommit: other })
    assert.deepEqual([late.status, late.body.error], [400, 'InvalidSwap'])
    assert.match(late.body.message, /Commit was at/)
    const right = await guest.repo('putRecord', { ...change, swapRecord: first.body.cid })
    assert.equal(right.status, 200)
  }),
  contractCase('putRecord of a new record wants swapRecord to be null', async (guest) => {
    const record = { text: 'hello' }
    assert.equal((await guest.repo('putRecord', { collection, rkey: 'a', record, swapRecord: null })).status, 200)
    const wrong = await guest.repo('putRecord', { collection, rkey: 'b', record, swapRecord: other })
    assert.deepEqual([wrong.status, wrong.body.error], [400, 'InvalidSwap'])
  }),
  contractCase('createRecord of a key that is taken is a 500', async (guest) => {
    assert.equal((await guest.repo('createRecord', { collection, rkey: 'a', record: { text: 'one' } })).status, 200)
    for (const text of ['one', 'two']) {
      const answer = await guest.repo('createRecord', { collection, rkey: 'a', record: { text } })
      assert.deepEqual([answer.status, answer.body.error], [500, 'InternalServerError'])
    }
  }),
  contractCase('a second follow of the same account takes the place of the first', async (guest) => {
    const record = { subject: guest.did, createdAt: '2026-01-01T00:00:00.000Z' }
    const follow = { collection: 'app.bsky.graph.follow', record }
    const first = await guest.repo('createRecord', follow)
    const second = await guest.repo('createRecord', follow)
    assert.equal(second.status, 200)
    const { body } = await guest.call('com.atproto.repo.listRecords', {
      query: { repo: guest.did, collection: follow.collection },
    })
    assert.deepEqual(
      body.records.map(({ uri }: { uri: string }) => uri),
      [second.body.uri],
    )
    assert.notEqual(first.body.uri, second.body.uri)
  }),
  contractCase('deleteRecord of what is not there is no change', async (guest) => {
    const answer = await guest.repo('deleteRecord', { collection, rkey: 'missing' })
    assert.deepEqual([answer.status, answer.body?.commit], [200, undefined])
  }),
  contractCase('applyWrites is one commit or none', async (guest) => {
    assert.equal((await guest.repo('applyWrites', { writes: [create('a')] })).status, 200)
    const { rev } = (await guest.sync('getLatestCommit')).body
    for (const bad of [create('a'), update('missing', { text: 'x' }), remove('missing')]) {
      const answer = await guest.repo('applyWrites', { writes: [create('b'), bad] })
      assert.deepEqual([answer.status, answer.body.error], [500, 'InternalServerError'])
    }
    assert.equal((await guest.sync('getLatestCommit')).body.rev, rev)
    const missing = await guest.call('com.atproto.repo.getRecord', {
      query: { repo: guest.did, collection, rkey: 'b' },
    })
    assert.deepEqual([missing.status, missing.body.error], [400, 'RecordNotFound'])
  }),
  contractCase('applyWrites makes a commit also when nothing changes', async (guest) => {
    await guest.repo('applyWrites', { writes: [create('a', { text: 'same' })] })
    for (const writes of [[update('a', { text: 'same' })], []]) {
      const before = (await guest.sync('getLatestCommit')).body.rev
      assert.equal((await guest.repo('applyWrites', { writes })).status, 200)
      assert.notEqual((await guest.sync('getLatestCommit')).body.rev, before)
    }
  }),
  contractCase('applyWrites deletes and creates a key in one call', async (guest) => {
    await guest.repo('applyWrites', { writes: [create('a', { text: 'old' })] })
    assert.equal((await guest.repo('applyWrites', { writes: [remove('a'), create('a', { text: 'new' })] })).status, 200)
    const { body } = await guest.call('com.atproto.repo.getRecord', {
      query: { repo: guest.did, collection, rkey: 'a' },
    })
    assert.equal(body.value.text, 'new')
  }),
  contractCase('applyWrites takes 200 writes and no more', async (guest) => {
    const writes = Array.from({ length: 201 }, (_, index) => create(`k${index}`))
    const answer = await guest.repo('applyWrites', { writes })
    assert.deepEqual([answer.status, answer.body.error], [400, 'InvalidRequest'])
    assert.equal((await guest.repo('applyWrites', { writes: writes.slice(0, 200) })).status, 200)
  }),
  contractCase('malformed input is refused before anything is charged', async (guest) => {
    for (const wrong of [
      { rkey: 'not/a key', record: { text: 'x' } },
      { rkey: 'a', record: { number: 1.5 } },
    ]) {
      const answer = await guest.repo('putRecord', { collection, ...wrong })
      assert.deepEqual([answer.status, answer.headers.get('ratelimit-limit')], [400, null])
    }
  }),
  contractCase('a post has 300 graphemes; what has no lexicon is unknown', async (guest) => {
    const post = { collection: 'app.bsky.feed.post', rkey: '3jui7kd54zh2y' }
    const record = { text: 'x'.repeat(301), createdAt: '2026-01-01T00:00:00.000Z' }
    assert.equal((await guest.repo('putRecord', { ...post, record })).status, 400)
    assert.equal((await guest.repo('putRecord', { ...post, record, validate: false })).status, 200)
    const fine = await guest.repo('putRecord', { ...post, record: { ...record, text: 'x'.repeat(300) } })
    assert.deepEqual([fine.status, fine.body.validationStatus], [200, 'valid'])
    const unknown = await guest.repo('putRecord', { collection, rkey: 'a', record: { text: 'x' } })
    assert.equal(unknown.body.validationStatus, 'unknown')
    assert.equal((await guest.repo('putRecord', { collection, rkey: 'b', record: {}, validate: true })).status, 400)
    assert.equal(
      (await guest.repo('putRecord', { collection, rkey: 'c', record: { $type: 'com.example.else' } })).status,
      400,
    )
  }),
  contractCase('a write needs a session', async (guest) => {
    const json = { repo: guest.did, collection, rkey: 'a', record: { text: 'x' } }
    const answer = await guest.call('com.atproto.repo.putRecord', { json, token: undefined })
    assert.equal(answer.status, 401)
  }),
  {
    name: 'rate limits are told by headers, the tightest bucket alone',
    async run(subject) {
      const guest = await PdsGuest.arrive(subject)
      const answer = await guest.repo('putRecord', { collection, rkey: 'a', record: { text: 'x' } })
      const policy = answer.headers.get('ratelimit-policy')
      if (subject.rateLimits) assert.match(String(policy), /^\d+;w=\d+$/)
      else assert.equal(policy, null)
    },
  },
]
