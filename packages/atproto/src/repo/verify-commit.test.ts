import { readFileSync } from 'node:fs'
import { SeededRandom, SimulatedClock } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { sharedData } from '@exprsn/real-servers/shared-data'
import { cidOf, encodeCbor, formatTid, fromDataJson, indexCar, writeCar, type DataObject } from '../codec/index.ts'
import { createSigningKey } from '../crypto/index.ts'
import {
  decodeFrame,
  openMst,
  readCommitMessage,
  signCommit,
  verifyCommit,
  type CreatedCommit,
  type RepoState,
  type VerifyCommitOptions,
} from './index.ts'
import { did, key, SampleRepo } from '../../test/repo/sample-repo.ts'

const options: VerifyCommitOptions = { signingKey: key.didKey }

/** The body of the message that a host sends for a commit. */
function bodyOf(created: CreatedCommit, previous: RepoState | undefined): DataObject {
  const { commit, state, operations, proof } = created
  return {
    seq: 1,
    repo: did,
    commit: commit.cid,
    rev: state.rev,
    since: previous?.rev ?? null,
    ...(previous === undefined ? {} : { prevData: previous.data }),
    ops: operations.map(({ action, path, cid, prev }) => ({ action, path, cid: cid ?? null, ...(prev && { prev }) })),
    blocks: proof,
    blobs: [],
    time: '2026-01-01T00:00:00Z',
    tooBig: false,
    rebase: false,
  }
}

const check = (body: DataObject, more: Partial<VerifyCommitOptions> = {}) =>
  verifyCommit(readCommitMessage(body), { ...options, ...more })

/** A repository of 80 records, and one commit of several operations on it. */
function sample(seed = 1, operations = 6) {
  const repo = new SampleRepo(new SeededRandom(seed))
  repo.commit(80)
  const previous = repo.state!
  const created = repo.commit(operations)
  return { repo, previous, created, body: bodyOf(created, previous) }
}

const invalid = (reason: RegExp) =>
  expect.objectContaining({ code: 'ATPROTO_COMMIT_INVALID', message: expect.stringMatching(reason) })

