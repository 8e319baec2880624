import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeJson, encodeJson } from './stored-json.ts'

const leaf = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.bigInt(),
  fc.date({ noInvalidDate: true }),
)
const names = fc.string().filter((name) => !['__proto__', 'toJSON', '$n', '$d'].includes(name))
const { value: values } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie('value')),
    fc.dictionary(names, tie('value'), { noNullPrototype: true }),
  ),
}))

describe('stored JSON', () => {
  it('gives back what it was given, amounts and dates at every depth included', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(decodeJson(encodeJson(value))).toEqual(value)
      }),
      { numRuns: 200 },
    )
  })

  it('writes the marks, and leaves out what is undefined', () => {
    const value = { amount: 4990n, at: new Date(5), none: undefined, list: [undefined, 1n], own: { toJSON: () => 7n } }
    expect(encodeJson(value)).toBe('{"amount":{"$n":"4990"},"at":{"$d":5},"list":[null,{"$n":"1"}],"own":{"$n":"7"}}')
  })
})
