import { describe, expect, it } from 'vitest'
import { checkContentType, type BodyKind } from './content-type.ts'
import { formValues } from './form-values.ts'

const accepts = (kind: BodyKind, type?: string, encoding?: string): boolean => {
  try {
    checkContentType(kind, type, encoding)
    return true
  } catch (error) {
    expect(error).toMatchObject({ code: 'CORE_HTTP_CONTENT_TYPE', status: 415 })
    return false
  }
}

describe('checkContentType', () => {
  it.each<[BodyKind, string | undefined, boolean]>([
    ['json', 'application/json', true],
    ['json', 'Application/JSON ; charset=UTF-8', true],
    ['json', 'application/problem+json', true],
    ['json', 'application/json; boundary=x; charset="utf8"', true],
    ['json', 'application/json; charset=iso-8859-1', false],
    ['json', 'application/x+json+y', false],
    ['json', 'text/json', false],
    ['json', 'application/json, text/plain', false],
    ['json', undefined, false],
    ['form', 'application/x-www-form-urlencoded', true],
    ['form', 'multipart/form-data', false],
    ['text', 'text/markdown', true],
    ['text', 'application/json', false],
    ['bytes', undefined, true],
    ['bytes', 'image/png', true],
  ])('of a %s body with %s: %s', (kind, type, accepted) => {
    expect(accepts(kind, type)).toBe(accepted)
  })

  it('takes no encoded body', () => {
    expect([accepts('bytes', 'image/png', 'gzip'), accepts('json', 'application/json', 'br')]).toEqual([false, false])
    expect([accepts('json', 'application/json', 'identity'), accepts('json', 'application/json', '')]).toEqual([
      true,
      true,
    ])
  })
})

describe('formValues', () => {
  it('lists names that come more than once, and has no prototype', () => {
    const values = formValues('a=1&b=2&a=3&a=&__proto__=x&c')
    expect(Object.entries(values)).toEqual([
      ['a', ['1', '3', '']],
      ['b', '2'],
      ['__proto__', 'x'],
      ['c', ''],
    ])
    expect(Object.getPrototypeOf(values)).toBeNull()
    expect(Object.keys(formValues(''))).toEqual([])
  })

  it('has a limit', () => {
    expect(Object.keys(formValues(Array.from({ length: 1_000 }, (_, index) => `a${index}=`).join('&')))).toHaveLength(
      1_000,
    )
    expect(() => formValues('a&'.repeat(1_001))).toThrow(/1000 fields/)
  })
})
