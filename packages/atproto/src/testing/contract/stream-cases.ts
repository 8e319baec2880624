import assert from 'node:assert/strict'
import type { ConformanceCase } from '@exprsn/core/testing'
import {
  readCommitMessage,
  verifyCommit,
  type RepoState,
  type StreamError,
  type StreamMessage,
} from '../../repo/index.ts'
import { PdsGuest } from './pds-guest.ts'
import type { PdsSubject } from './pds-subject.ts'

const collection = 'com.example.note'

function contractCase(name: string, work: (guest: PdsGuest) => Promise<void>): ConformanceCase<PdsSubject> {
  return { name, run: async (subject) => work(await PdsGuest.arrive(subject)) }
}

function commitsOf(messages: readonly (StreamMessage | StreamError)[]) {
  return messages.flatMap((message) =>
    'body' in message && message.type === '#commit' ? [readCommitMessage(message.body)] : [],
  )
}

/** What a server tells of itself without being asked. */
export const streamCases: readonly ConformanceCase<PdsSubject>[] = [
  contractCase('a new account is told as identity, account, first commit and sync', async (guest) => {
    const messages = await guest.listen(4, { cursor: '0' })
    assert.deepEqual(
      messages.map(({ type }) => type),
      ['#identity', '#account', '#commit', '#sync'],
    )
    const [first] = commitsOf(messages)
    assert.deepEqual([first!.since, first!.prevData, first!.operations], [undefined, undefined, []])
  }),
  contractCase('every commit proves its operations and follows the one before', async (guest) => {
    const write = (writes: object[]) => guest.repo('applyWrites', { writes })
    const entry = (action: string, rkey: string, text?: string) => ({
      $type: `com.atproto.repo.applyWrites#${action}`,
      collection,
      rkey,
      ...(text === undefined ? {} : { value: { text } }),
    })
    for (let index = 0; index < 6; index++)
      await write(Array.from({ length: 5 }, (_, at) => entry('create', `k${index}-${at}`, 'x')))
    await write([entry('update', 'k1-1', 'y'), entry('delete', 'k2-2')])
    await write([entry('delete', 'k3-3'), entry('create', 'k3-3', 'again')])
    await write([])
    const signingKey = await guest.signingKey()
    let state: RepoState | undefined
    for (const commit of commitsOf(await guest.listen(13, { cursor: '0' }))) {
      const verified = verifyCommit(commit, { signingKey, previous: state })
      assert.equal(verified.continuity, state === undefined ? 'first' : 'follows')
      state = verified.state
    }
    assert.equal(state?.rev, (await guest.sync('getLatestCommit')).body.rev)
  }),
  contractCase('a create that follows a delete carries what was there before', async (guest) => {
    await guest.repo('putRecord', { collection, rkey: 'a', record: { text: 'old' } })
    const base = { collection, rkey: 'a' }
    const writes = [
      { ...base, $type: 'com.atproto.repo.applyWrites#delete' },
      { ...base, $type: 'com.atproto.repo.applyWrites#create', value: { text: 'new' } },
    ]
    await guest.repo('applyWrites', { writes })
    const { operations } = commitsOf(await guest.listen(6, { cursor: '0' })).at(-1)!
    assert.deepEqual(
      operations.map(({ action }) => action),
      ['delete', 'create'],
    )
    assert.equal(String(operations[1]!.prev), String(operations[0]!.prev))
  }),
  contractCase('a cursor is the last message that was seen', async (guest) => {
    const [identity, account] = (await guest.listen(4, { cursor: '0' })) as StreamMessage[]
    const [next] = (await guest.listen(1, { cursor: `${identity!.body.seq as number}` })) as StreamMessage[]
    assert.equal(next!.body.seq, account!.body.seq)
  }),
  contractCase('without a cursor what is new comes', async (guest) => {
    const work = async (): Promise<void> => {
      await guest.repo('putRecord', { collection, rkey: 'live', record: { text: 'x' } })
    }
    // The official server also sends what has just happened, though nobody asked for it.
    const until = (message: StreamMessage | StreamError): boolean =>
      'body' in message && Array.isArray(message.body.ops) && message.body.ops.length > 0
    const messages = await guest.listen(9, { work, until })
    assert.equal(commitsOf(messages).at(-1)!.operations[0]!.path, `${collection}/live`)
  }),
  contractCase('a cursor of the future, or none at all, is refused', async (guest) => {
    for (const [cursor, error] of [
      ['999999999', 'FutureCursor'],
      ['abc', 'InvalidRequest'],
    ] as const) {
      const [message] = await guest.listen(1, { cursor })
      assert.deepEqual([message!.type, (message as StreamError).error], ['error', error])
    }
  }),
  contractCase('an account that goes and returns is told, and then its state', async (guest) => {
    await guest.call('com.atproto.server.deactivateAccount', { json: {} })
    await guest.call('com.atproto.server.activateAccount')
    const messages = (await guest.listen(7, { cursor: '0' })) as StreamMessage[]
    const later = messages.slice(4)
    const accounts = later.filter(({ type }) => type === '#account').map(({ body }) => [body.active, body.status])
    assert.deepEqual(accounts, [
      [false, 'deactivated'],
      [true, undefined],
    ])
  }),
]
