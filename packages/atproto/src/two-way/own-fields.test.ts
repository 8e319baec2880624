import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { draftText } from '../publish/index.ts'
import { judgeChange } from './judge-change.ts'
import { mergeFields } from './merge-fields.ts'
import { digestOfMade, ownedPaths, withForeignFields } from './own-fields.ts'

describe('fields of others', () => {
  it('stay at every depth, and those that the mapping no longer writes go', () => {
    const before = { title: 'a', subtitle: 'b', place: { name: 'here', street: 'x' } }
    const owned = ownedPaths(before)
    const known = { $type: 't', ...before, mood: 'fine', place: { ...before.place, geo: { lat: 1 } } }
    const made = { title: 'c', place: { name: 'there' } }
    // The type is the publisher's to say.
    expect(withForeignFields(made, known, owned)).toEqual({
      title: 'c',
      mood: 'fine',
      place: { name: 'there', geo: { lat: 1 } },
    })
  })

  it('do not go over into a value of another type, a list, or a file', () => {
    const known = { $type: 't', embed: { $type: 'a', extra: 1 }, tags: ['x'], file: { $type: 'blob', size: 1 } }
    const made = { embed: { $type: 'b' }, tags: [], file: { $type: 'blob', size: 2 } }
    expect(withForeignFields(made, known, [])).toEqual(made)
  })

  it('of posts are kept beside the draft', () => {
    const draft = draftText.plain('text').langs('sv').card('https://example.com')
    const known = {
      $type: 'app.bsky.feed.post',
      text: 'old',
      createdAt: '',
      embed: {},
      langs: [],
      mood: 'fine',
      tags: ['t'],
    }
    expect(withForeignFields(draft, known, [])).toMatchObject({ settings: { keep: { mood: 'fine', tags: ['t'] } } })
    expect(withForeignFields(draft, known, ['/tags', '/mood'])).toBe(draft)
    expect(withForeignFields(draft, undefined, [])).toBe(draft)
  })

  it('property: what the mapping makes is always in it, and nothing of others is lost', () => {
    const record = fc.dictionary(
      fc.string({ maxLength: 4 }),
      fc.oneof(fc.string(), fc.integer(), fc.array(fc.integer())),
    )
    fc.assert(
      fc.property(record, record, (made, foreign) => {
        const patched = withForeignFields(made, foreign, []) as Record<string, unknown>
        for (const [name, value] of Object.entries(made)) expect(patched[name]).toEqual(value)
        for (const [name, value] of Object.entries(foreign))
          if (!Object.hasOwn(made, name) && name !== '$type') expect(patched[name]).toEqual(value)
      }),
      { numRuns: 200 },
    )
  })

  it('digests tell versions apart', () => {
    expect(digestOfMade({ a: 1 })).toBe(digestOfMade({ a: 1 }))
    expect(digestOfMade({ a: 1 })).not.toBe(digestOfMade({ a: 2 }))
    expect(digestOfMade(draftText.plain('a'))).not.toBe(digestOfMade(draftText.plain('a').langs('sv')))
  })
})

describe('the default merge', () => {
  it('takes of each field what one side alone has changed, and of both the host’s', () => {
    const base = { a: 1, b: 1, c: 1, d: new Date(0) }
    const local = { a: 2, b: 1, c: 2, d: new Date(0) }
    const remote = { a: 1, b: 2, c: 3, d: new Date(9) }
    expect(mergeFields({ base, local, remote })).toEqual({ a: 2, b: 2, c: 2, d: new Date(9) })
  })

  it('keeps what was edited when the other side has deleted it', () => {
    expect(mergeFields({ base: { a: 0 }, local: undefined, remote: { a: 1 } })).toEqual({ a: 1 })
    expect(mergeFields({ base: { a: 0 }, local: { a: 1 }, remote: undefined })).toEqual({ a: 1 })
    expect(mergeFields({ base: 'x', local: 'y', remote: 'z' })).toBe('y')
  })

  it('property: is what changed when only one side has changed', () => {
    const item = fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), fc.integer())
    fc.assert(
      fc.property(item, item, (base, changed) => {
        expect(mergeFields({ base, local: changed, remote: base })).toEqual(changed)
        expect(mergeFields({ base, local: base, remote: changed })).toEqual(changed)
      }),
      { numRuns: 200 },
    )
  })
})

describe('the decision', () => {
  const at = { localAt: 10, remoteAt: 20 }
  it.each(['local-wins', 'remote-wins', 'newest', 'merge', 'manual'] as const)(
    '%s takes what one side alone changed',
    (policy) => {
      expect(judgeChange({ policy, isLocalChanged: false, ...at })).toBe('remote')
    },
  )

  it.each([
    ['local-wins', 'local'],
    ['remote-wins', 'remote'],
    ['newest', 'remote'],
    ['merge', 'merge'],
    ['manual', 'hold'],
  ] as const)('%s is %s when both have', (policy, verdict) => {
    expect(judgeChange({ policy, isLocalChanged: true, ...at })).toBe(verdict)
    if (policy === 'newest')
      expect(judgeChange({ policy, isLocalChanged: true, localAt: 30, remoteAt: 20 })).toBe('local')
  })
})
