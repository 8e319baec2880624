import { inspect } from 'node:util'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { ExprsnError } from '../errors/exprsn-error.ts'
import { redact } from '../errors/redact.ts'
import { Secret } from './secret.ts'

const text = 'hunter2-is-long-enough'
const secret = new Secret(text)

describe('Secret', () => {
  it('gives its value only when asked', () => {
    expect(secret.reveal()).toBe(text)
    expectTypeOf(new Secret(7).reveal()).toBeNumber()
  })

  it.each([
    ['String', String(secret)],
    ['a template', `${secret}`],
    ['concatenation', `pass: ${secret as unknown as string}` + String(secret)],
    ['JSON', JSON.stringify({ deep: [{ secret }] })],
    ['inspect', inspect({ secret })],
    ['inspect with hidden fields', inspect(secret, { showHidden: true, depth: 9, customInspect: false })],
    ['fields', JSON.stringify(Object.entries(Object.getOwnPropertyDescriptors(secret)))],
    ['a spread', JSON.stringify(Object.assign({}, secret))],
    ['redact', JSON.stringify(redact({ plainName: secret, list: [secret] }))],
    ['an error', JSON.stringify(new ExprsnError({ code: 'X', message: 'x', details: { plainName: secret } }))],
  ])('does not print in %s', (_way, printed) => {
    expect(printed).not.toContain('hunter2')
  })

  it('prints as a mask, also to number and with an own inspector', () => {
    expect([`${secret}`, JSON.stringify(secret), inspect(secret), Number(secret)]).toEqual([
      '[secret]',
      '"[secret]"',
      '[secret]',
      Number.NaN,
    ])
    expect(redact({ plainName: secret })).toEqual({ plainName: '[secret]' })
  })

  it('is recognised across copies by its brand', () => {
    const foreign = { [Symbol.for('@exprsn/secret')]: true, reveal: () => text }
    expect([Secret.is(secret), Secret.is(foreign), Secret.is(text), Secret.is(null), Secret.is({})]).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
    expect(redact([foreign])).toEqual(['[secret]'])
  })
})
