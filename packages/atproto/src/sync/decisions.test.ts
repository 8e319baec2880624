import { describe, expect, it } from 'vitest'
import { collectionFilter } from './collection-filter.ts'
import { continuityOf } from './continuity.ts'
import { guardRecords } from './guard-record.ts'
import { readMessage } from './read-message.ts'
import { effectOf } from './record-changes.ts'
import type { RepoRow } from './repo-row.ts'

const row: RepoRow = {
  did: 'did:plc:a',
  rev: 'r2',
  data: 'tree2',
  seq: 1,
  epoch: 1,
  state: 'synced',
  account: 'active',
  wantedRev: undefined,
  attempts: 0,
  retryAt: 0,
  error: undefined,
  claim: undefined,
  notices: undefined,
}

describe('where a commit stands', () => {
  const place = { rev: 'r3', since: 'r2', prevData: 'tree2' }
  it.for([
    ['follows', row, place, 'apply'],
    ['is the same again', row, { ...place, rev: 'r2' }, 'stale'],
    ['is older', row, { ...place, rev: 'r1' }, 'stale'],
    ['follows another revision', row, { ...place, since: 'r1' }, 'gap'],
    ['comes from another tree', row, { ...place, prevData: 'tree1' }, 'gap'],
    ['does not say its tree', row, { ...place, prevData: undefined }, 'gap'],
    ['comes while the repository is fetched', { ...row, state: 'desynced' }, place, 'note'],
    [
      'is the first of a new repository',
      { ...row, state: 'new', rev: undefined },
      { ...place, since: undefined },
      'apply',
    ],
    ['is a later one of a new repository', { ...row, state: 'new', rev: undefined }, place, 'gap'],
    ['is the first after a deletion', { ...row, state: 'gone' }, { ...place, since: undefined }, 'apply'],
    ['is from before a deletion', { ...row, state: 'gone' }, { ...place, rev: 'r1' }, 'stale'],
    ['claims to be the first of a known one', row, { ...place, since: undefined }, 'gap'],
  ] as const)('when it %s', ([, known, commit, expected]) => {
    expect(continuityOf(commit, known, 'inductive')).toBe(expected)
  })

  it('believes older hosts that do not say their tree, if told to', () => {
    expect(continuityOf({ ...place, prevData: undefined }, row, 'legacy')).toBe('apply')
    expect(continuityOf({ ...place, prevData: 'tree1' }, row, 'legacy')).toBe('gap')
  })
})

describe('what follows from a record', () => {
  const fine = () => undefined
  const bad = () => 'it is bad'
  const record = { cid: 'two', value: {} }
  const known = (cid: string, refused = false) => ({ path: 'c/1', cid, refused })
  it.for([
    ['new', undefined, record, fine, 'create', false],
    ['changed', known('one'), record, fine, 'update', false],
    ['the same', known('two'), record, fine, undefined, undefined],
    ['gone', known('one'), undefined, fine, 'delete', undefined],
    ['gone and never known', undefined, undefined, fine, undefined, undefined],
    ['new and refused', undefined, record, bad, undefined, true],
    ['refused from now on', known('one'), record, bad, 'delete', true],
    ['refused again', known('one', true), record, bad, undefined, true],
    ['no longer refused', known('one', true), record, fine, 'create', false],
    ['gone after it was refused', known('one', true), undefined, fine, undefined, undefined],
  ] as const)('that is %s', ([, before, now, refuse, event, refused]) => {
    const effect = effectOf({ path: 'c/1', record: now }, before, refuse)
    expect([effect?.event, effect?.row?.refused]).toEqual([event, refused])
  })
})

describe('collections', () => {
  it('are names, or all below one', () => {
    const wants = collectionFilter(['app.bsky.feed.post', 'com.example.*'])
    const paths = ['app.bsky.feed.post/1', 'app.bsky.feed.postgate/1', 'com.example.note/1', 'com.examples.note/1']
    expect(paths.filter(wants)).toEqual(['app.bsky.feed.post/1', 'com.example.note/1'])
    expect(collectionFilter(undefined)('anything.at.all/1')).toBe(true)
  })

  it('have to be names', () => {
    for (const name of ['', '*', 'post', 'app.bsky.*.post', 'app.bsky.feed.post/1'])
      expect(() => collectionFilter([name])).toThrow(expect.objectContaining({ code: 'ATPROTO_SYNC_OPTION_INVALID' }))
  })
})

describe('S14: what a page could not show without harm', () => {
  const refuse = guardRecords({ maxItems: 3, maxTextBytes: 100 })
  it.for([
    ['javascript:alert(1)', true],
    ['JaVaScRiPt:alert(1)', true],
    ['\u0001java\nscript:alert(1)', true],
    ['data:text/html,<script>', true],
    ['vbscript:x', true],
    ['https://example.com', false],
    ['at://did:plc:a/app.bsky.feed.post/1', false],
    ['/relative', false],
    ['//example.com/x', false],
  ] as const)('is refused by its scheme: %s', ([url, isRefused]) => {
    expect(refuse({ embed: { external: { uri: url } } }) !== undefined).toBe(isRefused)
  })

  it('is refused by its size, also deep inside', () => {
    expect(refuse({ facets: [{ tags: ['a', 'b', 'c', 'd'] }] })).toBe('its field tags has 4 entries')
    expect(refuse({ text: 'ü'.repeat(60) })).toBe('its field text has more than 100 bytes')
    expect(refuse({ text: 'javascript: is a language', tags: ['a'] })).toBeUndefined()
  })
})

describe('messages of the stream', () => {
  const base = { seq: 1, did: 'did:plc:a', time: 'now' }
  it('are read as far as is needed to know whose they are', () => {
    expect(readMessage({ type: '#identity', body: { ...base, handle: 'a.test' } })).toMatchObject({
      kind: 'identity',
      handle: 'a.test',
    })
    expect(readMessage({ type: '#handle', body: { ...base, handle: 'a.test' } })).toMatchObject({ kind: 'identity' })
    expect(readMessage({ type: '#tombstone', body: base })).toMatchObject({ kind: 'account', status: 'deleted' })
    expect(readMessage({ type: '#account', body: { ...base, active: true, status: 'x' } })).toMatchObject({
      status: 'active',
    })
    expect(readMessage({ type: '#account', body: { ...base, active: false } })).toMatchObject({ status: 'inactive' })
    expect(readMessage({ type: '#unknown', body: base })).toBeUndefined()
  })

  it.for([
    ['#commit', { seq: 1 }],
    ['#commit', { repo: 'did:plc:a' }],
    ['#commit', { seq: 1, repo: 'alice' }],
    ['#sync', { ...base, rev: 'r' }],
    ['#account', { ...base, active: 'yes' }],
    ['#identity', { ...base, handle: 1 }],
  ] as const)('are refused when a field is wrong: %s %j', ([type, body]) => {
    expect(() => readMessage({ type, body })).toThrow(expect.objectContaining({ code: 'ATPROTO_SYNC_MESSAGE_INVALID' }))
  })
})