describe('verifyCommit', () => {
  it('takes every commit of a long history, and follows it', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const repo = new SampleRepo(new SeededRandom(seed))
      for (let number = 0; number < 20; number++) {
        const previous = repo.state
        const created = repo.commit(1 + (number % 7))
        const verified = check(bodyOf(created, previous), { previous })
        expect(verified.continuity).toBe(previous === undefined ? 'first' : 'follows')
        expect(verified.state.data.equals(repo.state!.data)).toBe(true)
        for (const { path, action, value } of verified.operations) {
          expect(value).toEqual(action === 'delete' ? undefined : repo.records.get(path))
        }
      }
    }
  })

  it('S6: finds every operation that is left out, made up, or not what it says', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const { body, created } = sample(seed)
      const ops = body.ops as readonly DataObject[]
      const other = cidOf('dag-cbor', encodeCbor({ other: seed }))
      const lies: (readonly DataObject[])[] = [
        [],
        [...ops, { action: 'delete', path: 'a/made-up', cid: null, prev: other }],
      ]
      for (const [number, op] of ops.entries()) {
        lies.push(ops.toSpliced(number, 1))
        if (op.cid !== null) lies.push(ops.toSpliced(number, 1, { ...op, cid: other }))
        if (op.prev !== undefined) lies.push(ops.toSpliced(number, 1, { ...op, prev: other }))
        const { prev: _, ...withoutPrev } = op
        if (op.prev !== undefined) lies.push(ops.toSpliced(number, 1, withoutPrev))
        lies.push(ops.toSpliced(number, 1, { ...op, path: `${op.path as string}x` }))
      }
      for (const lie of lies) {
        expect(() => check({ ...body, ops: lie }), JSON.stringify(lie)).toThrow(
          expect.objectContaining({ code: expect.stringMatching(/^ATPROTO_(COMMIT|MST)_/) }),
        )
      }
      expect(check(body).operations).toHaveLength(created.operations.length)
    }
  })

  it('S6: finds that the tree before is another', () => {
    const { body, repo } = sample()
    expect(() => check({ ...body, prevData: repo.state!.data })).toThrow(invalid(/tree before/))
    expect(() => check({ ...body, prevData: null })).toThrow(invalid(/tree before/))
  })

  it('finds every flipped byte of the blocks', () => {
    const { body } = sample(3, 2)
    const blocks = body.blocks as Uint8Array
    for (let position = 0; position < blocks.length; position++) {
      const flipped = blocks.slice()
      flipped[position]! ^= 1 << (position % 8)
      expect(() => check({ ...body, blocks: flipped }), `byte ${position}`).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^ATPROTO_/) }),
      )
    }
  })

  it('needs every block of the proof', () => {
    const { created, body } = sample(4)
    const index = indexCar(created.proof)
    const blocks = Array.from({ length: index.size }, (_, number) => ({
      cid: index.cidOf(number),
      bytes: index.block(number),
    }))
    for (let missing = 0; missing < blocks.length; missing++) {
      const fewer = writeCar(index.roots, blocks.toSpliced(missing, 1))
      expect(() => check({ ...body, blocks: fewer })).toThrow(/missing/)
    }
  })

  it('tells what follows, what is old and where commits are missing', () => {
    const { repo, previous, body } = sample()
    expect(check(body, { previous }).continuity).toBe('follows')
    expect(check(body).continuity).toBe('first')
    expect(check(body, { previous: repo.state }).continuity).toBe('stale')
    const older = { rev: formatTid({ microseconds: 1, clockId: 0 }), data: previous.data }
    expect(check(body, { previous: older }).continuity).toBe('gap')
    expect(check(body, { previous: { ...previous, data: repo.state!.data } }).continuity).toBe('gap')
  })

  it('S5: refuses another account, another revision, another key and the future', () => {
    const { body } = sample()
    const rev = formatTid({ microseconds: 1_700_000_000_000_000, clockId: 0 })
    expect(() => check({ ...body, repo: 'did:plc:other' })).toThrow(invalid(/it is of/))
    expect(() => check({ ...body, rev })).toThrow(invalid(/revision/))
    expect(() => check({ ...body, commit: cidOf('dag-cbor', encodeCbor({})) })).toThrow(invalid(/another commit/))
    const signingKey = createSigningKey('k256').didKey
    expect(() => check(body, { signingKey })).toThrow(
      expect.objectContaining({ code: 'ATPROTO_COMMIT_SIGNATURE_INVALID' }),
    )
    const clock = new SimulatedClock({ now: 0 })
    expect(() => check(body, { clock })).toThrow(invalid(/future/))
    expect(check(body, { clock, maxClockSkew: Number.POSITIVE_INFINITY }).operations).toHaveLength(6)
  })

  it('takes a delete and a create of one path in one commit, with or without prev in the create', () => {
    const { repo } = sample()
    const previous = repo.state!
    const path = [...repo.records.keys()][3]!
    const created = repo.apply([
      { action: 'delete', path },
      { action: 'create', path, value: { again: true } },
    ])
    const body = bodyOf(created, previous)
    const [deleted, again] = body.ops as readonly DataObject[]
    expect(check(body, { previous }).continuity).toBe('follows')
    expect(check({ ...body, ops: [deleted!, { ...again, prev: deleted!.prev }] }, { previous }).continuity).toBe(
      'follows',
    )
  })

  it('takes a commit without operations', () => {
    const { repo } = sample()
    const previous = repo.state!
    const created = repo.apply([])
    expect(check(bodyOf(created, previous), { previous })).toMatchObject({ continuity: 'follows', operations: [] })
  })

  it('checks less of the commits of older hosts only when asked to', () => {
    const { body, previous } = sample()
    const { prevData: _, ...older } = body
    const ops = (older.ops as readonly DataObject[]).map(({ prev: __, ...op }) => op)
    expect(() => check({ ...older, ops })).toThrow(expect.objectContaining({ code: 'ATPROTO_COMMIT_INVALID' }))
    expect(check({ ...older, ops }, { proof: 'legacy', previous }).continuity).toBe('follows')
    const lie = [{ ...ops[0]!, action: 'create', cid: cidOf('dag-cbor', encodeCbor({})) }, ...ops.slice(1)]
    expect(() => check({ ...older, ops: lie }, { proof: 'legacy' })).toThrow(invalid(/missing|has/))
  })

  it('refuses records that are not maps', () => {
    const text = encodeCbor('text')
    const tree = openMst({ source: { get: () => undefined } })
    const cid = cidOf('dag-cbor', text)
    tree.set('a/1', cid)
    const blocks = [{ cid, bytes: text }]
    const rev = formatTid({ microseconds: 1_700_000_000_000_000, clockId: 0 })
    const commit = signCommit({ did, rev, data: tree.root((block) => blocks.push(block)) }, key)
    const created = {
      commit,
      state: { rev, data: tree.root() },
      operations: [{ action: 'create', path: 'a/1', cid, prev: undefined }],
      blocks,
      proof: writeCar([commit.cid], [commit, ...blocks]),
    } as const
    expect(() => check(bodyOf(created, undefined))).toThrow(invalid(/not a map/))
  })
})

