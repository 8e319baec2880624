import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allow } from './allow.ts'
import type { Identity } from './identity.ts'

const who = (changes: Partial<Identity> = {}): Identity => ({
  subject: 'u1',
  kind: 'jwt',
  via: 'header',
  roles: ['editor'],
  scopes: ['jobs:read'],
  claims: {},
  ...changes,
})

describe('allow', () => {
  it('takes one of the roles and all of the scopes', () => {
    const rule = allow({ roles: ['admin', 'editor'], scopes: ['jobs:read', 'jobs:write'] })
    expect(rule.explain(who({ roles: [] }), undefined)).toEqual({
      allowed: false,
      reason: 'it takes the role admin or editor',
    })
    expect(rule.explain(who(), undefined)).toEqual({ allowed: false, reason: 'it takes the scope jobs:write' })
    expect(rule.explain(who({ scopes: ['jobs:*'] }), undefined)).toEqual({ allowed: true })
    expect(rule.explain(who({ scopes: ['*'] }), undefined)).toEqual({ allowed: true })
  })

  it('covers scopes below a star, and no others', () => {
    const rule = allow({ scopes: ['jobs:read'] })
    for (const scope of ['job:*', 'jobs', 'jobs:', 'jobs*', 'jobs:rea', 'jobs:readx', ':*', '']) {
      expect(rule.explain(who({ scopes: [scope] }), undefined).allowed, scope).toBe(false)
    }
  })

  it('looks at the resource, and denies where the condition fails, throws or answers anything but true', () => {
    const own = allow<{ owner: string }>({ when: ({ identity, resource }) => resource.owner === identity.subject })
    expect(own.explain(who(), { owner: 'u1' }).allowed).toBe(true)
    expect(own.explain(who(), { owner: 'u2' })).toEqual({ allowed: false, reason: 'its condition does not hold' })
    expect(own.explain(who(), null as never)).toEqual({
      allowed: false,
      reason: 'its condition could not be evaluated',
    })
    const odd = [Promise.resolve(true), 1, {}, undefined, 'a reason', '']
    for (const answer of odd)
      expect(allow({ when: () => answer as boolean }).explain(who(), undefined).allowed).toBe(false)
  })

  it('throws the reason when it is asserted', () => {
    const rule = allow({ roles: ['admin'] })
    expect(() => rule.assert(who(), undefined)).toThrow(
      expect.objectContaining({
        code: 'CORE_AUTH_FORBIDDEN',
        status: 403,
        message: expect.stringContaining('role admin') as string,
      }),
    )
    expect(() => rule.assert(who({ roles: ['admin'] }), undefined)).not.toThrow()
    expect(() => allow({ roles: [] })).toThrow(/empty list/)
  })

  it('never allows less for more roles and scopes', () => {
    const words = fc.array(fc.constantFrom('a', 'b', 'a:b', 'a:*', '*'), { maxLength: 4 })
    fc.assert(
      fc.property(words, words, words, words, (roles, scopes, moreRoles, moreScopes) => {
        const rule = allow({ roles: ['a', 'b'], scopes: ['a:b'] })
        const before = rule.explain(who({ roles, scopes }), undefined).allowed
        const after = rule.explain(
          who({ roles: [...roles, ...moreRoles], scopes: [...moreScopes, ...scopes] }),
          undefined,
        )
        if (before) expect(after.allowed).toBe(true)
      }),
      { numRuns: 200 },
    )
  })
})
