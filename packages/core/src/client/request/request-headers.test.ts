import { describe, expect, it } from 'vitest'
import { isSecretHeader, requestHeaders, withoutSecrets } from './request-headers.ts'

describe('requestHeaders', () => {
  it('joins lists without regard to case; the later wins, undefined takes back', () => {
    expect({
      ...requestHeaders({ Accept: 'a', 'X-One': '1' }, undefined, { accept: ' b ', 'x-one': undefined }),
    }).toEqual({
      accept: 'b',
    })
  })

  it.each([
    ['x', 'a\r\nevil: 1'],
    ['x', 'a\nb'],
    ['x', 'a\0b'],
    ['x', 'a\u010ab'], // becomes a line feed when cut to one byte
    ['x\r\nevil', '1'],
    ['x y', '1'],
    ['', '1'],
    ['x:', '1'],
    ['Host', 'evil.test'],
    ['content-length', '0'],
    ['Transfer-Encoding', 'chunked'],
    ['connection', 'close'],
    ['upgrade', 'h2c'],
    ['expect', '100-continue'],
  ])('refuses %j: %j', (name, value) => {
    expect(() => requestHeaders({ [name]: value })).toThrow(
      expect.objectContaining({ code: 'CORE_CLIENT_HEADER_INVALID' }),
    )
  })

  it('never quotes the value', () => {
    expect(() => requestHeaders({ authorization: 'Bearer s3cr3t\n' })).toThrow(/authorization/)
    expect(() => requestHeaders({ authorization: 'Bearer s3cr3t\n' })).not.toThrow(/s3cr3t/)
  })

  it('refuses what is not text', () => {
    expect(() => requestHeaders({ x: 1 as unknown as string })).toThrow(/not text/)
  })

  it('keeps names of the prototype apart', () => {
    expect(Object.keys(requestHeaders(JSON.parse('{"__proto__": "x"}')))).toEqual(['__proto__'])
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })
})

describe('secrets', () => {
  it.each([
    ['authorization'],
    ['proxy-authorization'],
    ['cookie'],
    ['x-api-key'],
    ['private-token'],
    ['x-amz-security-token'],
    ['x-hub-signature'],
  ])('%s is one', (name) => {
    expect(isSecretHeader(name)).toBe(true)
  })

  it('leaves the rest', () => {
    expect(withoutSecrets({ accept: 'a', authorization: 'b', 'content-type': 'c', 'x-api-key': 'd' })).toEqual({
      accept: 'a',
      'content-type': 'c',
    })
  })
})