describe('readCommitMessage', () => {
  const { body } = sample()
  it.each<[string, DataObject]>([
    ['no sequence number', { seq: 'x' }],
    ['no account', { repo: 'alice' }],
    ['no commit', { commit: 'x' }],
    ['no revision', { rev: 'x' }],
    ['no blocks', { blocks: null }],
    ['no operations', { ops: null }],
    ['too many operations', { ops: Array.from({ length: 201 }, () => (body.ops as DataObject[])[0]!) }],
    ['an unknown action', { ops: [{ action: 'rename', path: 'a/b', cid: null }] }],
    ['a path that is none', { ops: [{ action: 'delete', path: '../b', cid: null }] }],
    ['a create without a record', { ops: [{ action: 'create', path: 'a/b', cid: null }] }],
    ['a delete with a record', { ops: [{ action: 'delete', path: 'a/b', cid: body.commit! }] }],
    ['an operation that is not a map', { ops: [null] }],
    ['a since that is a number', { since: 1 }],
    ['a prevData that is text', { prevData: 'x' }],
  ])('refuses %s', (_, change) => {
    expect(() => readCommitMessage({ ...body, ...change })).toThrow(
      expect.objectContaining({ code: 'ATPROTO_COMMIT_INVALID' }),
    )
  })

  it('reads what is too big, and does not verify it', () => {
    const message = readCommitMessage({ ...body, tooBig: true })
    expect(message.tooBig).toBe(true)
    expect(() => verifyCommit(message, options)).toThrow(invalid(/left its content out/))
  })
})

describe('createCommit', () => {
  it('refuses to create what is there, and to update or delete what is not', () => {
    const { repo } = sample()
    const path = [...repo.records.keys()][0]!
    expect(() => repo.apply([{ action: 'create', path, value: {} }])).toThrow(invalid(/already/))
    const missing = expect.objectContaining({ code: 'ATPROTO_MST_KEY_MISSING' })
    expect(() => repo.apply([{ action: 'update', path: 'a/none', value: {} }])).toThrow(missing)
    expect(() => repo.apply([{ action: 'delete', path: 'a/none' }])).toThrow(missing)
  })
})

describe('decodeFrame', () => {
  const frame = (header: unknown, body: unknown) => Buffer.concat([encodeCbor(header), encodeCbor(body)])

  it('reads messages and errors', () => {
    expect(decodeFrame(frame({ op: 1, t: '#commit' }, { seq: 1 }))).toEqual({ type: '#commit', body: { seq: 1 } })
    const error = { error: 'FutureCursor', message: 'Cursor in the future.' }
    expect(decodeFrame(frame({ op: -1 }, error))).toEqual({ type: 'error', ...error })
    expect(decodeFrame(frame({ op: -1 }, { error: 'X' }))).toEqual({ type: 'error', error: 'X', message: undefined })
  })

  it.each([
    ['an unknown operation', frame({ op: 2, t: '#x' }, {})],
    ['no type', frame({ op: 1 }, {})],
    ['an error without a name', frame({ op: -1 }, {})],
    ['a header that is a list', frame([], {})],
    ['a body that is text', frame({ op: 1, t: '#x' }, 'text')],
    ['a body that is bytes', frame({ op: 1, t: '#x' }, new Uint8Array(1))],
    ['a body that is a link', frame({ op: 1, t: '#x' }, cidOf('raw', new Uint8Array()))],
  ])('refuses %s', (_, bytes) => {
    expect(() => decodeFrame(bytes)).toThrow(expect.objectContaining({ code: 'ATPROTO_FRAME_INVALID' }))
  })

  it('refuses a third value, and half a frame', () => {
    const whole = frame({ op: 1, t: '#x' }, { a: 1 })
    expect(() => decodeFrame(Buffer.concat([whole, Uint8Array.of(0)]))).toThrow(/follow/)
    for (let length = 0; length < whole.length; length++) expect(() => decodeFrame(whole.subarray(0, length))).toThrow()
  })
})

const shared = sharedData('atproto/indigo')
describe.skipIf(shared === undefined)('recorded commits (skipped where the shared data is absent)', () => {
  it('reads a commit of the network before Sync 1.1', () => {
    const json = JSON.parse(readFileSync(`${shared}/firehose_commit_4621317030.json`, 'utf8'))
    const message = readCommitMessage(fromDataJson({ ...json, blobs: [] }) as DataObject)
    expect(message.operations.length).toBeGreaterThan(0)
    for (const { cid, path } of message.operations) {
      if (cid !== undefined) expect(message.blocks.get(cid), path).toBeDefined()
    }
  })

  it('verifies the recorded life of a post, and refuses what is recorded as invalid', () => {
    const { accounts, messages } = JSON.parse(readFileSync(`${shared}/relay/post_lifecycle.json`, 'utf8'))
    const signingKey = `did:key:${accounts[0].identity.keys.atproto.publicKeyMultibase}`
    const commits = messages.filter(
      (message: { frame: { header: { t: string } } }) => message.frame.header.t === '#commit',
    )
    expect(commits.length).toBeGreaterThan(0)
    let previous: RepoState | undefined
    for (const { frame, invalid: isInvalid } of commits) {
      const verify = () =>
        verifyCommit(readCommitMessage(fromDataJson(frame.body) as DataObject), { signingKey, previous })
      if (isInvalid) expect(verify).toThrow()
      else {
        const { state, continuity } = verify()
        expect(['first', 'follows']).toContain(continuity)
        previous = state
      }
    }
  })
})
