import assert from 'node:assert/strict'
import type { ConformanceCase } from '@exprsn/core/testing'
import { parseCid } from '../../codec/index.ts'
import { verifyRecordProof, verifyRepo } from '../../repo/index.ts'
import { PdsGuest, type PdsAnswer } from './pds-guest.ts'
import type { PdsSubject } from './pds-subject.ts'

const collection = 'com.example.note'
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

function contractCase(name: string, work: (guest: PdsGuest) => Promise<void>): ConformanceCase<PdsSubject> {
  return { name, run: async (subject) => work(await PdsGuest.arrive(subject)) }
}

const errorOf = ({ status, body }: PdsAnswer): unknown[] => [status, body?.error]

/** What a server says when it is asked. */
export const readCases: readonly ConformanceCase<PdsSubject>[] = [
  contractCase('listRecords gives the newest key first, page by page, or reversed', async (guest) => {
    for (const rkey of ['a', 'b', 'c']) await guest.repo('putRecord', { collection, rkey, record: { text: rkey } })
    const list = async (query: Readonly<Record<string, string>>) => {
      const { body } = await guest.call('com.atproto.repo.listRecords', {
        query: { repo: guest.did, collection, limit: '2', ...query },
      })
      return {
        keys: body.records.map(({ value }: { value: { text: string } }) => value.text).join(''),
        cursor: body.cursor,
      }
    }
    const first = await list({})
    assert.equal(first.keys, 'cb')
    assert.equal((await list({ cursor: first.cursor })).keys, 'a')
    assert.equal((await list({ reverse: 'true' })).keys, 'ab')
  }),
  contractCase('a record that is not there is RecordNotFound', async (guest) => {
    const query = { repo: guest.did, collection, rkey: 'missing' }
    assert.deepEqual(errorOf(await guest.call('com.atproto.repo.getRecord', { query })), [400, 'RecordNotFound'])
  }),
  contractCase('a blob is served while a record points to it', async (guest) => {
    const upload = await guest.call('com.atproto.repo.uploadBlob', { bytes: { type: 'image/jpeg', content: png } })
    const { blob } = upload.body
    assert.deepEqual([upload.status, blob.mimeType, blob.size], [200, 'image/png', png.length])
    assert.equal(blob.ref.$link, String(parseCid(blob.ref.$link)))
    const cid = { cid: blob.ref.$link as string }
    assert.equal((await guest.sync('getBlob', cid)).status, 400)
    await guest.repo('putRecord', { collection, rkey: 'a', record: { image: blob } })
    const served = await guest.sync('getBlob', cid)
    assert.deepEqual([served.status, Buffer.from(served.bytes).equals(png)], [200, true])
    await guest.repo('putRecord', { collection, rkey: 'b', record: { image: blob } })
    await guest.repo('deleteRecord', { collection, rkey: 'a' })
    assert.equal((await guest.sync('getBlob', cid)).status, 200)
    await guest.repo('deleteRecord', { collection, rkey: 'b' })
    assert.equal((await guest.sync('getBlob', cid)).status, 400)
  }),
  contractCase('a reference to a blob has to be right', async (guest) => {
    const upload = await guest.call('com.atproto.repo.uploadBlob', { bytes: { type: 'image/png', content: png } })
    const { blob } = upload.body
    const put = (image: object) => guest.repo('putRecord', { collection, rkey: 'a', record: { image } })
    assert.deepEqual(errorOf(await put({ ...blob, size: blob.size + 1 })), [400, 'InvalidSize'])
    assert.deepEqual(errorOf(await put({ ...blob, mimeType: 'image/gif' })), [400, 'InvalidMimeType'])
    const $link = 'bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq'
    assert.deepEqual(errorOf(await put({ ...blob, ref: { $link } })), [400, 'BlobNotFound'])
  }),
  contractCase('getRepo is signed, complete and equal to the records; getRecord proves them', async (guest) => {
    for (let index = 0; index < 12; index++)
      await guest.repo('putRecord', { collection, rkey: `k${index}`, record: { index } })
    await guest.repo('deleteRecord', { collection, rkey: 'k3' })
    const signingKey = await guest.signingKey()
    const repo = verifyRepo((await guest.sync('getRepo')).bytes, { did: guest.did, signingKey })
    assert.equal(repo.size, 11)
    const latest = (await guest.sync('getLatestCommit')).body
    assert.deepEqual([String(repo.cid), repo.rev], [latest.cid, latest.rev])
    for (const rkey of ['k4', 'k3']) {
      const proof = (await guest.sync('getRecord', { collection, rkey })).bytes
      const path = `${collection}/${rkey}`
      const { cid } = verifyRecordProof(proof, { did: guest.did, signingKey, path })
      assert.equal(String(cid), String(repo.get(path)?.cid))
    }
  }),
  contractCase('a deactivated account is not served, its status is', async (guest) => {
    assert.equal((await guest.call('com.atproto.server.deactivateAccount', { json: {} })).status, 200)
    const put = await guest.repo('putRecord', { collection, rkey: 'a', record: { text: 'x' } })
    assert.deepEqual(errorOf(put), [401, 'AccountDeactivated'])
    assert.deepEqual(errorOf(await guest.sync('getRepo')), [400, 'RepoDeactivated'])
    const { status, body } = await guest.sync('getRepoStatus')
    assert.deepEqual([status, body.active, body.status], [200, false, 'deactivated'])
    assert.equal((await guest.call('com.atproto.server.activateAccount')).status, 200)
    assert.equal((await guest.sync('getRepo')).status, 200)
  }),
  contractCase('a repository that is not there is RepoNotFound', async (guest) => {
    const query = { did: 'did:plc:aaaaaaaaaaaaaaaaaaaaaaaa' }
    assert.deepEqual(errorOf(await guest.call('com.atproto.sync.getRepo', { query })), [400, 'RepoNotFound'])
  }),
  contractCase('listRepos has every account with its revision', async (guest) => {
    const { rev } = (await guest.sync('getLatestCommit')).body
    for (let cursor = ''; ;) {
      const { body } = await guest.call('com.atproto.sync.listRepos', { query: cursor === '' ? {} : { cursor } })
      const found = body.repos.find(({ did }: { did: string }) => did === guest.did)
      if (found !== undefined) return assert.deepEqual([found.rev, found.active], [rev, true])
      assert.ok(body.cursor)
      cursor = body.cursor
    }
  }),
  contractCase('handles resolve, sessions open and refresh', async (guest) => {
    const query = { handle: guest.handle }
    assert.equal((await guest.call('com.atproto.identity.resolveHandle', { query })).body.did, guest.did)
    const json = { identifier: guest.handle, password: 'password' }
    assert.equal((await guest.call('com.atproto.server.createSession', { json })).body.did, guest.did)
    const wrong = await guest.call('com.atproto.server.createSession', { json: { ...json, password: 'wrong' } })
    assert.deepEqual(errorOf(wrong), [401, 'AuthenticationRequired'])
    const refreshed = await guest.call('com.atproto.server.refreshSession', { token: guest.refreshJwt })
    assert.deepEqual([refreshed.status, refreshed.body.did], [200, guest.did])
  }),
]
