import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { requestUrl } from './request-url.ts'

const base = new URL('https://api.test/v1')
const at = (target: string | URL, query = {}) => requestUrl(target, base, query).href

describe('requestUrl', () => {
  it('puts paths below the path of the base', () => {
    expect(at('users')).toBe('https://api.test/v1/users')
    expect(at('/users')).toBe('https://api.test/v1/users')
    expect(at('users/1?x=1#part')).toBe('https://api.test/v1/users/1?x=1')
    expect(at('')).toBe('https://api.test/v1')
    expect(at('?x=1')).toBe('https://api.test/v1?x=1')
    expect(at('a/../b')).toBe('https://api.test/v1/b')
  })

  it('never lets a path choose the host', () => {
    expect(at('//evil.test/x')).toBe('https://api.test/v1//evil.test/x')
    expect(at('@evil.test/x')).toBe('https://api.test/v1/@evil.test/x')
    fc.assert(
      fc.property(fc.string(), (path) => {
        let url: URL
        try {
          url = requestUrl(`/${path}`, base)
        } catch (error) {
          expect(error).toMatchObject({ code: 'CORE_CLIENT_URL_INVALID' })
          return
        }
        expect(url.origin).toBe('https://api.test')
        expect(url.pathname === '/v1' || url.pathname.startsWith('/v1/')).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it.each([['../admin'], ['users/../../admin'], ['%2e%2e/admin'], ['..'], ['a/..%5c../../x/../../..']])(
    'refuses %j, which leaves the path of the base',
    (path) => {
      expect(() => at(path)).toThrow(expect.objectContaining({ code: 'CORE_CLIENT_URL_INVALID' }))
    },
  )

  it('takes absolute URLs as they are', () => {
    expect(at('http://other.test/x')).toBe('http://other.test/x')
    expect(at(new URL('https://other.test/'))).toBe('https://other.test/')
  })

  it('appends the query, a list as one name several times', () => {
    expect(at('x?a=1', { b: ['2', 3n], c: undefined, d: 'ü & =', e: false })).toBe(
      'https://api.test/v1/x?a=1&b=2&b=3&d=%C3%BC+%26+%3D&e=false',
    )
  })

  it.each([
    ['ftp://a.test/'],
    ['file:///etc/passwd'],
    ['javascript:alert(1)'],
    ['https://user:pass@a.test/'],
    ['https://user@a.test'],
    ['https://'],
  ])('refuses %s without quoting it', (url) => {
    expect(() => at(url)).toThrow(expect.objectContaining({ code: 'CORE_CLIENT_URL_INVALID' }))
    expect(() => at(url)).not.toThrow(/pass@|etc/)
  })

  it('refuses a path when there is no base', () => {
    expect(() => requestUrl('/users', undefined)).toThrow(/not an absolute URL/)
  })
})
